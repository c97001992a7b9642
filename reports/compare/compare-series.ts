import type { Metric } from '../../harness/types.js';
import { differencesFromBaseline, sameToolKind } from '../analysis/normalize.js';
import { precisionNotes, precisionOf } from '../analysis/precision.js';
import { levelNotes, poolNote, stoppingNotes, unstableNote, type StoppingRules } from '../analysis/series-notes.js';
import { estimateOf, isSameClock, summarize, type Series } from '../analysis/summarize.js';
import type { ComparedRow, ComparedValue, NoInterval, NotComparable, SideName } from '../model/comparison.js';
import { sameSize } from '../model/same-size.js';
import type { Measured } from '../model/measured.js';
import type { Note } from '../model/note.js';
import { mean } from '../statistics/descriptive.js';
import { positiveInterval, ratioOf } from '../statistics/positive.js';
import { unityTest } from '../statistics/tests.js';

/** Why two series of one metric may not be compared; null where they may. The same rules as for the baseline of a report. */
export function whyNotComparable(a: Series, b: Series): NotComparable | null {
  if (a.system.emulated !== b.system.emulated) return { reason: 'emulation', emulated: a.system.emulated ? 'A' : 'B' };
  if (a.system.profile !== b.system.profile) {
    return { reason: 'profile', a: a.system.profile, b: b.system.profile };
  }
  if (!sameSize(a.system, b.system)) return { reason: 'size', a: a.system.size, b: b.system.size };
  if (a.suiteVersion !== b.suiteVersion) return { reason: 'suite version', a: a.suiteVersion, b: b.suiteVersion };
  if (!sameToolKind(a, b) && ![a, b].some(isPublished)) return { reason: 'tool', a: toolOf(a), b: toolOf(b) };
  if (!isSameClock(a, b)) return { reason: 'clock', a: a.clock, b: b.clock };
  const side = [a, b].findIndex(({ values }) => values.some((value) => !(value > 0) || !Number.isFinite(value)));
  return side < 0 ? null : { reason: 'not positive', side: side === 0 ? 'A' : 'B' };
}

function isPublished({ system }: Series): boolean {
  return system.origin === 'published';
}

function toolOf({ tool: { name, origin } }: Series): string {
  return origin === 'project' ? `own probe ${name}` : origin === 'target' ? `${name} of the target` : name;
}

/** The ratio of two series and its test, before what needs all rows of the comparison. */
export type RowNumbers = Pick<ComparedRow, 'ratio' | 'low' | 'high' | 'noInterval' | 'p' | 'notes'>;

/** B over A: the log-scale delta interval of reports, and the p value that belongs to it. */
export function compareSeries(a: Series, b: Series): RowNumbers {
  const notes = differencesFromBaseline(b, a);
  const [base, own] = [estimateOf(a), estimateOf(b)];
  if (typeof base === 'string' || typeof own === 'string') {
    const noInterval = [noIntervalOf('A', a, base), noIntervalOf('B', b, own)].find((one) => one !== null) ?? null;
    return { ratio: mean(b.values) / mean(a.values), low: null, high: null, noInterval, p: null, notes };
  }
  const ratio = ratioOf(own, base);
  return { ratio: ratio.center, ...positiveInterval(ratio), noInterval: null, p: unityTest(ratio), notes };
}

function noIntervalOf(side: SideName, series: Series, estimate: ReturnType<typeof estimateOf>): NoInterval | null {
  // What is not positive is not compared at all.
  if (typeof estimate !== 'string' || estimate === 'not positive') return null;
  return { side, reason: isPublished(series) ? 'not stated' : estimate };
}

/** The mean of one side, with what a reader must know of it. */
export function describeValue(
  series: Series,
  metric: Metric | undefined,
  measured: readonly Measured[],
  rules: StoppingRules,
  trialNotes: readonly Note[],
): ComparedValue {
  const { system } = series;
  const { n, center, interval } = summarize(series, metric);
  const precision = precisionOf(series, metric);
  return {
    target: system.target,
    label: system.label,
    host: system.host,
    origin: system.origin,
    emulated: system.emulated,
    n,
    center,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    precision,
    notes: [
      ...levelNotes(series),
      ...precisionNotes(precision, undefined),
      ...(series.clock === null ? [] : [{ kind: 'clock', clock: series.clock } as const]),
      ...poolNote(series),
      ...stoppingNotes(series, rules),
      ...unstableNote(
        series,
        measured.find(({ id }) => id === series.suite),
      ),
      ...trialNotes,
    ],
  };
}
