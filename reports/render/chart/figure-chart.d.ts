import type { Chart, ChartConfiguration } from 'chart.js';
import type { FigureLayout, PanelLayout } from '../figure/types.js';

/** Colours of a drawing, as CSS writes them. */
export interface Palette {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly faint: string;
  readonly page: string;
  readonly series: readonly string[];
}

/** The numbers that the axis of a panel shows. */
export interface View {
  readonly min: number;
  readonly max: number;
  readonly log: boolean;
}

export function ticksOf(axis: {
  readonly min: number;
  readonly max: number;
  /** Pixels. */
  readonly room: number;
  readonly divisor: number;
  readonly log: boolean;
}): { readonly value: number; readonly label: string }[];

export function scaleOf(
  layout: FigureLayout,
  panel: PanelLayout,
  view: View,
): { readonly min: number; readonly max: number };

export function chartOf(
  layout: FigureLayout,
  palette: Palette,
  options?: { readonly details?: readonly (readonly (readonly string[])[])[]; readonly pixelRatio?: number },
): ChartConfiguration;

export function registerFigures(chart: typeof Chart): void;
