import { readCpuList, writeCpuList } from '../../../harness/host/cpu-list.js';
import type { Tree } from '../../../harness/host/controls/tree.js';

// What a kernel does by itself when settings change: CPUs that go take files of other controls with them.

const CPU = '/sys/devices/system/cpu';

export interface Reaction {
  /** Whether switching SMT on brings the second threads online, which kernels differ in. */
  readonly smtOnline: boolean;
}

/** What it remembers from one change to the next. */
export interface KernelMemory {
  /** Files of CPUs that are offline. */
  readonly hidden: Map<string, string>;
  threads?: Tree;
  smt: string;
}

export const kernelMemory = (): KernelMemory => ({ hidden: new Map(), smt: 'on' });

export interface Changed {
  readonly set: ReadonlyMap<string, string>;
  readonly removed: readonly string[];
}

/** What changes after a file was written. Changes nothing but the memory. */
export function react(files: Tree, memory: KernelMemory, { smtOnline }: Reaction): Changed {
  memory.threads ??= new Map([...files].filter(([path]) => path.endsWith('thread_siblings_list')));
  const control = files.get(`${CPU}/smt/control`) ?? 'on';
  const set = new Map<string, string>();
  const online = new Set<number>([0]);
  for (const [path, content] of files) {
    const cpu = /cpu\/cpu(\d+)\/online$/.exec(path)?.[1];
    if (cpu === undefined) continue;
    const isSecond = isSecondThread(memory, Number(cpu));
    let value = content;
    if (isSecond && control === 'off') value = '0';
    if (isSecond && control === 'on' && memory.smt === 'off' && smtOnline) value = '1';
    if (value !== content) set.set(path, value);
    if (value === '1') online.add(Number(cpu));
  }
  memory.smt = control;
  set.set(`${CPU}/online`, writeCpuList([...online]));
  const removed = hideOffline(files, online, memory, set);
  shrinkCpusets(files, online, set);
  return { set, removed };
}

/** Whether a CPU is not the first thread of its core. */
export function isSecondThread({ threads = new Map() }: KernelMemory, cpu: number): boolean {
  const list = threads.get(`${CPU}/cpu${cpu}/topology/thread_siblings_list`);
  return list !== undefined && readCpuList(list)?.[0] !== cpu;
}

function hideOffline(
  files: Tree,
  online: ReadonlySet<number>,
  { hidden }: KernelMemory,
  set: Map<string, string>,
): readonly string[] {
  const ofCpu = /(?:policy|cpu)(\d+)\/(?:scaling_governor|topology\/.*|cpuidle\/.*)$/;
  const removed: string[] = [];
  for (const [path, content] of files) {
    const cpu = ofCpu.exec(path)?.[1];
    if (cpu === undefined || online.has(Number(cpu))) continue;
    hidden.set(path, content);
    removed.push(path);
  }
  for (const [path, content] of hidden) {
    if (!online.has(Number(ofCpu.exec(path)?.[1]))) continue;
    hidden.delete(path);
    set.set(path, content);
  }
  return removed;
}

function shrinkCpusets(files: Tree, online: ReadonlySet<number>, set: Map<string, string>): void {
  for (const [path, content] of files) {
    if (!path.startsWith('/sys/fs/cgroup/cpuset/')) continue;
    const left = writeCpuList((readCpuList(content) ?? []).filter((cpu) => online.has(cpu)));
    if (left !== content) set.set(path, left);
  }
}
