import type { Comparison } from '../../model/comparison.js';
import type { ExportOptions } from '../exporter.js';

/** A format of comparisons: one file, and one line in `comparisonExporters`. */
export interface ComparisonExporter<Id extends string = string> {
  /** The value of `--format`. */
  readonly id: Id;
  readonly extension: string;
  /** Pure: the same comparison and options give the same text. Rejects only when the assets cannot be read. */
  render(comparison: Comparison, options: Pick<ExportOptions, 'width' | 'assets'>): string | Promise<string>;
}
