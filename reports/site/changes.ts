import type { Verdict } from '../model/states.js';
import { positiveInterval, ratioOf, type PositiveMean } from '../statistics/positive.js';
import { holm, unityTest } from '../statistics/tests.js';
import type { RunDigest, SystemDigest, ValueDigest } from './model.js';

/** One metric of a system in two runs: the later over the earlier. */
export interface Change {
  readonly before: ValueDigest;
  readonly after: ValueDigest;
  readonly system: SystemDigest;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** With Holm's adjustment for all of the two runs. */
  readonly p: number;
  /** Whether p is at most 0.05. */
  readonly changed: boolean;
}

export interface Changes {
  readonly before: RunDigest;
  readonly after: RunDigest;
  /** The largest ratios first, in either direction; those that changed before all others. */
  readonly rows: readonly Change[];
  readonly verdicts: readonly { readonly text: string; readonly from: Verdict; readonly to: Verdict }[];
}

const LEVEL = 0.05;

/** Up to this many runs before a run are looked through for one of the same systems. */
export const LOOK_BACK = 100;

/** The run that a run is compared with: the last one before it that measured a metric of it on the same system. */
export function previousOf(run: RunDigest, earlier: readonly RunDigest[]): RunDigest | undefined {
  const own = new Set(run.values.map((value) => keyOf(run, value)));
  if (run.noise) return undefined;
  return earlier.findLast((one) => !one.noise && one.values.some((value) => own.has(keyOf(one, value))));
}

/** What differs between two runs, by the same arithmetic as `bench compare`, from their means and errors. Pure. */
export function changesBetween(before: RunDigest, after: RunDigest): Changes {
  const earlier = new Map(before.values.map((value) => [keyOf(before, value), value]));
  const rows = after.values.flatMap((value) => {
    const base = earlier.get(keyOf(after, value));
    const system = after.systems[value.system];
    const [own, other] = [estimateOf(value), base && estimateOf(base)];
    if (base === undefined || system === undefined || own === undefined || other === undefined) return [];
    const ratio = ratioOf(own, other);
    return [
      { before: base, after: value, system, ratio: ratio.center, ...positiveInterval(ratio), p: unityTest(ratio) },
    ];
  });
  const adjusted = holm(rows.map(({ p }) => p));
  const judged = rows.map((row, index): Change => {
    const p = adjusted[index] ?? 1;
    return { ...row, p, changed: p <= LEVEL };
  });
  const size = ({ ratio }: Change): number => Math.abs(Math.log(ratio));
  const known = new Map(before.claims.map(({ id, verdict }) => [id, verdict]));
  return {
    before,
    after,
    rows: judged.sort((a, b) => Number(b.changed) - Number(a.changed) || size(b) - size(a)),
    verdicts: after.claims.flatMap(({ id, text, verdict }) => {
      const from = known.get(id);
      return from === undefined || from === verdict ? [] : [{ text, from, to: verdict }];
    }),
  };
}

function keyOf({ systems }: RunDigest, { system, metric }: ValueDigest): string {
  return `${systems[system]?.key ?? ''} ${metric}`;
}

function estimateOf({ mean, error, freedom }: ValueDigest): PositiveMean | undefined {
  if (error === null || freedom === null || !(mean > 0) || !(error > 0)) return undefined;
  return { center: mean, error, freedom };
}
