import type { Origin, RawTrial, Reading } from '../../harness/types.js';
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
  const ticks = attempt(() => readTicks(raw));
  return [
    { metric: 'receiver-cpu', ...('absence' in cpu ? cpu.absence : cpu.value) },
    { metric: 'receiver-cpu-ticks', ...('absence' in ticks ? ticks.absence : ticks.value) },
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
 * counters are read a fraction of a second before the start and after the end; the guest is idle then.
 */
function readReceiverCpu(raw: RawTrial): CpuReading {
  const { cpuTime } = raw;
  if (cpuTime === undefined) throw new ParseError("the platform's accounting of CPU time was not read");
  const { before, after, at } = cpuTime;
  if (before.source.kind !== after.source.kind) {
    const [first, second] = [before.source.words, after.source.words];
    throw new ParseError(`CPU time was read from ${first}, and afterwards from ${second}`, at);
  }
  return { ...percentOfCpu(raw, after.seconds - before.seconds, at), clock: after.source };
}

/** As `readReceiverCpu`, by the ticks of the guest's CPUs, which count everything that ran on them. */
function readTicks(raw: RawTrial): CpuReading {
  const { ticks } = raw;
  if (ticks === undefined) throw new ParseError('the agent read no ticks of the CPUs that the guest is pinned to');
  const { busySeconds, cpus, kernel, at } = ticks;
  if (kernel === 'unknown') {
    throw new ParseError('whether these are ticks of the host or of a kernel of the guest is unknown', at);
  }
  const words = `/proc/stat of ${kernel === 'host' ? "the host's kernel" : "the guest's own kernel"}, CPUs ${cpus.join(',')}: all that ran on them, idle, iowait and steal left out`;
  const clock = { kind: kernel === 'host' ? 'machine-ticks' : 'guest-ticks', words } as const;
  return { ...percentOfCpu(raw, busySeconds, at), clock };
}

type CpuReading = Pick<Extract<Reading, { readonly value: number }>, 'value' | 'at' | 'tool' | 'clock'>;

/** Without a transfer that can be trusted there is no value. */
function percentOfCpu(raw: RawTrial, used: number, at: Origin): Omit<CpuReading, 'clock'> {
  readReceived(raw);
  const { wallSeconds } = trustedStep(raw, 'receive');
  // A guest that received for seconds used some; a counter that did not increase is no measurement.
  if (!(used > 0)) throw new ParseError(`CPU time changed by ${used} s while the guest received`, at);
  const value = (used / wallSeconds) * 100;
  if (!Number.isFinite(value)) throw new ParseError('CPU time or wall time is not a number to divide by', at);
  return { value, at, tool: 'iperf' };
}
