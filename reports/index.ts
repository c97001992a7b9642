/**
 * Reports: records in, documents out. Everything here is pure but `loadAssets` and `writeReport`, which are all of this
 * folder's I/O.
 */
export { fitsNoise, type NoiseSource } from './noise-floors.js';
export { buildReport, type ReportOptions } from './report.js';
export { readRules, type DifferenceRule } from './differences/rule.js';
export { trialsNeeded, type Needed } from './resolve.js';
export { exhibits } from './exhibits/index.js';
export { references, referenceById } from './reference/index.js';
export { renderCsv } from './render/csv.js';
export { renderHtml, type HtmlOptions } from './render/html.js';
export { renderJson, reportJsonSchema } from './render/json.js';
export { renderMarkdown } from './render/markdown.js';
export { renderNoise, renderTerminal, type TerminalOptions } from './render/terminal.js';
export { loadAssets, writeReport } from './writer.js';
export type { Assets } from './render/assets.js';
export type { ClaimResult, Exhibit, Report } from './document.js';
export type { Cell, System, Trial, Verdict } from './types.js';
