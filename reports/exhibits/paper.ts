import { metricOf } from '../model/measured.js';
import type { Evidence } from '../analysis/cells.js';
import { isOnlyPublished, quotedClaim } from '../claims/claims.js';
import { judgeByPaper, PAPER, rangeOf } from '../claims/paper.js';
import { quotationById } from '../claims/quotations.js';
import { claims } from '../claims/registry.js';
import type { ClaimResult } from '../model/document.js';
import type { ExhibitDefinition, FigureDefinition, TableDefinition } from '../model/exhibit.js';
import { NOT_STATED, type FigurePanel } from '../model/figure.js';
import type { Paper, PaperClaim, PaperFigure, PaperStatement, PaperTable } from '../model/paper.js';
import { sentence } from '../narrative/format.js';
import { describePaper } from '../narrative/paper.js';
import { publishedShare, referenceById, tableOf } from '../reference/index.js';
import { PUBLISHED_MARKS } from '../reference/marks.js';
import type { Reference, Statement } from '../reference/schema.js';
import { suites, workloads } from '../../suites/index.js';
import { drawBenchmarks, drawSystems } from './figure-model.js';
import { onAxis, scaledMark } from './figures.js';

const measured = [...suites, ...workloads];

/** What the paper states of these exhibits, and its claims about them beside the verdicts of the report. */
export function paperOf(
  definitions: readonly ExhibitDefinition[],
  results: readonly ClaimResult[],
  evidence: Pick<Evidence, 'systems'>,
): Paper {
  const reference = referenceById(PAPER);
  const own = definitions.filter((definition) => definition.reference === PAPER);
  const exhibits = own.flatMap((definition): Paper['exhibits'] => {
    if (definition.kind === 'table') return [publishedTable(definition, reference)];
    // Figure 2 has no numbers in the paper.
    return definition.kind === 'figure' ? [publishedFigure(definition, reference)] : [];
  });
  const ids = new Set(own.map(({ id }) => id));
  const judged = claims
    .filter(({ exhibit }) => ids.has(exhibit))
    .map((claim): PaperClaim => {
      const { id, where, page, text, exhibit, kind } = quotedClaim(claim);
      const result = isOnlyPublished(claim, evidence) ? undefined : results.find((one) => one.id === id);
      return { id, where, page, text, exhibit, kind, paper: judgeByPaper(claim), measured: result?.verdict ?? null };
    });
  const { title, authors = [], venue = '', doi = '', configuration = {} } = reference;
  return {
    ...{ reference: PAPER, title, authors, venue, doi },
    setup: Object.entries(configuration).map(([name, value]) => ({ name: inWords(name), text: asText(value) })),
    statement: describePaper(exhibits, judged),
    exhibits,
    claims: judged,
  };
}

function publishedTable(definition: TableDefinition, reference: Reference): PaperTable {
  const { id, title, table: name, rows } = definition;
  const table = tableOf(reference, name);
  return {
    ...{ kind: 'table', id, title, caption: sentence(table.caption), columns: table.columns },
    rows: table.rows.map(({ label, metric, unit, values }) => {
      const request = rows.find((row) => row.published === label)?.request;
      const [base] = values;
      return {
        ...{ label, metric, unit },
        values: values.map((value, at) => ({
          value,
          ratio: request !== undefined || at === 0 || value === null || base == null ? null : value / base,
          request: request === undefined ? null : publishedShare(table, label, table.columns[at] ?? '', request.within),
        })),
      };
    }),
    statements: statementsOf(rows, reference),
  };
}

function publishedFigure(definition: FigureDefinition, reference: Reference): PaperFigure {
  const { id, title, bars } = definition;
  return {
    ...{ kind: 'figure', id, title, caption: sentence(reference.figures?.[id.replace('-', '')] ?? '') },
    statements: statementsOf(bars, reference),
    figure: drawStatements(definition, reference),
  };
}

/** A figure without bars: what the text states of them, where its axis has it. */
function drawStatements(definition: FigureDefinition, reference: Reference): PaperFigure['figure'] {
  const { sidePanels: _none, ...main } = definition;
  const rows = main.bars.map(({ metric, label }) => ({
    ...{ metric, label, unit: metricOf(metric, measured)?.unit ?? 'count', part: null, cells: [], published: [] },
  }));
  const { linkBitsPerSecond } = reference.configuration ?? {};
  const lineRate =
    typeof linkBitsPerSecond === 'number' ? { bitsPerSecond: linkBitsPerSecond } : { unknown: 'not stated' };
  const own = main.bars.map((bar): string => bar.metric);
  const published = PUBLISHED_MARKS.filter(({ metric }) => own.includes(metric)).map((mark) =>
    onAxis(scaledMark(mark, lineRate), main, []),
  );
  const [baseline = ''] = reference.configurations ?? [];
  const material = { definition: main, systems: [], rows, cells: [], published, baseline };
  const figure =
    main.groups === 'systems'
      ? drawSystems(material, main.columns ?? reference.configurations ?? [], lineRate)
      : drawBenchmarks(material);
  return { ...figure, panels: figure.panels.map(withoutBars) };
}

/** Groups of what is stated alone; one of which nothing is stated has that in the place of a bar. */
function withoutBars(panel: FigurePanel): FigurePanel {
  const groups = panel.groups.map(({ published }) => ({
    marks: published.length > 0 ? [] : [{ series: 0, state: 'missing', why: NOT_STATED } as const],
    published,
  }));
  return { ...panel, groups };
}

function statementsOf(
  rows: readonly { readonly metric: string; readonly label?: string; readonly part?: string }[],
  { statements = [] }: Reference,
): PaperStatement[] {
  let part = '';
  return rows.flatMap((row) => {
    part = row.part ?? part;
    const own = statements.filter(({ metric }) => metric === row.metric);
    const label = [part, row.label].filter(Boolean).join(': ');
    return own.map((statement) => describeStatement(statement, label));
  });
}

function describeStatement(statement: Statement, label: string): PaperStatement {
  const { metric, column, quantity, stated, to = null, other = null, text, claim } = statement;
  const { section, page } = quotationById(statement.quotation);
  const { low, high } = rangeOf(stated);
  return {
    ...{ metric, label, column, quantity, kind: stated.kind, to, other, text, claim, section, page },
    low: Number.isFinite(low) ? low : null,
    high: Number.isFinite(high) ? high : null,
    unit: metricOf(metric, measured)?.unit ?? 'count',
  };
}

/** `hyperThreading` as `hyper threading`. */
function inWords(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${inWords(name)}: ${asText(one)}`)
    .join('; ');
}
