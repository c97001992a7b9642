import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import type { Chart, ChartItem } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { PDFDocument } from '@napi-rs/canvas';
import { chartOf, registerFigures } from './render/chart/figure-chart.js';
import { LIGHT } from './render/figure/palette.js';
import { registerScatter, scatterChartOf } from './render/chart/scatter-chart.js';
import type { ScatterLayout } from './render/figure/scatter-types.js';
import type { FigureLayout } from './render/figure/types.js';

// Imported only when a figure is drawn: the import fails where the canvas has no binary for this system.

const FAMILY = 'IBM Plex Sans';
const WEIGHTS = [400, 600] as const;
/** Of a PNG's header: signature and the chunk IHDR. */
const HEADER = 33;

type Drawing = FigureLayout | ScatterLayout;

function configOf(layout: Drawing, pixelRatio: number): ReturnType<typeof chartOf> {
  return layout.form === 'bars'
    ? chartOf(layout, LIGHT, { pixelRatio })
    : scatterChartOf(layout, LIGHT, { pixelRatio });
}

/** A figure as PNG, drawn by Chart.js: `pixels` wide, and stating `dpi`. The same figure gives the same bytes. */
export async function drawPng(layout: Drawing, pixels: number, dpi: number): Promise<Buffer> {
  const { canvas } = prepare(layout);
  // Chart.js rounds down.
  const config = configOf(layout, (pixels + 0.01) / layout.width);
  return withResolution(await canvas.renderToBuffer(config), dpi);
}

/** A figure as a PDF of one page, `points` wide, of lines and text, drawn by Chart.js. The same figure gives the same bytes. */
export function drawPdf(layout: Drawing, points: number): Buffer {
  const { chart: OwnChart } = prepare(layout);
  const pixelRatio = points / layout.width;
  const pdf = new PDFDocument({ title: layout.title });
  const context = pdf.beginPage(points, layout.height * pixelRatio);
  // A page of a PDF has a context and no canvas, from which Chart.js takes both.
  const canvas = { getContext: () => context, width: layout.width, height: layout.height, style: {} };
  Object.defineProperty(context, 'canvas', { value: canvas });
  new OwnChart(canvas as ChartItem, configOf(layout, pixelRatio)).destroy();
  pdf.endPage();
  return pdf.close();
}

/** A canvas of the size of a figure and its own Chart.js, with error bars, figures and the font registered. */
function prepare({ width, height }: Drawing): { canvas: ChartJSNodeCanvas; chart: typeof Chart } {
  const found: (typeof Chart)[] = [];
  const canvas = new ChartJSNodeCanvas({
    ...{ width, height },
    plugins: { requireLegacy: ['chartjs-chart-error-bars'] },
    chartCallback: (chart) => {
      registerFigures(chart);
      registerScatter(chart);
      found.push(chart);
    },
  });
  const require = createRequire(import.meta.url);
  for (const weight of WEIGHTS) {
    const path = require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`);
    canvas.registerFont(path, { family: FAMILY });
  }
  const [chart] = found;
  if (chart === undefined) throw new Error('Chart.js was not loaded');
  return { canvas, chart };
}

/** The chunk pHYs, pixels a metre, after the header: https://www.w3.org/TR/png/#11pHYs. */
function withResolution(png: Buffer, dpi: number): Buffer {
  const chunk = Buffer.alloc(21);
  const perMetre = Math.round(dpi / 0.0254);
  chunk.writeUInt32BE(9, 0);
  chunk.write('pHYs', 4, 'latin1');
  chunk.writeUInt32BE(perMetre, 8);
  chunk.writeUInt32BE(perMetre, 12);
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, HEADER), chunk, png.subarray(HEADER)]);
}
