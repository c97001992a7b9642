import type { CpuClock } from '../../harness/types.js';
import type {
  ComparedRow,
  Comparison,
  ComparisonVerdict,
  NoInterval,
  NotComparable,
  SystemPair,
  Violation,
} from '../model/comparison.js';
import { comparisonVerdicts } from '../model/comparison.js';
import type { BaselineNote, ToolVersion } from '../model/note.js';
import {
  counted,
  formatP,
  formatPoints,
  formatRatio,
  formatRatioInterval,
  formatValue,
  plainLine,
  scaleFor,
} from './format.js';
import { describeNote } from './notes.js';

/**
 * `linux-up`, or `linux-up and native-1` where the names of the two sides differ. What both labels have in parentheses (the
 * publication, the host) is that of their side, and left out.
 */
export function pairLabel({ a, b }: SystemPair): string {
  if (a === null || b === null) return a ?? b ?? '';
  if (a === b) return a;
  const [nameA, nameB] = [a, b].map((label) => /^(.+) \([^()]*\)$/.exec(label)?.[1]);
  return nameA !== undefined && nameA === nameB ? nameA : `${a} and ${b}`;
}

/** Why a metric is not compared, without a full stop. */
export function describeNotComparable(why: NotComparable): string {
  switch (why.reason) {
    case 'profile':
      return `A was measured at the ${why.a} profile, B at the ${why.b} profile`;
    case 'size':
      return `the size of A is ${why.a ?? 'not stated'}, that of B ${why.b ?? 'not stated'}`;
    case 'suite version':
      return `A was measured with version ${why.a ?? 'unknown'} of the suite, B with ${why.b ?? 'unknown'}`;
    case 'tool':
      return `A was measured with ${why.a}, B with ${why.b}`;
    case 'clock':
      return `CPU time of A counted by ${clockName(why.a)}, of B by ${clockName(why.b)}`;
    case 'emulation':
      return `${why.emulated} was measured on an emulated machine`;
    case 'not positive':
      return `${why.side} has values that are not positive, which have no ratio`;
    case 'several':
      return `A has ${why.a} and B ${why.b} values by different tools, versions or hosts: compare fewer runs`;
  }
}

function clockName(clock: CpuClock | null): string {
  return clock === null ? 'an unknown clock' : clock.kind;
}

/** Why a row has no interval. */
export function describeNoInterval(why: NoInterval | null): string {
  if (why === null) return 'no interval';
  const { side, reason } = why;
  switch (reason) {
    case 'too few':
      return `no interval: ${side} has fewer than 3 trials`;
    case 'no spread':
      return `no interval: the values of ${side} are all equal, and the resolution of the tool is unknown`;
    case 'not stated':
      return `no interval: the publication of ${side} states no spread`;
  }
}

/** A difference between the two sides of a row that is none of their values. */
export function describeSides(note: BaselineNote): string {
  switch (note.kind) {
    case 'other host':
      return `A was measured on ${note.baseline}, B on ${note.own}`;
    case 'other origin':
      return `A is ${note.baseline}, B is ${note.own}: machines and tools may differ`;
    case 'other tool':
      return `A was measured with ${toolName(note.baseline)}, B with ${toolName(note.own)}`;
    case 'other linkage':
      return `the tool of A is linked with ${note.baseline ?? 'unknown'}, that of B with ${note.own ?? 'unknown'}`;
    case 'other level':
      return `A is replicated by ${note.baseline.level}s, B by ${note.own.level}s: the interval covers what varies from boot to boot on one side only`;
  }
}

function toolName({ name, version }: ToolVersion): string {
  return version === null ? name : `${name} ${version}`;
}

/** Everything that a reader must know of a row, one sentence each, without a full stop. */
export function rowNotes(row: ComparedRow): readonly string[] {
  const sides = (['a', 'b'] as const).flatMap((side) =>
    row[side].notes.map((note) => `${side.toUpperCase()}: ${describeNote(note)}`),
  );
  return [
    ...(row.noInterval === null ? [] : [describeNoInterval(row.noInterval)]),
    ...row.notes.map(describeSides),
    ...sides,
  ];
}

