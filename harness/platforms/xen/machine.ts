import { printed } from '../../host/printed.js';
import { CHECK } from '../../host/limits.js';
import { writeCpuList } from '../../host/cpu-list.js';
import { BenchError } from '../../errors.js';
import type { CpuSeconds, Executor, Finding, Shape } from '../../types.js';
import type { Machine } from '../vm/machine.js';
import type { GuestPaths } from '../vm/paths.js';
import { creditCap, creditWeight, memoryMiB, type XenOptions } from './config.js';
import { readHostVm } from './host-vm.js';
import { readPools, type Affinity, type VirtualCpu } from './output.js';
import { DEFAULT_POOL, poolName, readPool } from './pool.js';
import { creditOf, domainOf, domains, isLive, virtualCpus } from './toolstack.js';

/** How long a destroyed domain may take to be gone. */
const DESTROY_TRIES = 100;
const PAUSE_MS = 200;

/** Loop devices that a toolstack which was killed has left on a guest's files. */
const DETACH = `
for file; do
  losetup -j "$file" -O NAME -n 2>/dev/null | while read -r device; do losetup -d "$device"; done
done
:`;

/** What xenconsoled writes, when it was started with `--log=guest` or `all` (xenconsoled(8)). */
const CONSOLE = 'tail -c 4000 "/var/log/xen/console/guest-$1.log" 2>/dev/null || tail -n 3 "/var/log/xen/xl-$1.log"';

/** A domain of Xen. */
export function xenMachine(host: Executor, paths: GuestPaths, shape: Shape, options: XenOptions): Machine {
  return {
    async isRunning() {
      const domain = await domainOf(host, paths.uuid);
      return domain !== undefined && isLive(domain);
    },
    console: async () => (await printed(host, ['sh', '-c', CONSOLE, 'sh', paths.name])) ?? '',
    readBack: () => readBack(host, paths, shape, options),
    destroy: () => destroyDomain(host, paths),
  };
}

