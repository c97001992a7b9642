import { z } from 'zod';
import { BenchError } from '../../errors.js';
import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { CHECK } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import { readCpuTicks } from '../../host/cpu-ticks.js';
import type { CpuSeconds, Executor, Finding, Guest, GuestSpec, Host, Shape } from '../../types.js';
import type { PlatformDriver } from '../driver.js';
import { executorIn, findGroup, groupSeconds, leaveGroup, makeGroup, reapGroups } from './group.js';

/** Linux without virtualization: the guest is the host. Nothing is limited; a control group counts its CPU time. */
export const native: PlatformDriver<'native'> = {
  id: 'native',
  aliases: ['linux', 'bare'],
  label: 'native Linux',
  boundary: 'none',
  kin: { family: 'Linux', same: true },
  traits: {
    multipleKernels: false,
    rootPower: 'full',
    checkpointResume: false,
    liveMigration: false,
    liveUpdate: false,
    isolation: {
      security: 'none',
      cpu: 'the scheduler of Linux, between processes',
      memory: 'none between users of the host',
      io: 'the block and network schedulers of Linux, between processes',
    },
  },
  enforces: ['cpus'],
  options: z.strictObject({}),
  packages: [],

  async probe(host, target) {
    const online = await onlineCpus(host.executor);
    if (online === undefined) {
      const hint = 'the host must be Linux, with /sys mounted';
      return [{ check: 'CPUs online', expected: 'a list', found: 'cannot be read', verdict: 'differs', hint }];
    }
    return [cpusOnline(target?.shape.cpus ?? online, online)];
  },

  async start(host, spec) {
    const workDir = workDirOf(host);
    const made = await host.executor.exec({ argv: ['mkdir', '-p', '--', workDir] });
    if (made.exit.kind === 'code' && made.exit.code === 0) {
      return nativeGuest(host, spec, await makeGroup(host, spec.name));
    }
    throw new BenchError({ stage: 'start', message: `cannot make ${workDir}: ${made.stderr.trim()}` });
  },

  async attach(host, spec) {
    const there = await printed(host.executor, ['test', '-d', workDirOf(host)]);
    if (there === undefined) return undefined;
    return nativeGuest(host, spec, await findGroup(host, spec.name));
  },

  async cpuTime(host, guest): Promise<CpuSeconds> {
    const group = await findGroup(host, guest.name);
    return group === undefined ? ticksOf(host.executor, guest.cpus) : groupSeconds(host.executor, group);
  },

  reap: (host, keep = []) => reapGroups(host, keep),
};

const workDirOf = ({ workDir }: Host): string => `${workDir}/native`;

/** Where the guest could have no group of its own. */
async function ticksOf(host: Executor, cpus: readonly number[]): Promise<CpuSeconds> {
  const stat = await printed(host, ['cat', '/proc/stat']);
  // 100 on every common Linux; getconf is not installed everywhere.
  const frequency = Number((await printed(host, ['getconf', 'CLK_TCK'])) ?? 100);
  const ticks = readCpuTicks(stat ?? '');
  const busy = cpus.map((cpu) => ticks.get(cpu)?.busy);
  if (!(frequency > 0) || busy.length === 0 || busy.some((value) => value === undefined)) {
    const found = writeCpuList([...ticks.keys()]);
    throw new BenchError({
      stage: 'measure',
      message: `cannot read the CPU time of ${host.where} from /proc/stat`,
      expected: `CPUs ${writeCpuList(cpus)}`,
      found: found === '' ? 'none' : `CPUs ${found}`,
    });
  }
  const seconds = busy.reduce<number>((sum, value) => sum + (value ?? 0), 0) / frequency;
  const words = `/proc/stat of CPUs ${writeCpuList(cpus)}: everything that ran on them, idle, iowait and steal left out`;
  // Of each CPU a step of its own.
  return { seconds, stepSeconds: Math.sqrt(cpus.length) / frequency, source: { kind: 'proc-stat', words } };
}

function nativeGuest(host: Host, spec: GuestSpec, group: string | undefined): Guest {
  const { shape } = spec.target;
  return {
    name: spec.name,
    cpus: shape.cpus,
    executor: group === undefined ? host.executor : executorIn(host.executor, spec.name, group),
    workDir: workDirOf(host),
    readBack: async () => [...(await readBack(host.executor, shape)), accounting(group)],
    stop: () => leaveGroup(host, spec.name),
  };
}

/** Nothing limits the host to a shape: its CPUs are online or not, and other limits are reported as not enforced. */
async function readBack(executor: Executor, shape: Shape): Promise<readonly Finding[]> {
  const online = await onlineCpus(executor);
  const present = online === undefined ? undefined : cpusOnline(shape.cpus, online);
  const requested: readonly (readonly [check: string, wanted: string | undefined])[] = [
    [CHECK.memory, shape.memoryBytes === undefined ? undefined : `${shape.memoryBytes} B`],
    [CHECK.weight, shape.cpuWeight === undefined ? undefined : `weight ${shape.cpuWeight}`],
    [CHECK.cap, shape.cpuCap === undefined ? undefined : `${shape.cpuCap} CPUs`],
    [CHECK.disk, shape.diskBytes === undefined ? undefined : `${shape.diskBytes} B`],
  ];
  return [
    ...(present === undefined ? [] : [present]),
    pinning(shape.cpus, online ?? []),
    ...requested.flatMap(([check, wanted]) => (wanted === undefined ? [] : [notEnforced(check, wanted)])),
  ];
}

function accounting(group: string | undefined): Finding {
  const finding = { check: 'CPU accounting', expected: 'a control group of its own' };
  if (group !== undefined) return { ...finding, found: group, verdict: 'ok' };
  const hint = 'its CPU time is read from /proc/stat and not compared with that of containers; root can make a group';
  return { ...finding, found: 'none can be made', verdict: 'unavailable', hint };
}

function cpusOnline(wanted: readonly number[], online: readonly number[]): Finding {
  const ok = wanted.every((cpu) => online.includes(cpu));
  const finding = { check: 'CPUs online', expected: writeCpuList(wanted), found: writeCpuList(online) };
  if (ok) return { ...finding, verdict: 'ok' };
  const hint = 'write 1 to /sys/devices/system/cpu/cpu<N>/online, or give the target other CPUs';
  return { ...finding, verdict: 'differs', hint };
}

/** Only the agent's affinity keeps a native trial on its CPUs; the kernel still uses the others. */
function pinning(wanted: readonly number[], online: readonly number[]): Finding {
  const finding = { check: CHECK.cpus, expected: writeCpuList(wanted), found: writeCpuList(online) };
  if (finding.expected === finding.found) return { ...finding, verdict: 'ok' };
  return {
    ...finding,
    verdict: 'unavailable',
    hint: `pinned by the agent; the kernel still has ${online.length} CPUs (maxcpus=${wanted.length} on its command line changes that)`,
  };
}

function notEnforced(check: string, expected: string): Finding {
  const hint = 'the host itself cannot be limited; a limit on the kernel command line would show in the facts';
  return { check, expected, found: 'not enforced on native', verdict: 'unavailable', hint };
}

async function onlineCpus(executor: Executor): Promise<readonly number[] | undefined> {
  const text = await printed(executor, ['cat', '/sys/devices/system/cpu/online']);
  const cpus = text === undefined ? undefined : readCpuList(text);
  return cpus === undefined || cpus.length === 0 ? undefined : cpus;
}