/** `+12.3 %`: the change from A to B. */
export function formatChange(ratio: number): string {
  return `${formatPoints(100 * (ratio - 1), 1)} %`;
}

/** `5, 7`: trials of A and B. */
export function trialsOf({ a, b }: ComparedRow): string {
  return [a.n, b.n].map((n) => n ?? '?').join(', ');
}

/** A row in one line: what changed, from what to what, and the evidence. */
export function describeRow(row: ComparedRow, adjustedFor: number): string {
  const scale = scaleFor(row.unit, [row.a.center, row.b.center]);
  const means = `${formatValue(row.a.center, scale)} to ${formatValue(row.b.center, scale)} ${scale.label}`.trim();
  const interval = row.low === null || row.high === null ? '' : ` [${formatRatioInterval(row.low, row.high)}]`;
  const p = row.holmP === null ? '' : `, p ${formatP(row.holmP)} of ${adjustedFor} (Holm)`;
  return `${row.verdict} by ${formatChange(row.ratio)}: ${means}, ratio ${formatRatio(row.ratio)}${interval}${p}, n ${trialsOf(row)}`;
}

/** A violation in one line. */
export function describeViolation({ metric, target, kind, evidence }: Violation): string {
  const what = kind === 'limit' ? '' : kind === 'nothing' ? 'missing: ' : `${kind}: `;
  return plainLine(`${metric} of ${target}: ${what}${evidence}`);
}

const SHOWN: Readonly<Record<ComparisonVerdict, string>> = {
  slower: 'slower',
  faster: 'faster',
  higher: 'higher',
  lower: 'lower',
  equivalent: 'equivalent within the noise floor',
  'no difference shown': 'without a difference shown',
  'not judged': 'not judged',
};

/** The result in one or two sentences: how many metrics, and how many of each verdict. */
export function summarizeComparison({ rows, pairs, adjustedFor, oneSided, notComparable }: Comparison): string {
  if (rows.length === 0) {
    return `Nothing is compared: ${counted(pairs.length, 'system')} on both sides, and no metric that is comparable.`;
  }
  const systems = counted(new Set(rows.map(({ system }) => pairLabel(system))).size, 'system');
  const counts = comparisonVerdicts.flatMap((verdict) => {
    const count = rows.filter((row) => row.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${SHOWN[verdict]}`];
  });
  const values = `${counted(rows.length, 'metric')} of ${systems}`;
  const rest = [
    ...(oneSided.length === 0 ? [] : [`${oneSided.length} on one side only`]),
    ...(notComparable.length === 0 ? [] : [`${notComparable.length} not comparable`]),
  ];
  const others = rest.length === 0 ? '' : ` Not compared: ${rest.join(', ')}.`;
  const tests = adjustedFor === 0 ? '' : ` p values are adjusted for ${adjustedFor} (Holm).`;
  return `B against A, ${values}: ${counts.join(', ')}.${tests}${others}`;
}

/** What must be read before the numbers. */
export function comparisonWarnings({ shared, sides, rows }: Comparison): readonly string[] {
  const emulated = rows.length > 0 && rows.every(({ a, b }) => a.emulated && b.emulated);
  return [
    ...(shared.length === 0
      ? []
      : [`Both sides have ${shared.length === 1 ? 'run' : 'runs'} ${shared.join(', ')}: equal values show nothing.`]),
    ...(emulated ? ['All values are of emulated machines: their times do not apply to real hardware.'] : []),
    ...[...sides.a.damage, ...sides.b.damage],
  ];
}

/** How the numbers are computed. */
export const COMPARISON_METHOD =
  'Ratios are the mean of B over the mean of A: above 1 is more, which is slower for times. Intervals are 95 %, on the scale of ' +
  'logarithms, each of its own row. p is that of a ratio of 1 by the same error, adjusted for all rows that have one (Holm): ' +
  'when nothing differs, a difference is shown anywhere in at most 5 % of comparisons. No difference shown is no proof of ' +
  'equality: the interval bounds what the difference can be. Equivalent: the interval lies within what the noise run could ' +
  'detect. The values of both sides are taken as independent.';
