import { plainLine } from '../../narrative/format.js';
import { describeNote } from '../../narrative/notes.js';
import type { Report } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import type { Exporter } from '../exporter.js';

export const csv: Exporter<'csv'> = {
  id: 'csv',
  mediaType: 'text/csv',
  extension: 'csv',
  output: 'stdout',
  render: renderCsv,
};

/** Columns of the CSV, in order: those of every row of `cells` in the JSON, then the flat ones that describe it. */
export const CSV_COLUMNS = [
  'exhibit',
  'metric',
  'target',
  'state',
  'n',
  'center',
  'low',
  'high',
  'unit',
  'ratio',
  'ratioLow',
  'ratioHigh',
  'published',
  'publishedRatio',
  'verdict',
  'why',
  'label',
  'benchmark',
  'suiteVersion',
  'system',
  'profile',
  'origin',
  'tool',
  'toolOrigin',
  'toolVersion',
  'better',
  'sd',
  'relative',
  'relativeLow',
  'relativeHigh',
  'publishedColumn',
  'reference',
  'neededTrials',
  'welchP',
  'holmP',
  'mannWhitneyP',
  'hedgesG',
  'cliffsDelta',
  'notes',
  'systemLabel',
  'requested',
  'deviation',
  'deviationLow',
  'deviationHigh',
  'noiseFloor',
  'intervalForm',
  'pairedBlocks',
  'pairedRatio',
  'pairedLow',
  'pairedHigh',
  'level',
  'boots',
  'starts',
  'bootVariance',
  'otherReference',
  'otherPublished',
  'otherDifference',
  'otherRatio',
  'otherRatioDifference',
  'stated',
  'bandP',
  'bandHolmP',
  'precision',
  'cv',
  'halfWidth',
  'baseline',
] as const;

type Column = (typeof CSV_COLUMNS)[number];

/** RFC 4180: comma, CRLF, quotes doubled. Empty fields are absent numbers. */
export function renderCsv(report: Report): string {
  const header = CSV_COLUMNS.join(',');
  const labels = new Map(report.systems.map((system) => [system.key, system.label]));
  const rows = report.cells.map((cell) => CSV_COLUMNS.map((column) => field(fieldOf(cell, column, labels))).join(','));
  return [header, ...rows, ''].join('\r\n');
}

type Field = string | number | null;

function fieldOf(cell: Cell, column: Column, labels: ReadonlyMap<string, string>): Field {
  const { tool, difference, request, paired, levels, notes, otherPublished, stated, precision } = cell;
  const fields: Readonly<Record<Column, Field>> = {
    ...cell,
    tool: tool?.name ?? null,
    toolOrigin: tool?.origin ?? null,
    toolVersion: tool?.version ?? null,
    welchP: difference?.welchP ?? null,
    holmP: difference?.holmP ?? null,
    mannWhitneyP: difference?.mannWhitneyP ?? null,
    hedgesG: difference?.hedgesG ?? null,
    cliffsDelta: difference?.cliffsDelta ?? null,
    notes: notes.map(describeNote).join('; '),
    systemLabel: labels.get(cell.system) ?? cell.system,
    requested: request?.requested ?? null,
    deviation: request?.deviation ?? null,
    deviationLow: request?.low ?? null,
    deviationHigh: request?.high ?? null,
    pairedBlocks: paired?.blocks ?? null,
    pairedRatio: paired?.ratio ?? null,
    pairedLow: paired?.low ?? null,
    pairedHigh: paired?.high ?? null,
    level: levels?.level ?? null,
    boots: levels?.boots ?? null,
    starts: levels?.starts ?? null,
    bootVariance: levels?.variance?.boot ?? null,
    // Of several other publications the first: the JSON has all.
    otherReference: otherPublished[0]?.reference ?? null,
    otherPublished: otherPublished[0]?.value ?? null,
    otherDifference: otherPublished[0]?.percent ?? null,
    otherRatio: otherPublished[0]?.ratio ?? null,
    otherRatioDifference: otherPublished[0]?.ratioPercent ?? null,
    precision: precision?.grade ?? null,
    cv: precision?.cv ?? null,
    halfWidth: precision?.halfWidth ?? null,
    stated: stated.map(({ kind, text }) => `${kind}: ${text}`).join('; ') || null,
  };
  return fields[column];
}

/**
 * A field. Control characters and direction overrides of text are visible, as in other formats: a terminal would obey them.
 * Text that a spreadsheet would run as a formula (it begins with = + - @, after spaces or not) gets an apostrophe in front;
 * numbers stay numbers.
 */
export function field(value: Field): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const visible = plainLine(value);
  const safe = /^\s*[=+\-@]/.test(visible) ? `'${visible}` : visible;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
