import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { viewCgroups } from '../../host/cgroup.js';
import { CHECK, limitsOf } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { versionIn } from '../container/groups.js';
import { consoleIn, type Machine } from '../vm/machine.js';
import type { Place } from '../vm/place.js';
import type { Identity } from '../vm/seed.js';
import { domainXml } from './domain-xml.js';
import { diskFinding, EMULATED } from './findings.js';
import type { Choices } from './options.js';
import { memoryMiB } from './qemu-argv.js';
import { judgeThreads } from './qemu.js';
import { readCpuTotal, readMaxMemoryKiB, readSchedinfo, readVcpupin } from './virsh-output.js';

/** The system's libvirt, whoever asks; messages in English, for they are read. */
const VIRSH = ['env', 'LC_ALL=C', 'virsh', '-q', '-c', 'qemu:///system'] as const;
/** The first call after its start makes libvirtd look at the machine. */
const TIMEOUT_MS = 60_000;

/** Whether a daemon of libvirt's answers. */
export async function hasLibvirt(host: Executor): Promise<boolean> {
  return (await printed(host, ['timeout', '20', ...VIRSH, 'version', '--daemon'])) !== undefined;
}

/** A guest that libvirt runs. It is found by its UUID: its name is no proof that it is ours. */
export function libvirtMachine(host: Executor, place: Place, shape: Shape, choices: Choices): Machine {
  return {
    async isRunning() {
      const state = (await printed(host, [...VIRSH, 'domstate', place.uuid]))?.trim();
      return state === 'running' || state === 'idle' || state === 'paused';
    },
    console: () => consoleIn(host, place.console),
    readBack: () => readBack(host, place, shape, choices),
    destroy: () => endDomain(host, place),
  };
}

/** Ends a guest at once and lets libvirt forget it; nothing to do when it knows none. */
export async function endDomain(host: Executor, place: Place): Promise<void> {
  await printed(host, [...VIRSH, 'destroy', place.uuid]);
  await printed(host, [...VIRSH, 'undefine', place.uuid]);
  if ((await printed(host, [...VIRSH, 'domstate', place.uuid])) === undefined) return;
  const hint = 'see /var/log/libvirt on the host';
  throw new BenchError({ stage: 'stop', message: `the domain ${place.name} on ${host.where} does not go away`, hint });
}

/** Defines the guest, and starts it. libvirt's QEMU runs as a user of its own, who has to get at its files. */
export async function startDomain(
  host: Executor,
  place: Place,
  shape: Shape,
  choices: Choices,
  identity: Identity,
): Promise<void> {
  const xml = domainXml(place, shape, choices, identity, await sharesOf(host, shape));
  await host.put({ path: place.config, content: xml });
  await host.exec({ argv: ['chmod', '711', '--', place.root, place.dir] });
  await virsh(host, 'start', ['define', place.config]);
  await virsh(host, 'start', ['start', place.uuid]);
}

/** CPU seconds of a guest by libvirt's count: its virtual CPUs, and the threads that emulate devices. */
export async function domainSeconds(host: Executor, place: Place): Promise<CpuSeconds> {
  const seconds = readCpuTotal(await virsh(host, 'measure', ['domstats', '--cpu-total', place.uuid]));
  if (seconds !== undefined) {
    return { seconds, source: 'virsh domstats cpu.time: all threads of its QEMU, those that emulate devices too' };
  }
  throw new BenchError({ stage: 'measure', message: `cannot read the CPU time of ${place.name} on ${host.where}` });
}

/** libvirt hands shares on as they are: in the unit of the interface that the host's groups have. */
async function sharesOf(host: Executor, { cpus, cpuWeight }: Shape): Promise<string | undefined> {
  if (cpuWeight === undefined) return undefined;
  const view = await viewCgroups(host, 'self');
  const limits = limitsOf({ cpus, cpuWeight }, (controller) => versionIn(view, controller) ?? 1);
  return limits.find(({ check }) => check === CHECK.weight)?.writes[0]?.[1];
}

async function readBack(host: Executor, place: Place, shape: Shape, choices: Choices): Promise<readonly Finding[]> {
  const scheduler = readSchedinfo(await virsh(host, 'verify', ['schedinfo', place.uuid]));
  const pins = readVcpupin(await virsh(host, 'verify', ['vcpupin', place.uuid]));
  const memory = readMaxMemoryKiB(await virsh(host, 'verify', ['dominfo', place.uuid]));
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
    ...(await diskFinding(host, place, shape)),
    ...(choices.accel === 'tcg' ? [EMULATED] : []),
  ];
}

/** Pure: weight and cap in force against the shape. */
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
