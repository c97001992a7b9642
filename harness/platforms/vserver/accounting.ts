import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor } from '../../types.js';
import { ticksPerSecond } from '../guest/kernel.js';
import { readBuckets } from './bucket.js';
import type { GuestPaths } from './paths.js';

/**
 * CPU seconds of everything that ran in the guest, the entering of commands included: its control group's count, or,
 * on a kernel with token buckets, the ticks of its context. Both are gone once the guest has stopped.
 */
export async function readCpuTime(host: Executor, paths: GuestPaths, context: number): Promise<CpuSeconds> {
  const sched = await printed(host, ['cat', `/proc/virtual/${context}/sched`]);
  if (sched === undefined) throw unreadable(host, paths, 'it has no context: is it running?');
  if (readBuckets(sched).size === 0) {
    const usage = await printed(host, ['cat', `${paths.cgroup}/cpuacct.usage`]);
    const nanoseconds = /^(\d{1,20})$/.exec(usage?.trim() ?? '')?.[1];
    if (nanoseconds === undefined) throw unreadable(host, paths, 'its control group has no cpuacct.usage');
    const words = 'cgroup v1 cpuacct.usage of the guest';
    return { seconds: Number(nanoseconds) / 1e9, stepSeconds: 1e-9, source: { kind: 'cgroup', words } };
  }
  const hertz = await ticksPerSecond(host);
  if (hertz === undefined) throw unreadable(host, paths, "the kernel's configuration has no CONFIG_HZ");
  const words = `/proc/virtual/${context}/sched, ticks of 1/${hertz} s of user and system time of the context`;
  return { seconds: ticksOf(sched) / hertz, stepSeconds: 1 / hertz, source: { kind: 'context-ticks', words } };
}

/**
 * User and system ticks of all CPUs. `vserver-stat` prints the same in seconds, but pads its fractions in a way that
 * cannot be read back: 10 ticks of 1/250 s as `0m00s40`.
 */
export function ticksOf(sched: string): number {
  const counts = [...sched.matchAll(/^cpu \d+: (\d+) (\d+) /gm)];
  return counts.reduce((sum, [, user, system]) => sum + Number(user) + Number(system), 0);
}

function unreadable(host: Executor, { name }: GuestPaths, found: string): BenchError {
  return new BenchError({ stage: 'measure', message: `cannot read the CPU time of ${name} on ${host.where}`, found });
}
