import type { ShareRequest } from '../model/exhibit.js';
import type { Interval } from '../statistics/intervals.js';
import type { RequestedShare } from '../model/types.js';

/** An achieved share compared with the requested one, on a system with this number of CPUs; all in percent. */
export function requestedShare(
  request: ShareRequest,
  cpus: number,
  { center, interval }: { readonly center: number; readonly interval: Interval | null },
): RequestedShare {
  const requested = request.of === 'cpu' ? request.percent * cpus : request.percent;
  const deviation = center - requested;
  return {
    requested,
    deviation,
    low: interval === null ? null : interval.low - requested,
    high: interval === null ? null : interval.high - requested,
    beyond: Math.abs(deviation) > request.within,
  };
}
