import type {
  ComparedRow,
  ComparedSide,
  Comparison,
  ConfigurationRow,
  OneSided,
  UnlikeRow,
} from '../../model/comparison.js';
import type { DifferenceClass } from '../../model/differences.js';
import {
  describeNotComparable,
  describeSides,
  formatChange,
  pairLabel,
  rowNotes,
  trialsOf,
} from '../../narrative/comparison.js';
import {
  formatInstant,
  formatP,
  formatRatio,
  formatRatioInterval,
  formatValue,
  plainLine,
  scaleFor,
} from '../../narrative/format.js';
import { describeNote } from '../../narrative/notes.js';

/** A row as every format shows it. Nothing in it is escaped for a format. */
export interface RowLine {
  readonly metric: string;
  readonly system: string;
  readonly verdict: ComparedRow['verdict'];
  readonly change: string;
  readonly ratio: string;
  /** Empty without one. */
  readonly interval: string;
  readonly p: string;
  readonly n: string;
  /** Means in one unit. */
  readonly a: string;
  readonly b: string;
  readonly unit: string;
  /** `~` where a value is imprecise, `~~` where one is very imprecise. */
  readonly mark: string;
  readonly floor: string;
  readonly notes: readonly string[];
}

export function rowLine(row: ComparedRow): RowLine {
  const scale = scaleFor(row.unit, [row.a.center, row.b.center]);
  return {
    metric: plainLine(row.metric),
    system: plainLine(pairLabel(row.system)),
    verdict: row.verdict,
    change: formatChange(row.ratio),
    ratio: formatRatio(row.ratio),
    interval: row.low === null || row.high === null ? '' : formatRatioInterval(row.low, row.high),
    p: row.holmP === null ? '' : formatP(row.holmP),
    n: trialsOf(row),
    a: formatValue(row.a.center, scale),
    b: formatValue(row.b.center, scale),
    unit: scale.label,
    mark: markOf(row),
    floor: row.noiseFloor === null ? '' : `${Number(row.noiseFloor.toPrecision(2))} %`,
    notes: rowNotes(row).map(plainLine),
  };
}

function markOf({ a, b }: ComparedRow): RowLine['mark'] {
  const grades = [a.precision?.grade, b.precision?.grade];
  return grades.includes('very imprecise') ? '~~' : grades.includes('imprecise') ? '~' : '';
}

/** What the marks mean; empty without any. */
export function markLegend(rows: readonly RowLine[]): string {
  const marks = new Set(rows.map(({ mark }) => mark));
  const parts = [
    ...(marks.has('~') ? ['~ imprecise: A or B has a coefficient of variation above 5 %'] : []),
    ...(marks.has('~~') ? ['~~ very imprecise: A or B has a 95 % interval wider than ± 25 %'] : []),
  ];
  return parts.length === 0 ? '' : `${parts.join('; ')}.`;
}

/** Up to this many names are listed one by one. */
const MAX_NAMED = 4;

function list(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ');
  return `${names.slice(0, MAX_NAMED - 1).join(', ')} and ${names.length - MAX_NAMED + 1} more`;
}

/** Notes that are not of every row alike, each once with the rows that it is of. */
export function noteLines({ rows }: Comparison): readonly string[] {
  const byNote = new Map<string, ComparedRow[]>();
  for (const row of rows) {
    for (const note of [...row.notes.map(describeSides), ...tellingNotes(row)]) {
      const known = byNote.get(note);
      if (known === undefined) byNote.set(note, [row]);
      else known.push(row);
    }
  }
  return [...byNote].map(([note, own]) => plainLine(`${note} [${whichRows(own, rows)}]`));
}

/** `all rows`, `all of lxc-up`, or the rows one by one. */
function whichRows(own: readonly ComparedRow[], all: readonly ComparedRow[]): string {
  if (own.length === all.length) return 'all rows';
  const systems = [...new Set(own.map(({ system }) => pairLabel(system)))];
  const ofThese = all.filter(({ system }) => systems.includes(pairLabel(system)));
  if (ofThese.length === own.length) return `all of ${list(systems)}`;
  return list(own.map(({ metric, system }) => `${metric} ${pairLabel(system)}`));
}

