import type { Exhibit, FigureExhibit, Report, TableExhibit, TableRow } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import {
  describeTool,
  formatCenter,
  formatInstant,
  formatPoints,
  formatPointsInterval,
  formatInterval,
  formatPublished,
  formatRatio,
  formatRatioInterval,
  rowScale,
  type Scale,
} from '../../narrative/format.js';
import { groupLine } from '../../narrative/groups.js';
import { describeExhibitNote } from '../../narrative/notes.js';
import { impreciseRatioText, precisionText } from '../../narrative/precision.js';
import { describeSize } from '../../narrative/size.js';
import type { Exporter } from '../exporter.js';
import { figureLines, RELATIVE_HEADING } from '../view/figure.js';
import { floorText, labelsOf } from '../view/rows.js';
import {
  differencesLine,
  differencesSection,
  noiseSection,
  orderSection,
  simultaneitySection,
  trialSection,
  classTable,
} from './markdown-sections.js';
import { table, text } from './markdown-text.js';
import { scatterSection } from './scatter.js';
import { paperSection } from './paper.js';

export const markdown: Exporter<'md'> = {
  id: 'md',
  mediaType: 'text/markdown',
  extension: 'md',
  output: 'stdout',
  render: renderMarkdown,
};

/** The report as GitHub-flavoured Markdown: headlines, exhibits, claims, whole suites, irregular trials, provenance. */
export function renderMarkdown(report: Report): string {
  if (report.publishedOnly) return `# ${text(report.title)}\n\n${paperSection(report)}\n`;
  const parts = [
    `# ${text(report.title)}`,
    subtitle(report),
    report.partial === null ? '' : `**Partial.** ${text(report.partial)}`,
    report.emulated.banner === null ? '' : `**Emulated machines.** ${text(report.emulated.banner)}`,
    differencesLine(report),
    `**${report.comparable.verdict === 'yes' ? 'Comparable with the paper' : 'Read with care'}.** ${text(report.comparable.why)}`,
    report.precision.statement === null ? '' : `**Precision.** ${text(report.precision.statement)}`,
    report.floors === null ? '' : text(report.floors.statement),
    report.headlines.map((line) => `- ${text(line)}`).join('\n'),
    ...sections(report, 'exhibit'),
    paperSection(report),
    claimSection(report),
    simultaneitySection(report),
    orderSection(report),
    noiseSection(report),
    differencesSection(report),
    ...sections(report, 'suite'),
    trialSection(report),
    provenanceSection(report),
    methodSection(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sections(report: Report, role: Exhibit['role']): string[] {
  return report.exhibits.filter((exhibit) => exhibit.role === role).map((exhibit) => sectionOf(exhibit, report));
}

function sectionOf(exhibit: Exhibit, report: Report): string {
  if (exhibit.kind === 'scatter') return scatterSection(exhibit);
  return exhibit.kind === 'figure' ? figureSection(exhibit, report) : tableSection(exhibit, report);
}

function subtitle(report: Report): string {
  const systems = report.systems
    .map((system) => `${system.label} (${system.origin}, ${describeSize(system)})`)
    .join(', ');
  const when = report.measuredFrom === null ? '' : ` Trials from ${formatInstant(report.measuredFrom)}.`;
  return `${text(systems)}.${text(when)}`;
}

function tableSection(exhibit: TableExhibit, report: Report): string {
  const systems = exhibit.columns.flatMap((key) => report.systems.find((system) => system.key === key) ?? []);
  const isRequest = exhibit.quantity === 'request';
  const labels = labelsOf(exhibit.rows);
  const hasPaper = (column: number): boolean =>
    exhibit.rows.some(({ cells }) =>
      (cells[column] ?? []).some((at) => (report.cells[at]?.published ?? null) !== null),
    );
  const header = [
    'Metric',
    ...systems.flatMap((system, column) => [
      text(system.label),
      ...(isRequest ? ['points off'] : system.baseline ? [] : ['ratio']),
      ...(hasPaper(column)
        ? [text(system.counterpart === null ? 'paper' : `paper: ${system.counterpart.column}`)]
        : []),
    ]),
    ...exhibit.publishedColumns.map((column) => `${text(column)} (published)`),
  ];
  const rows = exhibit.rows.map((row, index) => {
    const cells = row.cells.map((at) => at.flatMap((index) => report.cells[index] ?? []));
    const scale = rowScale(
      row.unit,
      cells.flat(),
      row.published.map((published) => published.value),
    );
    const own = systems.flatMap((system, column) => {
      const several = cells[column] ?? [];
      const join = (write: (cell: Cell) => string): string => several.map(write).join('<br>');
      return [
        join((cell) => measured(cell, scale)),
        ...(isRequest ? [join(off)] : system.baseline ? [] : [join(ratio)]),
        ...(hasPaper(column) ? [join((cell) => nextToMean(cell, scale))] : []),
      ];
    });
    return [
      `${text(labels[index] ?? '')}${scale.label === '' ? '' : ` (${scale.label})`}`,
      ...own,
      ...published(row, scale),
    ];
  });
  const omitted = exhibit.notMeasured.map((metric) => text(metric)).join(', ');
  return [
    `## ${text(exhibit.title)}`,
    text(exhibit.caption),
    table(header, rows),
    omitted === '' ? '' : `Not measured by any of these trials: ${omitted}.`,
    remarks(exhibit, report),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Groups of systems, and notes. */
function remarks({ groups, notes }: Exhibit, { systems }: Report): string {
  const lines = [...groups.map((group) => groupLine(group, systems)), ...notes.map(describeExhibitNote)];
  return lines.map((line) => `- ${text(line)}`).join('\n');
}

/** A figure as the table of its numbers. */
function figureSection(exhibit: FigureExhibit, report: Report): string {
  const bracketed = (value: string, interval: string): string => (interval === '' ? value : `${value} [${interval}]`);
  const rows = figureLines(exhibit, report).map((line) => {
    const head = [text(line.metric), text(line.system)];
    if (line.absent !== '') {
      return [
        ...head,
        line.state === 'published' || line.state === 'stated'
          ? text(line.absent)
          : `*${line.state}*: ${text(line.absent)}`,
        '',
        '',
      ];
    }
    const mean = `${bracketed(line.mean, line.interval)}${line.tool === '' ? '' : `, ${text(line.tool)}`}`;
    const count = line.precision === '' ? line.n : line.precision;
    const relative = bracketed(line.relative, line.relativeInterval);
    return [...head, mean, count, line.impreciseRatio === '' ? relative : `${relative}, ${line.impreciseRatio}`];
  });
  const header = [
    'Metric',
    'System',
    'Mean [95 %]',
    'n',
    `${RELATIVE_HEADING[exhibit.quantity] === 'Relative' ? 'Relative performance' : RELATIVE_HEADING[exhibit.quantity]} [95 %]`,
  ];
  return [`## ${text(exhibit.title)}`, text(exhibit.caption), table(header, rows), remarks(exhibit, report)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function measured(cell: Cell, scale: Scale): string {
  if (cell.center === null) return `*${cell.state}*: ${text(cell.why ?? '')}`;
  const interval = cell.low === null || cell.high === null ? '' : ` [${formatInterval(cell.low, cell.high, scale)}]`;
  const imprecise = precisionText(cell);
  const count = imprecise !== '' ? `, ${imprecise}` : cell.n === null ? '' : `, n = ${cell.n}`;
  const tool = cell.tool === null ? '' : `, ${text(describeTool(cell.tool))}`;
  return `${formatCenter(cell, cell.center, scale)}${interval}${count}${tool}`;
}

function ratio(cell: Cell): string {
  if (cell.ratio === null) return '';
  const interval =
    cell.ratioLow === null || cell.ratioHigh === null ? '' : ` [${formatRatioInterval(cell.ratioLow, cell.ratioHigh)}]`;
  const marks = [impreciseRatioText(cell), floorText(cell)].filter((mark) => mark !== '');
  return `${formatRatio(cell.ratio)}${interval}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
}

/** Points off the request; bold where the share was not achieved. */
function off({ request }: Cell): string {
  if (request === null) return '';
  const { deviation, low, high, beyond } = request;
  const interval = low === null || high === null ? '' : ` [${formatPointsInterval(low, high)}]`;
  return `${emphasized(formatPoints(deviation), beyond)}${interval}`;
}

function emphasized(value: string, beyond: boolean): string {
  return beyond ? `**${value}**` : value;
}

function nextToMean(cell: Cell, scale: Scale): string {
  if (cell.published === null) return '';
  const ratioText = cell.publishedRatio === null ? '' : ` (${formatRatio(cell.publishedRatio)})`;
  return `${formatPublished(cell.published, scale)}${ratioText}, ${cell.verdict}`;
}

function published(row: TableRow, scale: Scale): string[] {
  return row.published.map(({ value, ratio: relative, request }) => {
    if (value === null) return '';
    const printed = formatPublished(value, scale);
    if (request !== null) return `${printed} (${emphasized(formatPoints(request.deviation), request.beyond)})`;
    return `${printed}${relative === null ? '' : ` (${formatRatio(relative)})`}`;
  });
}

function claimSection(report: Report): string {
  if (report.claims.length === 0) return '';
  const rows = report.claims.map(({ where, page, text: sentence, verdict, why, interpretation, paper }) => [
    text(`${where}${page === null ? '' : `, p. ${page}`}: ${sentence}`),
    verdict,
    text(why),
    text(interpretation),
    paper.verdict === 'contradicted' ? text(`disagrees: ${paper.why}`) : paper.verdict,
  ]);
  const head = ['Claim', 'Verdict', 'Why', 'Read as', 'The paper’s own numbers'];
  return `## Claims of the paper\n\n${table(head, rows)}${classTable(report)}`;
}

function methodSection(report: Report): string {
  const { statement, paragraphs } = report.provenance.statistics.method;
  const details = paragraphs.map((paragraph) => `**${text(paragraph.title)}.** ${text(paragraph.text)}`);
  return ['## Method', text(statement), ...details].join('\n\n');
}

function provenanceSection(report: Report): string {
  const { runs, tools } = report.provenance;
  const runRows = runs.map((run) => [run.run, run.created, run.profile, String(run.seed), run.planHash].map(text));
  const toolRows = tools.map((tool) =>
    [tool.system, tool.suite, tool.name, tool.origin, tool.version ?? '', tool.linkage ?? '', tool.path].map(text),
  );
  return [
    '## Provenance',
    table(['Run', 'Created', 'Profile', 'Seed', 'Plan (SHA-256)'], runRows),
    toolRows.length === 0 ? '' : table(['System', 'Suite', 'Tool', 'Origin', 'Version', 'Linkage', 'Path'], toolRows),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
