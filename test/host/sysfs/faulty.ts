import { choices, type Tree } from '../../../harness/host/controls/tree.js';
import type { Files } from './fuse.js';
import { isSecondThread, kernelMemory, react, type KernelMemory } from './react.js';

// A recorded machine as a kernel would keep it, with faults: every write is checked, acted upon, and remembered.

/** What is wrong with the files that match. */
export type Fault =
  /** Writes fail; `value`: only writes of it. */
  | { readonly on: RegExp; readonly fails: 'EBUSY' | 'EIO' | 'EPERM'; readonly value?: string }
  /** Writes succeed and change nothing. */
  | { readonly on: RegExp; readonly ignores: true }
  /** Reads as written that many times, and then again as before: once. */
  | { readonly on: RegExp; readonly returnsAfterReads: number };

const errnos = { EPERM: 1, EIO: 5, EBUSY: 16, ENODEV: 19, EINVAL: 22, ENOENT: 2 } as const;

export interface FaultyMachine {
  /** All files as they read now. */
  tree(): Tree;
  /** Writes that came, in order: `PATH=VALUE`, with the errno where it failed. */
  readonly writes: readonly string[];
  /** CPUs that were online, each list once. */
  readonly onlineSoFar: readonly string[];
  /** Replaces the faults. */
  breaks(faults: readonly Fault[]): void;
  /** The files below a folder, to be served. */
  below(folder: string): Files;
}

export function faultyMachine(recorded: Tree): FaultyMachine {
  const files = new Map(recorded);
  const memory = kernelMemory();
  const writes: string[] = [];
  const onlineSoFar: string[] = [];
  const returning = new Map<string, { readonly value: string; left: number }>();
  let faults: readonly Fault[] = [];

  const settle = (): void => {
    const changed = react(files, memory, { smtOnline: true });
    for (const path of changed.removed) files.delete(path);
    for (const [path, content] of changed.set) files.set(path, content);
    const online = files.get('/sys/devices/system/cpu/online') ?? '';
    if (!onlineSoFar.includes(online)) onlineSoFar.push(online);
  };
  settle();

  const write = (path: string, value: string): number => {
    const before = files.get(path);
    if (before === undefined) return errnos.ENOENT;
    const fault = faults.find(({ on }) => on.test(path));
    if (fault !== undefined && 'fails' in fault && (fault.value ?? value) === value) return errnos[fault.fails];
    const refused = refusal(files, path, value, memory);
    if (refused !== 0 || (fault !== undefined && 'ignores' in fault)) return refused;
    if (fault !== undefined && 'returnsAfterReads' in fault && value !== before) {
      returning.set(path, { value: before, left: fault.returnsAfterReads });
      faults = faults.filter((each) => each !== fault);
    }
    files.set(path, value);
    settle();
    return 0;
  };

  const read = (path: string): string | number => {
    const due = returning.get(path);
    if (due !== undefined && --due.left < 0) {
      returning.delete(path);
      files.set(path, due.value);
      settle();
    }
    const content = files.get(path);
    return content === undefined ? errnos.ENOENT : `${content}\n`;
  };

  return {
    tree: () => files,
    writes,
    onlineSoFar,
    breaks: (next) => {
      faults = next;
    },
    below: (folder) => ({
      paths: () =>
        [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length)),
      read: (path) => read(folder + path),
      write: (path, text) => {
        const error = write(folder + path, text.trim());
        writes.push(`${folder}${path}=${text.trim()}${error === 0 ? '' : ` failed with errno ${error}`}`);
        return error;
      },
    }),
  };
}

/** What the kernel accepts: drivers/base/cpu.c, kernel/cpu.c (smt/control), drivers/cpufreq, drivers/cpuidle/sysfs.c. */
function refusal(files: Tree, path: string, value: string, memory: KernelMemory): number {
  const name = path.slice(path.lastIndexOf('/') + 1);
  switch (name) {
    case 'control':
      if (files.get(path)?.startsWith('not') === true) return errnos.ENODEV;
      return ['on', 'off', 'forceoff'].includes(value) ? 0 : errnos.EINVAL;
    case 'scaling_governor': {
      const offered = files.get(path.replace(/scaling_governor$/, 'scaling_available_governors')) ?? '';
      return choices(offered).includes(value) ? 0 : errnos.EINVAL;
    }
    case 'online': {
      const cpu = Number(/cpu(\d+)\/online$/.exec(path)?.[1]);
      if (memory.smt === 'off' && value === '1' && isSecondThread(memory, cpu)) return errnos.EPERM;
      return ['0', '1'].includes(value) ? 0 : errnos.EINVAL;
    }
    case 'disable':
    case 'boost':
    case 'no_turbo':
      return ['0', '1'].includes(value) ? 0 : errnos.EINVAL;
    default:
      return 0;
  }
}
