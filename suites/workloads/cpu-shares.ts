import type { GuestTrial, Metric, Reading } from '../../harness/types.js';
import { readTrial } from '../hourglass/parse.js';
import type { HourglassReport } from '../hourglass/report.js';
import { sizes } from '../hourglass/sizes.js';
import { cpusWithin, windowOf, type Window } from '../hourglass/window.js';
import { ParseError } from '../parsing.js';
import { earliest, latest, toCommonNs } from '../../harness/trial/simultaneity.js';
import { readingsOr } from '../trial-steps.js';
import { eachGuest } from './guests.js';

export const metrics = {
  'guest-0': { label: 'CPU of guest 0', unit: 'percent', better: 'higher', share: 'one CPU' },
  'others-mean': { label: 'CPU of the other guests, mean', unit: 'percent', better: 'higher', share: 'one CPU' },
  'others-lowest': { label: 'CPU of the other guests, lowest', unit: 'percent', better: 'higher', share: 'one CPU' },
  'others-highest': { label: 'CPU of the other guests, highest', unit: 'percent', better: 'higher', share: 'one CPU' },
  total: { label: 'CPU of all guests, of what their CPUs have', unit: 'percent', better: 'higher', share: 'whole' },
  deviation: { label: 'CPU of guest 0, points off its request', unit: 'percent', better: 'lower' },
} as const satisfies Record<string, Metric>;

export type ShareMetric = keyof typeof metrics;
const names = Object.keys(metrics) as ShareMetric[];

/** Below this part of the time that it was to run, a guest did not share its CPUs with the others. */
const MIN_TOGETHER = 0.5;

/**
 * Pure: the readings of a trial in which guest 0 should get `part` of all CPUs. Shares are of the time in which all
 * guests ran, by the intervals in which each of them did, in percent of one CPU.
 */
export function parse(guests: readonly GuestTrial[], part: number): readonly Reading<ShareMetric>[] {
  return readingsOr(names, () => {
    const reports = eachGuest(guests, (guest) => readGuest(guest));
    const cpus = cpusOf(reports);
    const common = { fromNs: latest(reports.map(({ from }) => from)), toNs: earliest(reports.map(({ to }) => to)) };
    const { at } = reports[0].report;
    const [together, requested] = [common.toNs - common.fromNs, reports[0].report.endNs - reports[0].report.startNs];
    if (Number(together) < MIN_TOGETHER * Number(requested)) {
      throw new ParseError(`the guests ran together for ${seconds(together)} of ${seconds(requested)}`, at);
    }
    const [own = 0, ...others] = reports.map((read) => 100 * shareOf(read, common));
    if (others.length === 0) throw new ParseError('expected several guests, found one', at);
    const sum = others.reduce((total, share) => total + share, 0);
    // Each share is a sum of whole nanoseconds.
    const step = (100 * Math.sqrt(cpus)) / Number(together);
    const read = (metric: ShareMetric, value: number, guests = 1): Reading<ShareMetric> => ({
      metric,
      value,
      resolution: step / Math.sqrt(guests),
      at,
      tool: 'hourglass',
    });
    return [
      read('guest-0', own),
      read('others-mean', sum / others.length, others.length),
      read('others-lowest', Math.min(...others)),
      read('others-highest', Math.max(...others)),
      read('total', (own + sum) / cpus),
      read('deviation', Math.abs(own - 100 * part * cpus)),
    ];
  });
}

interface ReadGuest {
  readonly guest: GuestTrial;
  readonly report: HourglassReport;
  /** When all its threads ran, on the common clock. */
  readonly from: bigint;
  readonly to: bigint;
}

function readGuest(guest: GuestTrial): ReadGuest {
  const report = readTrial(guest.raw, sizes[guest.raw.profile]);
  const { fromNs, toNs } = windowOf(report);
  const step = guest.timing.steps['hourglass'];
  if (step === undefined || report.startNs < BigInt(step.startNs) || report.endNs > BigInt(step.endNs)) {
    throw new ParseError('hourglass reports times outside its step', report.at);
  }
  return {
    guest,
    report,
    from: toCommonNs(String(fromNs), guest.clock),
    to: toCommonNs(String(toNs), guest.clock),
  };
}

/** The number of CPUs that each guest has; all must have as many. */
function cpusOf(reports: readonly [ReadGuest, ...ReadGuest[]]): number {
  const cpus = reports[0].report.workers.length;
  const other = reports.find(({ report }) => report.workers.length !== cpus);
  if (other === undefined) return cpus;
  throw new ParseError(
    `expected guests of ${cpus} CPUs, found guest ${other.guest.assignment.guest} with ${other.report.workers.length}`,
    other.report.at,
  );
}

/** A guest's share of a window of the common clock, in CPUs. */
function shareOf({ guest, report }: ReadGuest, { fromNs, toNs }: Window): number {
  const offset = BigInt(Math.round(guest.clock.offsetNs));
  const share = cpusWithin(report, { fromNs: fromNs - offset, toNs: toNs - offset });
  if (share !== undefined) return share;
  throw new ParseError('the time in which all guests ran is too short', report.at);
}

const seconds = (ns: bigint): string => `${(Number(ns) / 1e9).toFixed(3)} s`;
