import Handlebars from 'handlebars';
import type { Report, TableExhibit, TableRow } from '../../model/document.js';
import { baselineOf, baselinesAmong } from '../../narrative/baselines.js';
import { shortTitle } from '../../narrative/headline-figures.js';
import type { ToolUse } from '../../model/tool.js';
import type { Cell, System } from '../../model/types.js';
import { formatPoints, formatPublished, formatRatio, plainLine, rowScale } from '../../narrative/format.js';
import { describeExhibitNotes } from '../../narrative/notes.js';
import { PHONE_WIDTH } from '../figure/columns.js';
import { renderDotPlot } from '../svg/dot-plot.js';
import { seriesClass } from '../svg/patterns.js';
import type { PageContext } from './page-context.js';
import { describeSize } from '../../narrative/size.js';
import { groupsView } from './view-groups.js';
import type { TrialLinks } from './trial-links.js';
import { cellView, CELL_VERDICTS } from './view-cell.js';
import { verdictClass } from './view-head.js';

interface Group {
  readonly system: System;
  readonly hasRatio: boolean;
  /** Shows the deviation from the requested share instead of a ratio. */
  readonly hasRequest: boolean;
  /** Index of its configuration's published column; -1 where there is none. */
  readonly publishedAt: number;
  readonly hasPaper: boolean;
  /** Whose tools produced all numbers of the column, when they are of one kind. */
  readonly tools: string | undefined;
}

/** Data of a table for the templates: two header rows, rows of formatted text, the plot and the notes. */
export function tableView(exhibit: TableExhibit, report: Report, page: PageContext): Record<string, unknown> {
  const { links, shown } = page;
  const groups = exhibit.columns.flatMap((key, column): Group[] => {
    const system = report.systems.find((candidate) => candidate.key === key);
    if (system === undefined) return [];
    const cells = exhibit.rows.flatMap((row) => cellsOf(row, column, report));
    const hasPaper = system.origin !== 'published' && cells.some((cell) => cell.published !== null);
    const hasRequest = exhibit.quantity === 'request';
    const publishedAt = exhibit.publishedConfigurations.findIndex((name) => name === system.counterpart?.column);
    const hasRatio = !hasRequest && !system.baseline;
    return [{ system, hasRatio, hasRequest, publishedAt, hasPaper, tools: sameOrigin(cells) }];
  });
  const withSystem = groups
    .filter(({ hasPaper, system }) => hasPaper || system.origin === 'published')
    .map((group) => group.publishedAt);
  const alone = exhibit.publishedColumns
    .map((column, at) => ({ column, at }))
    .filter(({ at }) => !withSystem.includes(at));
  const folded = shown.many && groups.length > 4;
  const span = 1 + alone.length + groups.reduce((sum, group) => sum + spanOf(group), 0);
  return {
    isFigure: false,
    folded,
    common: folded ? commonHead(groups, report.systems) : '',
    span: folded ? 1 + alone.length + groups.length : span,
    meanTitle: exhibit.quantity === 'request' ? 'Achieved' : 'Mean',
    role: exhibit.role,
    short:
      exhibit.role === 'suite'
        ? (exhibit.suites[0] ?? exhibit.workloads[0] ?? '')
        : plainLine(shortTitle(exhibit.title)),
    id: exhibit.id,
    title: plainLine(exhibit.title),
    caption: plainLine(exhibit.caption),
    groups: groups.map((group) => ({
      ...groupView(group, exhibit, report),
      ...(folded && commonHead(groups, report.systems) !== '' ? { about: '', tools: '' } : {}),
      own: shown.of(group.system.key),
    })),
    alone: alone.map(({ column }) => column),
    rows: exhibit.rows.map((row) =>
      rowView(row, groups, alone, { report, links, of: folded ? shown.of : () => '' }, folded),
    ),
    ...groupsView(exhibit, report.systems),
    notes: describeExhibitNotes(exhibit.notes).map(plainLine),
    omittedCount: exhibit.notMeasured.length,
    omitted: exhibit.notMeasured.map(plainLine).join(', '),
    plot: plotOf(exhibit, `plot-${exhibit.id}`, { of: shown.of }),
    phone: plotOf(exhibit, `phone-${exhibit.id}`, { width: PHONE_WIDTH, of: shown.of }),
    legend: (exhibit.plot?.series ?? []).map((series, index) => ({
      label: plainLine(series.label),
      class: `${series.published ? 'published' : 'measured'} ${seriesClass(index)}`,
      own: shown.of(series.label),
      box: shown.boxOf(series.label),
    })),
  };
}

