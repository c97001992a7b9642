import type { Metric, RawTrial, Reading } from '../../harness/types.js';
import { ParseError } from '../parsing.js';
import { added, counted, divided, exact, scaled, type Quantity } from '../quantity.js';
import { endedWell, readingsOr } from '../trial-steps.js';
import { readReport, type HourglassReport, type Worker } from './report.js';
import type { Size } from './sizes.js';

export const metrics = {
  'run-time': { label: 'hourglass run time', unit: 'percent', better: 'higher', share: 'one CPU' },
  'cpu-clock': {
    label: "hourglass CPU time by the guest's kernel",
    unit: 'percent',
    better: 'higher',
    share: 'one CPU',
  },
  gaps: { label: 'hourglass gaps', unit: '1/s', better: 'lower' },
  switches: { label: 'hourglass involuntary context switches', unit: '1/s', better: 'lower' },
  'longest-gap': { label: 'hourglass longest gap', unit: 'us', better: 'lower' },
  poll: { label: 'hourglass reading of the clock', unit: 'ns', better: 'lower' },
} as const satisfies Record<string, Metric>;

export type HourglassMetric = keyof typeof metrics;
const names = Object.keys(metrics) as HourglassMetric[];

/** The kernel's clock of CPU time may run ahead of the time that passed by this part, where it counts in ticks. */
const TICKS = 0.02;

/** Pure: the readings of a trial. Shares and rates are summed over the guest's CPUs. */
export function parse(raw: RawTrial, size: Size): readonly Reading<HourglassMetric>[] {
  return readingsOr(names, () => {
    const report = readTrial(raw, size);
    const { workers, at } = report;
    const sum = (read: (worker: Worker) => number): number =>
      workers.reduce((total, worker) => total + read(worker), 0);
    // Counts, and nanoseconds, which are counted too.
    const partOfTime = (read: (worker: Worker) => number): Quantity =>
      added(workers.map((worker) => divided(counted(read(worker)), exact(worker.wallNs))));
    const slowest = workers.reduce((worst, worker) => (worker.longestGapNs > worst.longestGapNs ? worker : worst));
    const read = (metric: HourglassMetric, quantity: Quantity, from = at): Reading<HourglassMetric> => ({
      metric,
      ...quantity,
      at: from,
      tool: 'hourglass',
    });
    // If it never ran, its clock shows no measurable time.
    const [ran, polls] = [sum(({ runNs }) => runNs), sum((worker) => worker.polls)];
    return [
      read(
        'run-time',
        scaled(
          partOfTime(({ runNs }) => runNs),
          100,
        ),
      ),
      read(
        'cpu-clock',
        scaled(
          partOfTime(({ cpuClockNs }) => cpuClockNs),
          100,
        ),
      ),
      read(
        'gaps',
        scaled(
          partOfTime(({ gaps }) => gaps),
          1e9,
        ),
      ),
      read(
        'switches',
        scaled(
          partOfTime(({ involuntarySwitches }) => involuntarySwitches),
          1e9,
        ),
      ),
      read('longest-gap', scaled(counted(slowest.longestGapNs), 1e-3), slowest.at),
      ran > 0
        ? read('poll', divided(counted(ran), exact(polls)))
        : { metric: 'poll', missing: 'hourglass did not run at all', at },
    ];
  });
}

/** Pure: the report of a trial of this size. Throws a `ParseError` when it cannot be trusted. */
export function readTrial(raw: RawTrial, { seconds, thresholdUs, slotMs }: Size): HourglassReport {
  const step = endedWell(raw, 'hourglass');
  const report = readReport(step.stdout);
  const ns = Number(report.endNs - report.startNs);
  if (ns !== seconds * 1e9 || report.thresholdNs !== thresholdUs * 1e3 || report.slotNs !== slotMs * 1e6) {
    throw new ParseError(
      `expected ${seconds} s, gaps of ${thresholdUs} us and slots of ${slotMs} ms, found ${ns}, ${report.thresholdNs} and ${report.slotNs} ns`,
      report.at,
    );
  }
  if (seconds > step.wallSeconds * 1.01 + 0.01) {
    throw new ParseError(
      `hourglass reports ${seconds} s, but its step took ${step.wallSeconds.toFixed(4)} s`,
      report.at,
    );
  }
  const ahead = report.workers.find(({ cpuClockNs, wallNs }) => cpuClockNs > wallNs * (1 + TICKS) + 1e7);
  if (ahead !== undefined) {
    throw new ParseError(`${ahead.cpuClockNs} ns of CPU time within ${ahead.wallNs} ns on one CPU`, ahead.at);
  }
  return report;
}
