import { isWorkload, type Measured } from '../model/measured.js';
import { quantileOfSorted } from '../statistics/descriptive.js';
import type { System, Trial } from '../model/types.js';

/** How simultaneous the guests of one trial were. */
export interface SimultaneousTrial {
  /** Index into `Report.trials`. */
  readonly trial: number;
  readonly void: boolean;
  readonly releaseSkewNs: number;
  readonly startSkewNs: number;
  readonly overlap: number;
}

/** Median and worst of the trials that are not void. */
export interface Extent {
  readonly median: number;
  readonly worst: number;
}

/** How simultaneous the guests of a workload were on one system, over its trials. */
export interface Simultaneous {
  readonly workload: string;
  /** Key of `Report.systems`. */
  readonly system: string;
  readonly guests: number;
  /** Trials behind the numbers: those that were measured and are not void. */
  readonly n: number;
  readonly releaseSkewNs: Extent | null;
  readonly startSkewNs: Extent | null;
  readonly overlap: Extent | null;
  /** How far skews may be wrong because clocks differ, at worst. */
  readonly boundNs: number | null;
  /** Every trial of which it is known, void ones too. */
  readonly trials: readonly SimultaneousTrial[];
}

/** One entry for each workload and system, in the order of the registry and of the columns; one guest is never apart. */
export function simultaneityOf(
  trials: readonly Trial[],
  measured: readonly Measured[],
  systems: readonly System[],
): Simultaneous[] {
  return measured.filter(isWorkload).flatMap((workload) =>
    systems.flatMap((system): Simultaneous[] => {
      const known = trials.flatMap((trial, index) =>
        isOf(trial, workload.id, system) && trial.simultaneity !== null
          ? [{ index, trial, simultaneity: trial.simultaneity }]
          : [],
      );
      const guests = Math.max(0, ...known.map(({ simultaneity }) => simultaneity.guests));
      if (guests < 2) return [];
      const good = known.filter(({ trial }) => trial.status === 'collected').map(({ simultaneity }) => simultaneity);
      const extent = (values: readonly number[], worst: (...values: number[]) => number): Extent | null => {
        if (values.length === 0) return null;
        return {
          median: quantileOfSorted(
            [...values].sort((a, b) => a - b),
            0.5,
          ),
          worst: worst(...values),
        };
      };
      return [
        {
          ...{ workload: workload.id, system: system.key, guests, n: good.length },
          releaseSkewNs: extent(
            good.map(({ releaseSkewNs }) => releaseSkewNs),
            Math.max,
          ),
          startSkewNs: extent(
            good.map(({ startSkewNs }) => startSkewNs),
            Math.max,
          ),
          overlap: extent(
            good.map(({ overlap }) => overlap),
            Math.min,
          ),
          boundNs: good.length === 0 ? null : Math.max(...good.map(({ boundNs }) => boundNs)),
          trials: known.map(({ index, trial, simultaneity }) => ({
            ...{ trial: index, void: trial.status !== 'collected', releaseSkewNs: simultaneity.releaseSkewNs },
            ...{ startSkewNs: simultaneity.startSkewNs, overlap: simultaneity.overlap },
          })),
        },
      ];
    }),
  );
}

/** Only what was measured to its end, or is void for how it was measured. */
function isOf({ benchmark: suite, system, status }: Trial, workload: string, of: System): boolean {
  return suite === workload && system === of.key && (status === 'collected' || status === 'void');
}
