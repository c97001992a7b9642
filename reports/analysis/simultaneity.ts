import { isWorkload, type Measured } from '../model/measured.js';
import { quantileOfSorted } from '../statistics/descriptive.js';
import type { Extent, Simultaneous } from '../model/simultaneous.js';
import type { System, Trial } from '../model/types.js';

/**
 * One entry for each workload and system, in the order of the registry and of the columns; none for workloads of one
 * guest.
 */
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
