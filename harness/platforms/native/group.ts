import { createHash } from 'node:crypto';
import { BenchError } from '../../errors.js';
import { placeOf, viewCgroups } from '../../host/cgroup.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Host } from '../../types.js';
import { enteredGuest } from '../guest/entered.js';
import { cgroupsScript, namesIn, runScript } from '../guest/script.js';

/*
 * A native guest is the host itself. Its commands run in a control group of their own, so that the same kernel count as
 * for a container gives what they used. Only the hierarchy that counts CPU time is entered: the group limits nothing.
 */

/** Hosts that share a kernel, as in a lab, differ in the name of the parent group. */
function parentOf({ workDir }: Pick<Host, 'workDir'>): string {
  return `bench-native-${createHash('sha256').update(workDir).digest('hex').slice(0, 8)}`;
}

/**
 * Makes the group of a guest below the group that the harness itself runs in on the host: in version 1 that of the
 * controller cpuacct; in version 2 every group but the root has `cpu.stat`. `undefined` where that is impossible.
 */
export async function makeGroup(host: Host, name: string): Promise<string | undefined> {
  const view = await viewCgroups(host.executor, 'self');
  const base = view === undefined ? undefined : placeOf('cpuacct', view);
  return base === undefined ? undefined : lineOf(host, ['make', base.directory, name]);
}

/** The group of a guest that is in use; `undefined` where it has none. */
export function findGroup(host: Host, name: string): Promise<string | undefined> {
  return lineOf(host, ['find', name]);
}

async function lineOf(host: Host, argv: readonly [string, ...string[]]): Promise<string | undefined> {
  const script = await cgroupsScript(new URL('./groups.sh', import.meta.url));
  const text = await printed(host.executor, ['sh', '-c', script, 'sh', parentOf(host), ...argv]);
  const line = text?.trim() ?? '';
  return line.startsWith('/') ? line : undefined;
}

/** Moves what still runs in a guest's group out of it and removes it. There may be none. */
export async function leaveGroup(host: Host, name: string): Promise<void> {
  await manage(host, ['leave', name]);
}

/** Kills what runs in all groups but those of the guests to keep, and removes them; resolves to their names. */
export async function reapGroups(host: Host, keep: readonly string[]): Promise<readonly string[]> {
  return namesIn(await manage(host, ['reap', ...keep]));
}

async function manage(host: Host, argv: readonly string[]): Promise<string> {
  const script = await cgroupsScript(new URL('./groups.sh', import.meta.url));
  const message = `cannot remove control groups of native guests on ${host.executor.where}`;
  return runScript(host.executor, script, [parentOf(host), ...argv], { stage: 'stop', message });
}

/** The writer of 0 is moved itself: cgroups(7). */
const ENTER = 'echo 0 >"$1/cgroup.procs" && shift && exec "$@"';

/** Runs commands of the host in a group. Files are the host's own. */
export function executorIn(host: Executor, name: string, directory: string): Executor {
  const entered = enteredGuest(host, {
    where: host.where,
    name,
    hint: `its control group was ${directory}`,
    wrap: (argv) => ['/bin/sh', '-c', ENTER, 'sh', directory, ...argv],
    isRunning: async () => (await printed(host, ['test', '-d', directory])) !== undefined,
  });
  return { ...entered, put: (file) => host.put(file), get: (path, maxBytes) => host.get(path, maxBytes) };
}

const READ = 'cat "$1/cpuacct.usage" 2>/dev/null || cat "$1/cpu.stat"';

/** CPU seconds of everything that ran in a group, by the kernel's count. */
export async function groupSeconds(host: Executor, directory: string): Promise<CpuSeconds> {
  const text = (await printed(host, ['sh', '-c', READ, 'sh', directory])) ?? '';
  const nanoseconds = /^(\d+)$/.exec(text.trim())?.[1];
  const microseconds = /^usage_usec (\d+)$/m.exec(text)?.[1];
  if (nanoseconds !== undefined) {
    const words = 'cgroup v1 cpuacct.usage of the group that the trial ran in';
    return { seconds: Number(nanoseconds) / 1e9, stepSeconds: 1e-9, source: { kind: 'cgroup', words } };
  }
  if (microseconds !== undefined) {
    const words = 'cgroup v2 cpu.stat usage_usec of the group that the trial ran in';
    return { seconds: Number(microseconds) / 1e6, stepSeconds: 1e-6, source: { kind: 'cgroup', words } };
  }
  const message = `cannot read the CPU time of the control group ${directory} on ${host.where}`;
  throw new BenchError({ stage: 'measure', message });
}
