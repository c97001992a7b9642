import type { Comparison } from '../../model/comparison.js';
import { COMPARISON_METHOD, comparisonWarnings, summarizeComparison } from '../../narrative/comparison.js';
import { plainLine } from '../../narrative/format.js';
import { align, blocksOf, wrap, type Column } from '../text/columns.js';
import type { ComparisonExporter } from './exporter.js';
import { configurationGroups, configurationLead } from './configuration.js';
import { oneSidedLines, unlikeLines, type GroupLine } from './groups.js';
import { markLegend, noteLines, rowLine, runLines, type RowLine } from './view.js';

export const comparisonText: ComparisonExporter<'text'> = {
  id: 'text',
  extension: 'txt',
  render: (comparison, { width }) => renderComparisonText(comparison, width),
};

/** Plain aligned text of at most `width` columns where its words allow: no colours, no control characters. */
function renderComparisonText(comparison: Comparison, width: number): string {
  const parts = [
    sideLines(comparison, width),
    ...comparisonWarnings(comparison).map((line) => wrapped(line, width)),
    wrapped(summarizeComparison(comparison), width),
    configurationText(comparison, width),
    rowsText(comparison, width),
    groupText('Only on one side', oneSidedLines(comparison), width),
    groupText('Not comparable', unlikeLines(comparison), width),
    wrapped(COMPARISON_METHOD, width),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sideLines({ sides }: Comparison, width: number): string {
  const of = (name: string, lines: readonly string[]): string[] =>
    lines.flatMap((line, at) => indented(line, width, at === 0 ? `${name}  ` : '   '));
  return [...of('A', runLines(sides.a)), ...of('B', runLines(sides.b))].join('\n');
}

function configurationText(comparison: Comparison, width: number): string {
  const groups = configurationGroups(comparison).map((group) => {
    if (group.class === 'by design') {
      return indented(group.rows.map(({ path }) => path).join(', '), width, `${group.title}: `).join('\n');
    }
    const lines = group.rows.flatMap(({ path, a, b, why, systems }) => {
      const where = systems === '' ? '' : ` [${systems}]`;
      return indented(`${path}: ${a} -> ${b} (${why})${where}`, width, '  ', '    ');
    });
    return [`${group.title}:`, ...lines].join('\n');
  });
  return ['CONFIGURATION', wrapped(configurationLead(comparison), width), ...groups].join('\n\n');
}

const SHORT = { 'no difference shown': 'no difference' } as const;

function rowsText(comparison: Comparison, width: number): string {
  const rows = comparison.rows.map(rowLine);
  if (rows.length === 0) return '';
  const room = Math.max(...rows.map(({ metric }) => metric.length));
  const several = comparison.pairs.length > 1;
  const labels: Column = {
    head: ['', ''],
    cells: rows.map(({ metric, system }) => (several ? `${metric.padEnd(room)}  ${system}` : metric)),
  };
  const marks = Math.max(...rows.map(({ mark }) => mark.length));
  const column = (head: readonly [string, string], write: (row: RowLine) => string): Column => ({
    head,
    cells: rows.map(write),
  });
  const columns = [
    column(['', 'B is'], ({ verdict }) => (verdict === 'no difference shown' ? SHORT[verdict] : verdict)),
    column(['B / A', 'ratio [95 %]'], ({ ratio, interval, mark }) => {
      const text = interval === '' ? ratio : `${ratio} [${interval.replaceAll(' ', '')}]`;
      return marks === 0 ? text : `${text} ${mark.padEnd(marks)}`;
    }),
    column(['p', '(Holm)'], ({ p }) => (p === '' ? '-' : p)),
    column(['n', 'A, B'], ({ n }) => n),
    column(['mean', 'A'], ({ a, unit }) => `${a} ${unit}`.trim()),
    column(['mean', 'B'], ({ b, unit }) => `${b} ${unit}`.trim()),
    ...(rows.some(({ floor }) => floor !== '')
      ? [column(['noise', 'floor'], ({ floor }) => (floor === '' ? '-' : floor))]
      : []),
  ];
  const below = [markLegend(rows), ...noteLines(comparison)].filter((line) => line !== '');
  return [
    'METRICS, the largest differences first',
    ...blocksOf(labels, columns, width).map((block) => align([labels, ...block])),
    ...(below.length === 0 ? [] : [below.flatMap((line) => indented(line, width, '', '  ')).join('\n')]),
  ].join('\n\n');
}

function groupText(title: string, lines: readonly GroupLine[], width: number): string {
  if (lines.length === 0) return '';
  const items = lines.flatMap(({ side, system, benchmark, metrics, why }) =>
    indented(`${side === '' ? '' : `${side}: `}${benchmark} of ${system} (${metrics}): ${why}`, width, '  ', '    '),
  );
  return [title.toUpperCase(), items.join('\n')].join('\n\n');
}

function wrapped(text: string, width: number): string {
  return wrap(text, width).join('\n');
}

/** Lines with an indentation, which differs from the second line on. */
function indented(text: string, width: number, first: string, rest = ' '.repeat(first.length)): string[] {
  const lines = wrap(plainLine(text), width - Math.max(first.length, rest.length));
  return lines.map((line, at) => `${at === 0 ? first : rest}${line}`);
}
