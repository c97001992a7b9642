import type { Comparison } from '../../model/comparison.js';
import { COMPARISON_METHOD, comparisonWarnings, summarizeComparison } from '../../narrative/comparison.js';
import { table, text } from '../text/markdown-text.js';
import type { ComparisonExporter } from './exporter.js';
import { configurationGroups, configurationLead } from './configuration.js';
import { oneSidedLines, unlikeLines, type GroupLine } from './groups.js';
import { markLegend, noteLines, rowLine, runLines } from './view.js';

/** GitHub-flavoured Markdown. */
export const comparisonMarkdown: ComparisonExporter<'md'> = {
  id: 'md',
  extension: 'md',
  render: renderComparisonMarkdown,
};

function renderComparisonMarkdown(comparison: Comparison): string {
  const { sides } = comparison;
  const parts = [
    '# Comparison',
    `**${text(summarizeComparison(comparison))}**`,
    ...comparisonWarnings(comparison).map((line) => `**Read this first.** ${text(line)}`),
    [
      ...runLines(sides.a).map((line) => `- A: ${text(line)}`),
      ...runLines(sides.b).map((line) => `- B: ${text(line)}`),
    ].join('\n'),
    configurationSection(comparison),
    rowsSection(comparison),
    groupSection('Only on one side', oneSidedLines(comparison)),
    groupSection('Not comparable', unlikeLines(comparison)),
    `## Method\n\n${text(COMPARISON_METHOD)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function configurationSection(comparison: Comparison): string {
  const groups = configurationGroups(comparison).map((group) => {
    if (group.class === 'by design') return `${group.title}: ${group.rows.map(({ path }) => text(path)).join(', ')}.`;
    const rows = group.rows.map(({ path, a, b, why, systems }) => [path, a, b, why, systems].map(text));
    return `${group.title}:\n\n${table(['Property', 'A', 'B', 'Why', 'Systems'], rows)}`;
  });
  return ['## Configuration', text(configurationLead(comparison)), ...groups].join('\n\n');
}

function rowsSection(comparison: Comparison): string {
  const rows = comparison.rows.map(rowLine);
  if (rows.length === 0) return '';
  const header = ['Metric', 'System', 'B is', 'B / A', '95 %', 'p (Holm)', 'n', 'A', 'B', 'Noise floor'];
  const lines = rows.map((row) =>
    [row.metric, row.system, row.verdict, `${row.ratio} ${row.mark}`.trim(), row.interval, row.p, row.n]
      .concat([`${row.a} ${row.unit}`.trim(), `${row.b} ${row.unit}`.trim(), row.floor])
      .map(text),
  );
  const below = [markLegend(rows), ...noteLines(comparison)].filter((line) => line !== '');
  return [
    '## Metrics, the largest differences first',
    table(header, lines),
    ...(below.length === 0 ? [] : [below.map((line) => `- ${text(line)}`).join('\n')]),
  ].join('\n\n');
}

function groupSection(title: string, lines: readonly GroupLine[]): string {
  if (lines.length === 0) return '';
  const rows = lines.map(({ side, system, benchmark, metrics, why }) =>
    [...(side === '' ? [] : [side]), system, benchmark, metrics, why].map(text),
  );
  const header = [...(lines[0]?.side === '' ? [] : ['Side']), 'System', 'Benchmark', 'Metrics', 'Why'];
  return `## ${title}\n\n${table(header, rows)}`;
}
