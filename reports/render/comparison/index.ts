import { comparisonCsv } from './csv.js';
import type { ComparisonExporter } from './exporter.js';
import { comparisonHtml } from './html.js';
import { comparisonJson } from './json.js';
import { comparisonMarkdown } from './markdown.js';
import { comparisonText } from './text.js';

/** Every format of comparisons, the default first. */
export const comparisonExporters = [
  comparisonText,
  comparisonHtml,
  comparisonMarkdown,
  comparisonJson,
  comparisonCsv,
] as const satisfies readonly ComparisonExporter[];

export type ComparisonFormat = (typeof comparisonExporters)[number]['id'];
