import type { ComparedRow, ComparedSide, Comparison } from '../../model/comparison.js';
import { describeSides, formatChange, pairLabel, rowNotes, trialsOf } from '../../narrative/comparison.js';
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
import { list } from './names.js';

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
  /** Empty without one; `≤ 1.5 %` where the difference is not larger. */
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
    floor: floorOf(row),
    notes: rowNotes(row).map(plainLine),
  };
}

/** `1.5 %`, and `≤ 1.5 %` where the difference is not larger. */
function floorOf({ noiseFloor, ratio }: ComparedRow): string {
  if (noiseFloor === null) return '';
  const text = `${Number(noiseFloor.toPrecision(2))} %`;
  return 100 * Math.abs(ratio - 1) <= noiseFloor ? `≤ ${text}` : text;
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

/** `2026-11-21…, quick profile, 21 November 2026, 07:00 UTC, bench 0.1.0`: a line for each run of a side. */
export function runLines({ runs }: ComparedSide): readonly string[] {
  return runs.map(({ run, created, profile, bench }) => {
    if (created === null) return plainLine(`${run}, published`);
    const by = bench === null ? '' : `, bench ${bench}`;
    return plainLine(`${run}, ${profile} profile, ${formatInstant(created)}${by}`);
  });
}
