/**
 * The folders of `reports/`, lowest first. A folder imports only from those above it in this list, types included; no two
 * import each other. `render/` is apart: it draws a finished report and knows its types and the wording only.
 */
export const reportLayers = [
  { folder: 'statistics', holds: 'arithmetic of samples: intervals, tests, power' },
  { folder: 'model', holds: 'the types of a report, which are also those of its JSON' },
  { folder: 'reference', holds: 'published values, claims and marks, as data' },
  { folder: 'narrative', holds: 'wording: formats of numbers, notes, headlines, titles' },
  { folder: 'read', holds: 'stored runs to trials, samples and systems' },
  { folder: 'redact', holds: 'runs and reports without what identifies machines and people' },
  { folder: 'analysis', holds: 'samples to cells: series, ratios, verdicts, noise floors, differences' },
  { folder: 'compare', holds: 'two sets of runs compared, and judged by thresholds' },
  { folder: 'claims', holds: 'sentences of the paper as comparisons, and their verdicts' },
  { folder: 'exhibits', holds: 'definitions of tables and figures, and what builds them of cells' },
] as const;

/** What `reports/render/` may import of the rest of `reports/`. */
export const renderMayImport: readonly string[] = ['model', 'narrative'];

/** What imports all of these: the way from runs to a report, and to files. */
export const reportTop: readonly string[] = [
  'report.ts',
  'index.ts',
  'writer.ts',
  'site-writer.ts',
  'figure-files.ts',
  'figure-canvas.ts',
];