/** What the heads of all columns would state; empty where they differ. */
function commonHead(groups: readonly Group[], systems: readonly System[]): string {
  const texts = groups.map(({ system, tools }) => [aboutOf(system, systems), tools ?? ''].filter(Boolean).join(', '));
  const [only = ''] = texts;
  return new Set(texts).size === 1 ? plainLine(only) : '';
}

function plotOf(
  { plot }: TableExhibit,
  id: string,
  options: Parameters<typeof renderDotPlot>[2],
): Handlebars.SafeString | '' {
  return plot === null ? '' : new Handlebars.SafeString(renderDotPlot(plot, id, options));
}

function cellsOf(row: TableRow, column: number, report: Report): Cell[] {
  return (row.cells[column] ?? []).flatMap((at) => report.cells[at] ?? []);
}

function groupView(
  { system, hasRatio, hasRequest, publishedAt, hasPaper, tools }: Group,
  exhibit: TableExhibit,
  report: Report,
): object {
  const column = exhibit.columns.indexOf(system.key);
  const cells = exhibit.rows.flatMap((row) => cellsOf(row, column, report));
  const verdicts = new Set(cells.filter((cell) => cell.state === 'value').map((cell) => cell.verdict));
  const [only] = verdicts;
  const shared =
    exhibit.role === 'exhibit' && verdicts.size === 1 && only !== undefined && !CELL_VERDICTS.includes(only);
  return {
    label: plainLine(system.label),
    about: plainLine(aboutOf(system, report.systems)),
    tools: tools ?? '',
    span: spanOf({ hasRatio, hasRequest, hasPaper }),
    hasRatio,
    hasRequest,
    hasPaper,
    // Shares of a reservation have no baseline.
    baseline: system.baseline && !hasRequest,
    paperColumn: hasPaper ? (exhibit.publishedColumns[publishedAt] ?? system.counterpart?.column ?? '') : '',
    orientation: hasPaper && system.counterpart?.how === 'orientation',
    verdict: shared && (hasRequest || !system.baseline) && system.origin !== 'published' ? only : '',
    verdictClass: shared ? verdictClass(only) : '',
  };
}

/** Where a report has several baselines each column names its own. */
function aboutOf(system: System, systems: readonly System[]): string {
  if (system.origin === 'published') return 'published';
  const to = system.baseline || baselinesAmong(systems).length < 2 ? undefined : baselineOf(system, systems);
  return `${system.origin}, ${describeSize(system)}${to === undefined ? '' : `, relative to ${to}`}`;
}

function spanOf({ hasRatio, hasRequest, hasPaper }: Pick<Group, 'hasRatio' | 'hasRequest' | 'hasPaper'>): number {
  return 1 + Number(hasRatio) + Number(hasRequest) + Number(hasPaper);
}

function sameOrigin(cells: readonly Cell[]): string | undefined {
  const origins = new Set(cells.flatMap((cell) => cell.tool?.origin ?? []));
  const [only] = origins;
  return origins.size === 1 && only !== undefined ? TOOL_WORDS[only] : undefined;
}

const TOOL_WORDS: Readonly<Record<ToolUse['origin'], string>> = {
  target: 'tools of the target',
  project: 'own probes',
  published: '',
  unknown: 'tools as imported',
};

function rowView(
  row: TableRow,
  groups: readonly Group[],
  alone: readonly { readonly at: number }[],
  { report, links, of }: { readonly report: Report; readonly links: TrialLinks; readonly of: (key: string) => string },
  folded: boolean,
): object {
  const byGroup = groups.map((_, column) => cellsOf(row, column, report));
  const scale = rowScale(
    row.unit,
    byGroup.flat(),
    row.published.map((published) => published.value),
  );
  const several = byGroup.some((cells) => cells.length > 1);
  return {
    label: plainLine(row.label),
    part: plainLine(row.part ?? ''),
    unit: scale.label,
    groups: groups.map((group, column) => ({
      folded,
      own: of(group.system.key),
      hasRatio: group.hasRatio,
      hasRequest: group.hasRequest,
      hasPaper: group.hasPaper,
      cells: (byGroup[column] ?? []).map((cell) =>
        cellView(
          cell,
          scale,
          { several, tools: group.tools, baseline: group.system.baseline },
          row.published[group.publishedAt]?.request ?? null,
          links,
        ),
      ),
    })),
    alone: alone.map(({ at }) => {
      const { value, ratio, request } = row.published[at] ?? { value: null, ratio: null, request: null };
      return {
        value: value === null ? '' : formatPublished(value, scale),
        off: request === null ? '' : formatPoints(request.deviation),
        beyond: request?.beyond ?? false,
        ratio: ratio === null || at === 0 ? '' : formatRatio(ratio),
      };
    }),
  };
}
