import type { Comparison } from '../../model/comparison.js';
import { jsonLines } from '../data/json.js';
import type { ComparisonExporter } from './exporter.js';

/** The comparison itself, one item of a list a line. */
export const comparisonJson: ComparisonExporter<'json'> = {
  id: 'json',
  extension: 'json',
  render: (comparison: Comparison) => jsonLines(comparison),
};
