import type { RawTrial, Reading } from '../../harness/types.js';
import { attempt, refuseOtherTime } from '../network/transfer.js';
import { trustedStep } from '../trial-steps.js';
import { ParseError } from '../parsing.js';
import { counted } from '../quantity.js';
import { metricsOf, type Direction, type Iperf3Metric } from './metrics.js';
import { readReport, type Report } from './report.js';
import { seconds, STEP_NAMES } from './steps.js';

/** Pure: what each end received, and how often the sending one repeated itself. */
export function parse(raw: RawTrial): Reading<Iperf3Metric>[] {
  return [...parseDirection(raw, 'in'), ...parseDirection(raw, 'out')];
}

function parseDirection(raw: RawTrial, direction: Direction): Reading<Iperf3Metric>[] {
  const read = attempt(() => readTransfer(raw, direction));
  if ('value' in read) return readingsOf(read.value, direction);
  return Object.values(metricsOf[direction]).map((metric) => ({ metric, ...read.absence }));
}

/** The readings of one report. */
export function readingsOf({ received, retransmits }: Report, direction: Direction): Reading<Iperf3Metric>[] {
  const names = metricsOf[direction];
  const tool = 'iperf3';
  return [
    received === undefined
      ? { metric: names.throughput, missing: 'the report lacks what was received' }
      : { metric: names.throughput, ...received.bitsPerSecond, at: received.at, tool },
    retransmits === undefined
      ? { metric: names.retransmits, missing: 'the report lacks what the sender retransmitted' }
      : { metric: names.retransmits, ...counted(retransmits.count), at: retransmits.at, tool },
  ];
}

function readTransfer(raw: RawTrial, direction: Direction): Report {
  const step = trustedStep(raw, STEP_NAMES[direction]);
  const report = readReport(step.stdout);
  const at = report.received?.at ?? { file: step.stdout.file, line: step.stdout.firstLine };
  if (report.direction !== direction) {
    throw new ParseError(`the data went ${report.direction}, and should have gone ${direction}`, at);
  }
  refuseOtherTime(report.seconds, seconds[raw.profile], step.wallSeconds, at);
  return report;
}