/** Notes of values without those that a mark or the number of trials shows already. */
function tellingNotes(row: ComparedRow): readonly string[] {
  const [first] = rowNotes(row);
  const interval = row.noInterval === null || first === undefined ? [] : [first];
  const sides = (['a', 'b'] as const).flatMap((side) =>
    row[side].notes.flatMap((note) =>
      note.kind === 'levels' || note.kind === 'imprecise' || note.kind === 'pooled runs'
        ? []
        : [`${side.toUpperCase()}: ${describeNote(note)}`],
    ),
  );
  return [...interval, ...sides];
}

/** `2026-11-21…, quick, 21 November 2026, 07:00 UTC`: a line for each run of a side. */
export function runLines({ runs }: ComparedSide): readonly string[] {
  return runs.map(({ run, created, profile }) =>
    plainLine(created === null ? `${run}, published` : `${run}, ${profile} profile, ${formatInstant(created)}`),
  );
}

/** Metrics without a counterpart or that are not comparable: those with one reason in one line. */
export interface GroupLine {
  readonly side: string;
  readonly system: string;
  readonly benchmark: string;
  readonly metrics: string;
  readonly why: string;
}

export function oneSidedLines({ oneSided }: Comparison): readonly GroupLine[] {
  return groups(oneSided, (row) => [row.side, row.why]);
}

export function unlikeLines({ notComparable }: Comparison): readonly GroupLine[] {
  return groups(notComparable, (row) => ['', describeNotComparable(row.why)]);
}

function groups<T extends OneSided | UnlikeRow>(
  rows: readonly T[],
  about: (row: T) => readonly [side: string, why: string],
): readonly GroupLine[] {
  const found = new Map<string, { readonly row: T; readonly names: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.system, row.benchmark, about(row)]);
    const name = row.metric.slice(row.benchmark.length + 1);
    const known = found.get(key);
    if (known === undefined) found.set(key, { row, names: [name] });
    else known.names.push(name);
  }
  return [...found.values()].map(({ row, names }) => {
    const [side, why] = about(row);
    return {
      side,
      system: plainLine(pairLabel(row.system)),
      benchmark: plainLine(row.benchmark),
      metrics: plainLine(list(names)),
      why: plainLine(why),
    };
  });
}

const CLASS_TITLES: Readonly<Record<DifferenceClass, string>> = {
  blocking: 'Affects results',
  unknown: 'May affect results',
  'by design': 'Belongs to the platform',
};

export interface ConfigurationGroup {
  readonly class: DifferenceClass;
  readonly title: string;
  readonly rows: readonly {
    readonly path: string;
    readonly a: string;
    readonly b: string;
    readonly why: string;
    /** Empty where every pair differs so. */
    readonly systems: string;
  }[];
}

/** Differences of configuration by class, the gravest first. */
export function configurationGroups({ configuration }: Comparison): readonly ConfigurationGroup[] {
  const { rows, pairs } = configuration;
  return (['blocking', 'unknown', 'by design'] as const).flatMap((kind) => {
    const own = rows.filter((row) => row.class === kind);
    if (own.length === 0) return [];
    return [
      {
        class: kind,
        title: CLASS_TITLES[kind],
        rows: own.map((row) => ({
          path: plainLine(row.path),
          a: valueText(row.a),
          b: valueText(row.b),
          why: plainLine(row.why),
          systems: row.systems.length === pairs ? '' : plainLine(list(row.systems.map(pairLabel))),
        })),
      },
    ];
  });
}

/** Longer values are shortened; the JSON has them whole. */
const VALUE_LENGTH = 120;

function valueText(values: ConfigurationRow['a']): string {
  const text = values.map((value) => (value === null ? 'not read' : value === '' ? 'none' : value)).join(' or ');
  const plain = plainLine(text);
  return plain.length > VALUE_LENGTH ? `${plain.slice(0, VALUE_LENGTH)}…` : plain;
}

/** What was compared of the configurations, in a sentence. */
export function configurationLead({ configuration: { pairs, alike, rows } }: Comparison): string {
  if (pairs === 0) return 'No pair of systems was measured on both sides by this program: nothing is known of both.';
  const systems = pairs === 1 ? 'the system' : `${pairs} systems`;
  if (rows.length === 0) return `No difference in the configuration of ${systems}: ${alike} properties are equal.`;
  const blocking = rows.filter((row) => row.class === 'blocking').length;
  const differ = rows.length === 1 ? '1 property differs' : `${rows.length} properties differ`;
  return `${differ} in the configuration of ${systems}, ${blocking} of them known to affect results; ${alike} are equal.`;
}
