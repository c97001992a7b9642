import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { viewCgroups } from '../../host/cgroup.js';
import { CHECK, limitsOf } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { versionIn } from '../container/groups.js';
import { consoleIn, type Machine } from '../vm/machine.js';
import type { GuestPaths } from '../vm/paths.js';
import type { Identity } from '../vm/seed.js';
import { domainXml } from './domain-xml.js';
import { diskFinding, EMULATED } from './findings.js';
import type { Choices } from './options.js';
import { memoryMiB } from './qemu-argv.js';
import { judgeThreads } from './qemu.js';
import { readCpuTotal, readMaxMemoryKiB, readSchedinfo, readVcpupin } from './virsh-output.js';

/** The system's libvirt for any user; messages in English, because they are parsed. */
const VIRSH = ['env', 'LC_ALL=C', 'virsh', '-q', '-c', 'qemu:///system'] as const;
/** The first call after its start makes libvirtd look at the machine. */
const TIMEOUT_MS = 60_000;

/** Whether a daemon of libvirt's answers. */
export async function hasLibvirt(host: Executor): Promise<boolean> {
  return (await printed(host, ['timeout', '20', ...VIRSH, 'version', '--daemon'])) !== undefined;
}

/** A guest that libvirt runs. It is found by its UUID: its name is no proof that it is ours. */
export function libvirtMachine(host: Executor, paths: GuestPaths, shape: Shape, choices: Choices): Machine {
  return {
    async isRunning() {
      const state = (await printed(host, [...VIRSH, 'domstate', paths.uuid]))?.trim();
      return state === 'running' || state === 'idle' || state === 'paused';
    },
    console: () => consoleIn(host, paths.console),
    readBack: () => readBack(host, paths, shape, choices),
    destroy: () => endDomain(host, paths),
  };
}

/** Destroys a guest and undefines it; does nothing when libvirt has none. */
export async function endDomain(host: Executor, paths: GuestPaths): Promise<void> {
  await printed(host, [...VIRSH, 'destroy', paths.uuid]);
  await printed(host, [...VIRSH, 'undefine', paths.uuid]);
  if ((await printed(host, [...VIRSH, 'domstate', paths.uuid])) === undefined) return;
  const hint = 'see /var/log/libvirt on the host';
  throw new BenchError({ stage: 'stop', message: `the domain ${paths.name} on ${host.where} does not go away`, hint });
}

/** Defines the guest, and starts it. libvirt's QEMU runs as a user of its own, which needs access to its files. */
export async function startDomain(
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
  identity: Identity,
): Promise<void> {
  const xml = domainXml(paths, shape, choices, identity, await sharesOf(host, shape));
  await host.put({ path: paths.config, content: xml });
  await host.exec({ argv: ['chmod', '711', '--', paths.root, paths.dir] });
  await virsh(host, 'start', ['define', paths.config]);
  await virsh(host, 'start', ['start', paths.uuid]);
}

/** CPU seconds of a guest by libvirt's count: its virtual CPUs, and the threads that emulate devices. */
export async function domainSeconds(host: Executor, paths: GuestPaths): Promise<CpuSeconds> {
  const seconds = readCpuTotal(await virsh(host, 'measure', ['domstats', '--cpu-total', paths.uuid]));
  if (seconds !== undefined) {
    const words = 'virsh domstats cpu.time: all threads of its QEMU, those that emulate devices too';
    return { seconds, stepSeconds: 1e-9, source: { kind: 'hypervisor', words } };
  }
  throw new BenchError({ stage: 'measure', message: `cannot read the CPU time of ${paths.name} on ${host.where}` });
}

/** libvirt passes shares on unchanged: they are in the unit of the host's control group version. */
async function sharesOf(host: Executor, { cpus, cpuWeight }: Shape): Promise<string | undefined> {
  if (cpuWeight === undefined) return undefined;
  const view = await viewCgroups(host, 'self');
  const limits = limitsOf({ cpus, cpuWeight }, (controller) => versionIn(view, controller) ?? 1);
  return limits.find(({ check }) => check === CHECK.weight)?.writes[0]?.[1];
}

async function readBack(
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
): Promise<readonly Finding[]> {
  const scheduler = readSchedinfo(await virsh(host, 'verify', ['schedinfo', paths.uuid]));
  const pins = readVcpupin(await virsh(host, 'verify', ['vcpupin', paths.uuid]));
  const memory = readMaxMemoryKiB(await virsh(host, 'verify', ['dominfo', paths.uuid]));
  return [
    judgeThreads(shape.cpus, choices.pinning, pins),
    ...judgeScheduler(shape, await sharesOf(host, shape), scheduler),
    ...(shape.memoryBytes === undefined
      ? []
      : [
          {
            check: CHECK.memory,
            expected: `${memoryMiB(shape) * 2 ** 20} B`,
            found: memory === undefined ? 'cannot be read' : `${memory * 1024} B`,
            verdict: memory === memoryMiB(shape) * 1024 ? ('ok' as const) : ('differs' as const),
          },
        ]),
    ...(await diskFinding(host, paths, shape)),
    ...(choices.accel === 'tcg' ? [EMULATED] : []),
  ];
}

/** Pure: compares weight and cap in force with the shape. */
export function judgeScheduler(
  { cpuCap }: Shape,
  shares: string | undefined,
  scheduler: ReadonlyMap<string, number>,
): readonly Finding[] {
  const quota = scheduler.get('global_quota') ?? -1;
  const cap = quota > 0 ? quota / (scheduler.get('global_period') ?? NaN) : undefined;
  const weight = String(scheduler.get('cpu_shares') ?? 'cannot be read');
  return [
    ...(shares === undefined
      ? []
      : [
          {
            check: CHECK.weight,
            expected: `shares ${shares}`,
            found: `shares ${weight}`,
            verdict: weight === shares ? ('ok' as const) : ('differs' as const),
          },
        ]),
    ...(cpuCap === undefined
      ? []
      : [
          {
            check: CHECK.cap,
            expected: `${cpuCap} CPUs`,
            found: cap === undefined ? 'none' : `${cap} CPUs`,
            verdict:
              cap !== undefined && Math.abs(cap - cpuCap) <= 0.01 * cpuCap ? ('ok' as const) : ('differs' as const),
          },
        ]),
  ];
}

async function virsh(host: Executor, stage: Stage, args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await host.exec({ argv: [...VIRSH, ...args], timeoutMs: TIMEOUT_MS });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const message = `virsh ${args[0] ?? ''} on ${host.where} failed: ${printable(stderr, 300)}`;
  throw new BenchError({ stage, message, hint: 'see /var/log/libvirt/qemu on the host' });
}
