import type { ReadTrial } from '../../suites/raw.js';
import type { Assignment, GateId, GateReading, Plan, Simultaneity, Workload } from '../types.js';

/** One guest as gates see it. */
export interface GatedGuest {
  readonly assignment: Assignment;
  readonly raw: ReadTrial;
  /** CPUs that it was pinned to, as numbered inside. */
  readonly cpus: readonly number[];
}

/** All that gates may look at, once every guest of a trial has measured. */
export interface GateView {
  readonly guests: readonly GatedGuest[];
  /** Only of a trial of a workload. */
  readonly together?: {
    readonly workload: Pick<Workload, 'overlapLimit'>;
    readonly simultaneity: Simultaneity;
    /** More guests than CPUs, loads included: the scheduler must start them one after another. */
    readonly crowded: boolean;
  };
}

/** A reason to void a trial, with the threshold beyond which it is one. */
export interface Gate {
  readonly id: GateId;
  readonly unit: 'ms' | 'percent';
  /** The threshold when the plan says nothing; a workload may have its own. */
  readonly limit: number;
  /** Which side of the threshold is void. */
  readonly voids: 'above' | 'below';
  readonly about: string;
  /**
   * Pure. The value in `unit`, or null where it cannot be read, with `detail` in words; `allowance` is added to the
   * threshold, `limit` replaces it unless the plan has one. Undefined: the gate says nothing of such a trial.
   */
  read(view: GateView):
    | {
        readonly value: number | null;
        readonly detail: string;
        readonly allowance?: number;
        readonly limit?: number | undefined;
      }
    | undefined;
}

const NS_PER_MS = 1e6;

const skew: Gate = {
  id: 'skew',
  unit: 'ms',
  limit: 1,
  voids: 'above',
  about:
    'Between the first and the last guest to begin measuring; with more guests than CPUs, which are started one after another, between the instants at which they were to begin. Where guests have clocks of their own, what these may be wrong by is allowed on top.',
  read({ together }) {
    if (together === undefined) return undefined;
    const { simultaneity, crowded } = together;
    const { releaseSkewNs, startSkewNs, boundNs } = simultaneity;
    const started = `guests began to measure within ${inMs(startSkewNs)} ms`;
    const wrong = boundNs === 0 ? '' : `, to within ${inMs(boundNs)} ms`;
    const detail = crowded
      ? `released within ${inMs(releaseSkewNs)} ms${wrong}; ${started}, as there are more of them than CPUs`
      : `${started}${wrong}`;
    return { value: (crowded ? releaseSkewNs : startSkewNs) / NS_PER_MS, detail, allowance: boundNs / NS_PER_MS };
  },
};

const overlap: Gate = {
  id: 'overlap',
  unit: 'percent',
  limit: 95,
  voids: 'below',
  about:
    'The time in which all guests measured, over that from the first start to the last end. Workloads whose guests have a fixed amount of work say a limit of their own: where a system is unfair such guests end apart, and that is the result.',
  read({ together }) {
    if (together === undefined) return undefined;
    const value = together.simultaneity.overlap * 100;
    const detail = `all guests measured at once for ${value.toFixed(1)} % of the time from the first start to the last end`;
    return { value, detail, limit: together.workload.overlapLimit };
  },
};

const inMs = (ns: number): string => (ns / NS_PER_MS).toFixed(3);

/** Every gate there is. A new one is one declaration and one entry. */
export const gates: readonly Gate[] = [skew, overlap];

/** What each gate says of a trial, with the thresholds of the plan where it has some. Pure. */
export function readGates(view: GateView, thresholds: Plan['gates'] = {}, of = gates): readonly GateReading[] {
  return of.flatMap((each): GateReading[] => {
    const { id, limit: preset, voids } = each;
    const found = each.read(view);
    if (found === undefined) return [];
    const { value, detail, allowance = 0 } = found;
    const limit = (thresholds[id] ?? found.limit ?? preset) + allowance;
    if (value === null) return [{ gate: id, value, limit, verdict: 'unavailable', detail }];
    const isVoid = voids === 'above' ? value > limit : value < limit;
    return [{ gate: id, value, limit, verdict: isVoid ? 'void' : 'ok', detail }];
  });
}

/** Why gates void a trial, in one line; undefined when none does. */
export function voidedBy(readings: readonly GateReading[], of = gates): string | undefined {
  const reasons = readings.flatMap(({ gate, verdict, limit, detail }) => {
    if (verdict !== 'void') return [];
    const unit = of.find(({ id }) => id === gate)?.unit === 'ms' ? 'ms' : '%';
    return [`${gate}: ${detail} (limit ${Number(limit.toFixed(3))} ${unit})`];
  });
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
