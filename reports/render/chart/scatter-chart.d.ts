import type { Chart, ChartConfiguration } from 'chart.js';
import type { ScatterLayout } from '../figure/scatter-types.js';
import type { Palette } from './figure-chart.js';

export function cornersOf(series: number | null): readonly (readonly [number, number])[];

export function scatterChartOf(
  layout: ScatterLayout,
  palette: Palette,
  options?: { readonly details?: unknown; readonly pixelRatio?: number },
): ChartConfiguration;

export function registerScatter(chart: typeof Chart): void;
