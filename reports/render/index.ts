import { csv } from './data/csv.js';
import { json } from './data/json.js';
import type { Exporter } from './exporter.js';
import { html } from './html/index.js';
import { markdown } from './text/markdown.js';
import { terminal } from './text/terminal.js';

/** Every format of reports, the default first. */
export const exporters = [html, markdown, terminal, csv, json] as const satisfies readonly Exporter[];

export type FormatId = (typeof exporters)[number]['id'];
