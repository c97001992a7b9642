import { createHash } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { writeCpuList } from '../../host/cpu-list.js';
import { printed } from '../../host/printed.js';
import { BenchError } from '../../errors.js';
import type { Executor, Finding, Shape } from '../../types.js';
import { readPools, type Pool } from './output.js';
import { info, SCHEDULERS, xl } from './toolstack.js';

/** Xen has it from the start; domains are put into it unless they ask for another. */
export const DEFAULT_POOL = 'Pool-0';
const FILE = 'cpu-pool.json';

/** The CPUs that a pool of ours has, or had when a crash came: what `restorePool` gives back. */
interface Taken {
  readonly schema: 'bench-cpu-pool/1';
  readonly cpus: readonly number[];
}

/** The name of the pool of the guests below this root: `bench-` and eight hexadecimal digits. */
export const poolName = (root: string): string =>
  `bench-${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;

/** Guests that start at once share the pool, and only the first of them makes it. */
const turns = new WeakMap<Executor, LimitFunction>();

/**
 * Makes a CPU pool of the shape's CPUs, with the scheduler that the hypervisor was booted with. They are written to a file
 * on the host before they are taken from the default pool. Does nothing when it is there.
 */
export async function setPool(host: Executor, root: string, shape: Pick<Shape, 'cpus'>): Promise<void> {
  const turn = turns.get(host) ?? pLimit(1);
  turns.set(host, turn);
  await turn(() => makePool(host, root, shape));
}

async function makePool(host: Executor, root: string, { cpus }: Pick<Shape, 'cpus'>): Promise<void> {
  const name = poolName(root);
  const before = await pools(host, 'start');
  const own = before.find((pool) => pool.name === name);
  if (own !== undefined && writeCpuList(own.cpus) === writeCpuList(cpus)) return;
  await restorePool(host, root);
  const other = before.find(
    (pool) => ![name, DEFAULT_POOL].includes(pool.name) && cpus.some((cpu) => pool.cpus.includes(cpu)),
  );
  if (other !== undefined) {
    const hint = 'give the target other CPUs, or remove that pool';
    const message = `CPUs ${writeCpuList(cpus)} of ${host.where} are in the CPU pool ${other.name}`;
    throw new BenchError({ stage: 'start', message, expected: DEFAULT_POOL, found: other.name, hint });
  }
  const taken: Taken = { schema: 'bench-cpu-pool/1', cpus };
  await host.put({ path: `${root}/${FILE}`, content: `${JSON.stringify(taken)}\n` });
  for (const cpu of cpus) await xl(host, 'start', ['cpupool-cpu-remove', DEFAULT_POOL, String(cpu)]);
  const scheduler = (await info(host, 'start')).get('xen_scheduler') ?? '';
  const list = cpus.map((cpu) => `"${cpu}"`).join(', ');
  const kind = SCHEDULERS[scheduler] === undefined ? 'credit' : scheduler;
  await xl(host, 'start', ['cpupool-create', `name="${name}"`, `sched="${kind}"`, `cpus=[${list}]`]);
}

/** Removes the pool and gives its CPUs back, in any state that a crash or a reboot left; the file last. */
export async function restorePool(host: Executor, root: string): Promise<void> {
  const text = await printed(host, ['cat', '--', `${root}/${FILE}`]);
  if (text === undefined) return;
  const taken = readTaken(text);
  if (taken === undefined) {
    const hint = 'give its CPUs back by hand with xl cpupool-destroy and xl cpupool-cpu-add, and remove the file';
    throw new BenchError({ stage: 'stop', message: `${root}/${FILE} on ${host.where} cannot be read`, hint });
  }
  const name = poolName(root);
  if ((await pools(host, 'stop')).some((pool) => pool.name === name)) await xl(host, 'stop', ['cpupool-destroy', name]);
  const held = new Set((await pools(host, 'stop')).flatMap((pool) => pool.cpus));
  for (const cpu of taken.cpus) {
    if (!held.has(cpu)) await xl(host, 'stop', ['cpupool-cpu-add', DEFAULT_POOL, String(cpu)]);
  }
  await host.exec({ argv: ['rm', '-f', '--', `${root}/${FILE}`] });
}

/** Whether a guest is in the pool, and the pool has exactly the CPUs of the shape. */
export async function readPool(
  host: Executor,
  root: string,
  guest: string,
  { cpus }: Pick<Shape, 'cpus'>,
): Promise<Finding> {
  const name = poolName(root);
  const listed = await xl(host, 'verify', ['list', '-c', guest]);
  return judgePool(name, cpus, await pools(host, 'verify'), listed);
}

/** Pure: `listed` is `xl list -c`, whose last column is the pool of the domain. */
export function judgePool(name: string, cpus: readonly number[], all: readonly Pool[], listed: string): Finding {
  const expected = `CPUs ${writeCpuList(cpus)}, of its own`;
  const pool = all.find((each) => each.name === name);
  const its = /(\S+)\s*$/.exec(listed)?.[1];
  const ok = its === name && pool !== undefined && writeCpuList(pool.cpus) === writeCpuList(cpus);
  const found = its === name ? `CPUs ${writeCpuList(pool?.cpus ?? [])}, of its own` : (its ?? 'nothing');
  return { check: 'CPU pool', expected, found: ok ? expected : found, verdict: ok ? 'ok' : 'differs' };
}

async function pools(host: Executor, stage: 'start' | 'stop' | 'verify'): Promise<readonly Pool[]> {
  return readPools(await xl(host, stage, ['cpupool-list', '-c']));
}

function readTaken(text: string): Taken | undefined {
  try {
    const value = JSON.parse(text) as Partial<Taken> | null;
    const fits =
      value?.schema === 'bench-cpu-pool/1' &&
      Array.isArray(value.cpus) &&
      (value.cpus as unknown[]).every((cpu) => Number.isInteger(cpu) && Number(cpu) >= 0);
    return fits ? (value as Taken) : undefined;
  } catch {
    return undefined;
  }
}
