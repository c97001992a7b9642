/**
 * Reports: records in, documents out. Everything here is pure but `loadAssets`, `loadScript`, `writeReport`, `writeFigures` and what
 * `site-writer.ts` exports, which are
 * all of this folder's I/O.
 */
export { fitsNoise, type NoiseSource } from './analysis/noise-floors.js';
export { buildReport, type ReportOptions } from './report.js';
export type { RequestedBaseline } from './read/baselines.js';
export { compareRuns, type ComparisonOptions } from './compare/compare.js';
export type { SideRuns } from './compare/sides.js';
export { judgeComparison } from './compare/judge.js';
export { namesOfSide } from './compare/sides.js';
export { fits, type Policy } from './compare/policy.js';
export { describeViolation } from './narrative/comparison.js';
export type { ComparisonFormat } from './render/comparison/index.js';
export type { Comparison } from './model/comparison.js';
export { readRules, type DifferenceRule } from './analysis/differences/rule.js';
export { trialsNeeded, type Needed } from './analysis/detect.js';
export { exhibits } from './exhibits/index.js';
export type { Identifying } from './redact/pseudonyms.js';
export { makeRedactor, type Redactor } from './redact/runs.js';
export { FigureError, writeFigures } from './figure-files.js';
export type { FigureFormat } from './render/figure/formats.js';
export { references, referenceById } from './reference/index.js';
export { renderCsv } from './render/data/csv.js';
export { reportJsonSchema } from './render/data/json-schema.js';
export { renderJson } from './render/data/json.js';
export { renderHtml } from './render/html/page.js';
export { exporters, type FormatId } from './render/index.js';
export { renderMarkdown } from './render/text/markdown.js';
export { renderBrief } from './render/text/brief.js';
export { renderNoise, renderTerminal } from './render/text/terminal.js';
export { loadAssets, loadScript, writeReport } from './writer.js';
export { findSite, loadSiteAssets, readDigest, SiteWriter, type SiteManifest } from './site-writer.js';
export { digestOf } from './site/digest.js';
export { sitePages } from './site/pages.js';
export type { RunDigest } from './site/model.js';
export type { Assets, Exporter, ExportOptions } from './render/exporter.js';
export type { ClaimResult, Exhibit, Report } from './model/document.js';
export type { Verdict } from './model/states.js';
export type { Cell, System, Trial } from './model/types.js';
