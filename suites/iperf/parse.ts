import type { RawTrial, Reading } from '../../harness/types.js';
import { attempt, refuseOtherTime } from '../network/transfer.js';
import { trustedStep } from '../trial-steps.js';
import { ParseError } from '../parsing.js';
import type { IperfCpuMetric, IperfMetric } from './metrics.js';
import { seconds } from './sizes.js';
import { PORT } from './steps.js';
import { readTransfer, type Transfer } from './transfer.js';

/** Pure: what the guest received, by its own client. */
export function parse(raw: RawTrial): Reading<IperfMetric>[] {
  return [throughput(raw)];
}

/** Pure: the guest's CPU time while it received, and what it received. */
export function parseCpu(raw: RawTrial): Reading<IperfCpuMetric>[] {
  const cpu = attempt(() => readReceiverCpu(raw));
  return [
    'absence' in cpu ? { metric: 'receiver-cpu', ...cpu.absence } : { metric: 'receiver-cpu', ...cpu.value },
    throughput(raw),
  ];
}

function throughput(raw: RawTrial): Reading<'throughput'> {
  const metric = 'throughput';
  const read = attempt(() => readReceived(raw));
  if ('absence' in read) return { metric, ...read.absence };
  return { metric, ...read.value.bitsPerSecond, at: read.value.at, tool: 'iperf' };
}

/** Throws a `ParseError` unless all data came from the peer, for the whole time. */
function readReceived(raw: RawTrial): Transfer {
  const step = trustedStep(raw, 'receive');
  const transfer = readTransfer(step.stdout);
  refuseOtherTime(transfer.seconds, seconds[raw.profile], step.wallSeconds, transfer.at);
  // An iperf that does not know -R sends, and would report the other direction.
  const wrong = transfer.connections.find(({ ports }) => ports?.sender !== PORT);
  if (wrong !== undefined) throw new ParseError('the data did not come from the port of the peer', wrong.at);
  return transfer;
}

/**
 * CPU seconds of the guest by its platform's accounting over the time for which it received, in percent of one CPU. The
 * counters are read a fraction of a second before the start and after the end; the guest is idle then. Without a transfer
 * that can be trusted there is no value.
 */
function readReceiverCpu(raw: RawTrial): { value: number; at: Transfer['at']; tool: string } {
  readReceived(raw);
  const { wallSeconds } = trustedStep(raw, 'receive');
  const { cpuTime } = raw;
  if (cpuTime === undefined) throw new ParseError("the platform's accounting of CPU time was not read");
  const { before, after, at } = cpuTime;
  if (before.source !== after.source) {
    throw new ParseError(`CPU time was read from ${before.source}, and afterwards from ${after.source}`, at);
  }
  const used = after.seconds - before.seconds;
  // A guest that received for seconds used some; a counter that did not increase is no measurement.
  if (!(used > 0)) throw new ParseError(`CPU time changed by ${used} s while the guest received`, at);
  const value = (used / wallSeconds) * 100;
  if (!Number.isFinite(value)) throw new ParseError('CPU time or wall time is not a number to divide by', at);
  return { value, at, tool: `iperf; CPU time: ${after.source}` };
}
