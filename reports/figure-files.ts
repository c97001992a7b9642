import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FigureExhibit, Report, ScatterExhibit } from './model/document.js';
import type { Assets } from './render/exporter.js';
import type { FigureFormat } from './render/figure/formats.js';
import { layoutFigure } from './render/figure/layout.js';
import { layoutScatter } from './render/figure/scatter-layout.js';
import type { ScatterLayout } from './render/figure/scatter-types.js';
import type { FigureLayout } from './render/figure/types.js';
import { figureFileName } from './render/figure/file-name.js';
import { renderSvgFile } from './render/svg/file.js';

export interface FigureFiles {
  readonly folder: string;
  readonly formats: readonly FigureFormat[];
  readonly widthMm: number;
  /** Of PNG. */
  readonly dpi: number;
}

/** A figure that needs what is not there. */
export class FigureError extends Error {
  override readonly name = 'FigureError';
}

const POINTS_PER_MM = 72 / 25.4;
/** The size that 12 pixels of a layout have in a file: 7 points, the smallest that journals accept. */
const POINTS_PER_PIXEL = 7 / 12;

/**
 * Writes every figure of a report into files, and returns their paths. Makes the folder. Rejects with a `FigureError` where
 * PNG or PDF cannot be drawn on this system, and with the system's own error where a file cannot be written.
 */
export async function writeFigures(report: Report, assets: Assets, files: FigureFiles): Promise<readonly string[]> {
  await mkdir(files.folder, { recursive: true });
  const figures = report.exhibits.filter(
    (exhibit): exhibit is FigureExhibit | ScatterExhibit => exhibit.kind !== 'table',
  );
  const width = Math.round((files.widthMm * POINTS_PER_MM) / POINTS_PER_PIXEL);
  const paths: string[] = [];
  for (const exhibit of figures) {
    const layout =
      exhibit.kind === 'figure'
        ? layoutFigure(exhibit.figure, { width, legend: true })
        : layoutScatter(exhibit.scatter, width);
    if (layout.form === 'scatter' && layout.points.length === 0) continue;
    for (const format of files.formats) {
      const path = join(files.folder, `${figureFileName(exhibit)}.${format}`);
      await writeFile(path, await draw(format, layout, assets, files));
      paths.push(path);
    }
  }
  return paths;
}

async function draw(
  format: FigureFormat,
  layout: FigureLayout | ScatterLayout,
  { fonts }: Assets,
  { widthMm, dpi }: FigureFiles,
): Promise<string | Buffer> {
  if (format === 'svg') return renderSvgFile(layout, widthMm, fonts);
  const canvas = await import('./figure-canvas.js').catch((error: unknown) => {
    const found = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new FigureError(found, { cause: error });
  });
  if (format === 'pdf') return canvas.drawPdf(layout, widthMm * POINTS_PER_MM);
  return canvas.drawPng(layout, Math.round((widthMm / 25.4) * dpi), dpi);
}