/** Destroys a domain in any state; does nothing when there is none. */
export async function destroyDomain(host: Executor, paths: GuestPaths): Promise<void> {
  for (let tries = 0; tries < DESTROY_TRIES; tries += 1) {
    const domain = await domainOf(host, paths.uuid);
    if (domain === undefined) {
      await printed(host, ['sh', '-c', DETACH, 'sh', paths.disk, paths.seed]);
      return;
    }
    // It fails for a domain that its own shutdown is destroying already; the loop waits until it is gone.
    if (tries % 25 === 0) await printed(host, ['xl', 'destroy', String(domain.id)]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const hint = 'see /var/log/xen on the host';
  throw new BenchError({ stage: 'stop', message: `the domain ${paths.name} on ${host.where} does not go away`, hint });
}

/** Starts the domain that the configuration describes. Throws with the end of xl's log. */
export async function create(host: Executor, paths: GuestPaths): Promise<void> {
  const argv = [
    'sh',
    '-c',
    'exec xl create -q "$1" </dev/null >"$2" 2>&1',
    'sh',
    paths.config,
    `${paths.dir}/xl.log`,
  ] as const;
  const { exit } = await host.exec({ argv, timeoutMs: 180_000 });
  if (exit.kind === 'code' && exit.code === 0) return;
  const log = (await printed(host, ['tail', '-n', '5', '--', `${paths.dir}/xl.log`])) ?? '';
  throw new BenchError({
    stage: 'start',
    message: `xl create of ${paths.name} on ${host.where} failed: ${log.trim().split('\n').join('; ')}`,
    hint: 'logs are in /var/log/xen of the host',
  });
}

async function readBack(
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  options: XenOptions,
): Promise<readonly Finding[]> {
  const domain = await domainOf(host, paths.uuid);
  if (domain === undefined) {
    throw new BenchError({ stage: 'verify', message: `there is no domain ${paths.name} on ${host.where}` });
  }
  const wanted = memoryMiB(shape) * 2 ** 20;
  return [
    judgePinning(shape.cpus, await virtualCpus(host, domain.id, 'verify')),
    {
      check: CHECK.memory,
      expected: `${wanted} B`,
      found: `${domain.memoryMiB * 2 ** 20} B`,
      // xl counts in whole MiB, and a page or two of a domain are not its own.
      verdict: Math.abs(domain.memoryMiB - memoryMiB(shape)) <= 1 ? 'ok' : 'differs',
    },
    ...(options.pool === undefined ? [] : [await readPool(host, paths.root, paths.name, shape)]),
    ...(await credits(host, domain.id, shape, options.pool === undefined ? undefined : paths.root)),
    ...(await diskFinding(host, paths, shape)),
    ...(options.hostVm === undefined ? [] : await readHostVm(host, options.hostVm)),
  ];
}

/** Virtual CPU i may run on the i-th CPU of the shape only. */
export function judgePinning(cpus: readonly number[], virtual: readonly VirtualCpu[]): Finding {
  const expected = writeCpuList(cpus);
  const placed = cpus.map((_, index) => virtual.find(({ vcpu }) => vcpu === index)?.hard);
  const ok = virtual.length === cpus.length && placed.every((hard, index) => isOnly(hard, cpus[index]));
  const found = placed.map((hard, index) => `${index} on ${hard === undefined ? 'nothing' : writeAffinity(hard)}`);
  return {
    check: CHECK.cpus,
    expected,
    found: ok ? expected : `virtual CPU ${found.join(', ')}`,
    verdict: ok ? 'ok' : 'differs',
  };
}

function isOnly(hard: Affinity | undefined, cpu: number | undefined): boolean {
  return Array.isArray(hard) && hard.length === 1 && hard[0] === cpu;
}

export function writeAffinity(affinity: Affinity): string {
  return affinity === 'all' ? 'all' : writeCpuList(affinity);
}

/** `root`: where the guest has a pool of its own. */
async function credits(host: Executor, id: number, shape: Shape, root?: string): Promise<readonly Finding[]> {
  const weight = shape.cpuWeight === undefined ? undefined : creditWeight(shape.cpuWeight);
  const cap = shape.cpuCap === undefined ? undefined : creditCap(shape.cpuCap);
  if (weight === undefined && cap === undefined) return [];
  const found = await creditOf(host, id);
  const limits = [
    { check: CHECK.weight, wanted: weight, is: found?.weight, unit: (value: number) => `weight ${value}` },
    {
      check: CHECK.cap,
      wanted: cap,
      is: found?.cap,
      unit: (value: number) => (value === 0 ? 'none' : `${value / 100} CPUs`),
    },
  ];
  const pools = weight === undefined ? [] : readPools((await printed(host, ['xl', 'cpupool-list', '-c'])) ?? '');
  const pool = pools.find(({ name }) => name === (root === undefined ? DEFAULT_POOL : poolName(root)))?.cpus.length;
  return limits.flatMap(({ check, wanted, is, unit }): Finding[] => {
    if (wanted === undefined) return [];
    const read = is === undefined ? 'not reported by the scheduler of this Xen' : unit(is);
    const finding: Finding = { check, expected: unit(wanted), found: read, verdict: is === wanted ? 'ok' : 'differs' };
    return [check === CHECK.weight && finding.verdict === 'ok' ? judgeWeight(finding, shape, found, pool) : finding];
  });
}

/**
 * Whether a weight that is set binds. The credit scheduler shares out the time of all CPUs of a pool, wherever virtual
 * CPUs are pinned (csched_acct): two guests on one CPU of two are both given all of it, and then run by turns. Measured
 * with weights 3 to 1: 2.9 in a pool of that CPU alone, 1.0 in one of two.
 */
export function judgeWeight(
  set: Finding,
  { cpus }: Pick<Shape, 'cpus'>,
  credit: { readonly scheduler: string } | undefined,
  poolCpus: number | undefined,
): Finding {
  if (credit?.scheduler !== 'credit' || poolCpus === undefined || poolCpus <= cpus.length) return set;
  const hint = 'give the guests a pool: `"pool": "own"` in the options of the target';
  const found = `${set.found}, of no effect: the guest is pinned to ${cpus.length} of the ${poolCpus} CPUs of its pool`;
  return { ...set, found, verdict: 'unavailable', hint };
}

async function diskFinding(host: Executor, paths: GuestPaths, { diskBytes }: Shape): Promise<readonly Finding[]> {
  if (diskBytes === undefined) return [];
  const size = Number(await printed(host, ['stat', '-c', '%s', '--', paths.disk]));
  const found = Number.isFinite(size) ? `${size} B` : 'cannot be read';
  return [{ check: CHECK.disk, expected: `${diskBytes} B`, found, verdict: size === diskBytes ? 'ok' : 'differs' }];
}

/**
 * CPU seconds of a domain and of the host VM, which does its input and output for it: both are what the guest costs.
 * `xl list` has tenths of a second, where `xentop` has whole ones.
 */
export async function readSeconds(host: Executor, paths: GuestPaths): Promise<CpuSeconds> {
  const guest = await domainOf(host, paths.uuid);
  const hostVm = (await domains(host, 'measure')).find(({ id }) => id === 0);
  if (guest === undefined || hostVm === undefined) {
    throw new BenchError({ stage: 'measure', message: `xl list on ${host.where} does not show ${paths.name}` });
  }
  const words = 'xl list, Time(s), of the guest and of the host VM together';
  return { seconds: guest.seconds + hostVm.seconds, stepSeconds: 0.1, source: { kind: 'hypervisor', words } };
}
