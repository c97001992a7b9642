import { connectLocal } from '../connect/local.js';
import type { Executor } from '../types.js';
import { readCpuList, writeCpuList } from './cpu-list.js';
import { printed } from './printed.js';

/**
 * Moves a process of this machine, with all its threads, off the given CPUs if it may use others. Resolves to a sentence
 * that describes the result, also after a failure: that makes results noisier, but not wrong. For the process that runs
 * `bench`, where it shares the machine with guests. The parameters after the first are for tests.
 */
export async function keepOff(
  cpus: readonly number[],
  executor: Executor = connectLocal(),
  pid: number = process.pid,
): Promise<string> {
  const status = await printed(executor, ['cat', `/proc/${pid}/status`]);
  const allowed = readCpuList(/^Cpus_allowed_list:\s*(.*)$/m.exec(status ?? '')?.[1] ?? '') ?? [];
  const others = allowed.filter((cpu) => !cpus.includes(cpu));
  const guests = `CPUs ${writeCpuList(cpus)}`;
  if (allowed.length === 0) return `the CPUs that bench runs on are unknown: it may disturb ${guests}`;
  if (others.length === allowed.length) return `bench runs on CPUs ${writeCpuList(allowed)}, off ${guests}`;
  if (others.length === 0) return `bench shares ${guests} with what it measures: there are no others`;
  const moved = await printed(executor, ['taskset', '-a', '-p', '-c', writeCpuList(others), String(pid)]);
  if (moved === undefined) return `bench could not be moved off ${guests}: taskset failed`;
  return `bench keeps to CPUs ${writeCpuList(others)}, off ${guests}`;
}
