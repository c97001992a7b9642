import type { CpuClock, Origin, RawTrial, Reading } from '../../harness/types.js';
import { attempt, refuseOtherTime } from '../network/transfer.js';
import { trustedStep } from '../trial-steps.js';
import { cpuUseOf } from '../cpu-time.js';
import { ParseError } from '../parsing.js';
import { scaled, type Quantity } from '../quantity.js';
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

/** CPU seconds of the guest by its platform's accounting over the time for which it received, in percent of one CPU. */
function readReceiverCpu(raw: RawTrial): CpuReading {
  const { seconds, clock, at } = cpuUseOf(raw);
  return { ...percentOfCpu(raw, seconds, at), clock: clock.kind === 'hypervisor' ? overGuestTime(clock) : clock };
}

/** The duration of the transfer is the guest's own in a virtual machine, and the words of the clock state so. */
function overGuestTime({ kind, words }: CpuClock): CpuClock {
  return { kind, words: `${words}, divided by seconds of the guest's own clock` };
}

/** As `readReceiverCpu`, by the ticks of the guest's CPUs, which count everything that ran on them. */
function readTicks(raw: RawTrial): CpuReading {
  const { ticks } = raw;
  if (ticks === undefined) throw new ParseError('the agent read no ticks of the CPUs that the guest is pinned to');
  const { busySeconds, stepSeconds, cpus, kernel, at } = ticks;
  if (kernel === 'unknown') {
    throw new ParseError('whether these are ticks of the host or of a kernel of the guest is unknown', at);
  }
  const words = `/proc/stat of ${kernel === 'host' ? "the host's kernel" : "the guest's own kernel"}, CPUs ${cpus.join(',')}: all that ran on them, idle, iowait and steal left out`;
  const clock = { kind: kernel === 'host' ? 'machine-ticks' : 'guest-ticks', words } as const;
  if (!(busySeconds > 0)) throw new ParseError(`CPU time changed by ${busySeconds} s while the guest received`, at);
  // Of each CPU a step of its own.
  const used = { value: busySeconds, resolution: stepSeconds * Math.sqrt(cpus.length) };
  return { ...percentOfCpu(raw, used, at), clock };
}

type CpuReading = Pick<Extract<Reading, { readonly value: number }>, 'value' | 'resolution' | 'at' | 'tool' | 'clock'>;

/** Without a transfer that can be trusted there is no value. */
function percentOfCpu(raw: RawTrial, used: Quantity, at: Origin): Omit<CpuReading, 'clock'> {
  readReceived(raw);
  const { wallSeconds } = trustedStep(raw, 'receive');
  const share = scaled(used, 100 / wallSeconds);
  if (!Number.isFinite(share.value)) throw new ParseError('CPU time or wall time is not a number to divide by', at);
  return { ...share, at, tool: 'iperf' };
}
