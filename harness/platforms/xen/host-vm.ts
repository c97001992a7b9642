import { writeCpuList } from '../../host/cpu-list.js';
import { printed } from '../../host/printed.js';
import { BenchError } from '../../errors.js';
import type { Executor, Finding } from '../../types.js';
import type { XenOptions } from './config.js';
import type { Affinity, VirtualCpu } from './output.js';
import { domains, virtualCpus, xl } from './toolstack.js';

type HostVmOptions = NonNullable<XenOptions['hostVm']>;

/** The host VM before anything was set: what `restoreHostVm` restores. */
interface Original {
  readonly schema: 'bench-host-vm/1';
  readonly memoryMiB: number;
  readonly vcpus: readonly { readonly vcpu: number; readonly hard: string; readonly soft: string }[];
}

const FILE = 'host-vm.json';
/** A balloon returns memory gradually. */
const BALLOON_TRIES = 50;
const PAUSE_MS = 200;
/** How far a balloon may stay from its goal, in MiB: the kernel may be unable to free some pages. */
const BALLOON_SLACK_MIB = 4;

/** Sets the host VM as the options request. Its original state is written to a file on the host first, once. */
export async function setHostVm(host: Executor, root: string, options: HostVmOptions): Promise<void> {
  await keepOriginal(host, root);
  const affinity = writeCpuList(options.cpus);
  const now = await virtualCpus(host, 0, 'start');
  for (const { vcpu, hard } of now) {
    if (write(hard) !== affinity) await xl(host, 'start', ['vcpu-pin', '0', String(vcpu), affinity, 'all']);
  }
  if (options.memoryBytes !== undefined) await setMemory(host, Math.floor(options.memoryBytes / 2 ** 20));
}

/** Restores the original state of the host VM and removes the file; does nothing when nothing was set. */
export async function restoreHostVm(host: Executor, root: string): Promise<void> {
  const text = await printed(host, ['cat', '--', `${root}/${FILE}`]);
  if (text === undefined) return;
  const original = readOriginal(text);
  if (original === undefined) {
    const hint = 'set the host VM by hand with xl vcpu-pin and xl mem-set, and remove the file';
    throw new BenchError({ stage: 'stop', message: `${root}/${FILE} on ${host.where} cannot be read`, hint });
  }
  const present = new Map((await virtualCpus(host, 0, 'stop')).map((cpu) => [cpu.vcpu, cpu]));
  for (const { vcpu, hard, soft } of original.vcpus) {
    const now = present.get(vcpu);
    if (now === undefined || (write(now.hard) === hard && write(now.soft) === soft)) continue;
    await xl(host, 'stop', ['vcpu-pin', '0', String(vcpu), hard, soft]);
  }
  if (Math.abs((await memoryOf(host)) - original.memoryMiB) > BALLOON_SLACK_MIB)
    await setMemory(host, original.memoryMiB);
  await host.exec({ argv: ['rm', '-f', '--', `${root}/${FILE}`] });
}

/** Whether the host VM is as the options request. */
export async function readHostVm(host: Executor, options: HostVmOptions): Promise<readonly Finding[]> {
  return judgeHostVm(options, await virtualCpus(host, 0, 'verify'), await memoryOf(host));
}

/** Pure: compares the host VM with the options. */
export function judgeHostVm(
  { cpus, memoryBytes }: HostVmOptions,
  virtual: readonly VirtualCpu[],
  memoryMiB: number,
): readonly Finding[] {
  const expected = writeCpuList(cpus);
  const found = [...new Set(virtual.map(({ hard }) => write(hard)))].join(' and ');
  const pinned: Finding = { check: 'host VM CPU set', expected, found, verdict: found === expected ? 'ok' : 'differs' };
  if (memoryBytes === undefined) return [pinned];
  const wanted = Math.floor(memoryBytes / 2 ** 20);
  const verdict = Math.abs(memoryMiB - wanted) <= BALLOON_SLACK_MIB ? 'ok' : 'differs';
  return [pinned, { check: 'host VM memory', expected: `${wanted} MiB`, found: `${memoryMiB} MiB`, verdict }];
}

async function keepOriginal(host: Executor, root: string): Promise<void> {
  if ((await printed(host, ['test', '-f', `${root}/${FILE}`])) !== undefined) return;
  const original: Original = {
    schema: 'bench-host-vm/1',
    memoryMiB: await memoryOf(host),
    vcpus: (await virtualCpus(host, 0, 'start')).map(({ vcpu, hard, soft }) => ({
      vcpu,
      hard: write(hard),
      soft: write(soft),
    })),
  };
  await host.put({ path: `${root}/${FILE}`, content: `${JSON.stringify(original)}\n` });
}

/** Reads what `keepOriginal` wrote; `undefined` for anything else. */
export function readOriginal(text: string): Original | undefined {
  const pattern = /^(?:all|\d[\d,-]*)$/;
  try {
    const value = JSON.parse(text) as Partial<Original> | null;
    const fits =
      value?.schema === 'bench-host-vm/1' &&
      Number.isInteger(value.memoryMiB) &&
      Array.isArray(value.vcpus) &&
      (value.vcpus as Original['vcpus']).every(
        ({ vcpu, hard, soft }) => Number.isInteger(vcpu) && pattern.test(hard) && pattern.test(soft),
      );
    return fits ? (value as Original) : undefined;
  } catch {
    return undefined;
  }
}

async function memoryOf(host: Executor): Promise<number> {
  const own = (await domains(host, 'verify')).find(({ id }) => id === 0);
  if (own !== undefined) return own.memoryMiB;
  throw new BenchError({ stage: 'verify', message: `xl list on ${host.where} shows no host VM` });
}

async function setMemory(host: Executor, wanted: number): Promise<void> {
  await xl(host, 'start', ['mem-set', '0', `${wanted}m`]);
  for (let tries = 0; tries < BALLOON_TRIES; tries += 1) {
    if (Math.abs((await memoryOf(host)) - wanted) <= BALLOON_SLACK_MIB) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function write(affinity: Affinity): string {
  return affinity === 'all' ? 'all' : writeCpuList(affinity);
}
