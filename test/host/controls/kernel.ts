import type { Command, Executor } from '../../../harness/types.js';
import { kernelMemory, react, type Reaction } from '../sysfs/react.js';
import type { Machine } from './machine.js';

// A kernel that acts after each command, on the files of a `Machine`.

export interface Kernel {
  /** Acts on what was written. */
  settle(): Promise<void>;
}

/** Needs a machine with smt/control, topology and a policy of each CPU. */
export function kernelOf(machine: Machine, remove: (path: string) => Promise<void>, options: Reaction): Kernel {
  const memory = kernelMemory();
  return {
    settle: async () => {
      const changed = react(new Map(Object.entries(await machine.files())), memory, options);
      for (const path of changed.removed) await remove(path);
      for (const [path, content] of changed.set) await machine.set(path, content);
    },
  };
}

/** An executor after each of whose commands the kernels act. */
export function under(kernels: readonly Kernel[], executor: Executor): Executor {
  return {
    ...executor,
    exec: async (command: Command) => {
      const result = await executor.exec(command);
      for (const kernel of kernels) await kernel.settle();
      return result;
    },
  };
}
