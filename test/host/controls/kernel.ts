import { readCpuList, writeCpuList } from '../../../harness/host/cpu-list.js';
import type { Command, Executor } from '../../../harness/types.js';
import type { Machine } from './machine.js';

// What a kernel does by itself when settings change: CPUs that go take files of other controls with them. It acts after
// each command, on the files of a `Machine`.

const CPU = '/sys/devices/system/cpu';

export interface Kernel {
  /** Acts on what was written. */
  settle(): Promise<void>;
}

/**
 * `smtOnline`: whether switching SMT on brings the second threads online, which kernels differ in. Needs a machine with
 * smt/control, topology and a policy of each CPU.
 */
export function kernelOf(
  machine: Machine,
  remove: (path: string) => Promise<void>,
  options: { readonly smtOnline: boolean },
): Kernel {
  const hidden = new Map<string, string>();
  let threads: ReadonlyMap<string, string> | undefined;
  let smt = 'on';
  const settle = async (): Promise<void> => {
    const files = await machine.files();
    threads ??= new Map(Object.entries(files).filter(([path]) => path.endsWith('thread_siblings_list')));
    const second = [...threads].flatMap(([path, list]) => {
      const cpu = Number(/cpu(\d+)\/topology/.exec(path)?.[1]);
      return readCpuList(list)?.[0] === cpu ? [] : [cpu];
    });
    const control = files[`${CPU}/smt/control`] ?? 'on';
    const online = new Set<number>();
    for (const [path, content] of Object.entries(files)) {
      const cpu = /cpu\/cpu(\d+)\/online$/.exec(path)?.[1];
      if (cpu === undefined) continue;
      const isSecond = second.includes(Number(cpu));
      let value = content;
      if (isSecond && control === 'off') value = '0';
      if (isSecond && control === 'on' && smt === 'off' && options.smtOnline) value = '1';
      if (value !== content) await machine.set(path, value);
      if (value === '1') online.add(Number(cpu));
    }
    smt = control;
    online.add(0);
    await machine.set(`${CPU}/online`, writeCpuList([...online]));
    await hideOffline(files, online);
    await shrinkCpusets(files, online);
  };

  const hideOffline = async (files: Record<string, string>, online: ReadonlySet<number>): Promise<void> => {
    const ofCpu = /(?:policy|cpu)(\d+)\/(?:scaling_governor|topology\/.*|cpuidle\/.*)$/;
    for (const [path, content] of Object.entries(files)) {
      const cpu = ofCpu.exec(path)?.[1];
      if (cpu === undefined || online.has(Number(cpu))) continue;
      hidden.set(path, content);
      await remove(path);
    }
    for (const [path, content] of hidden) {
      const cpu = Number(ofCpu.exec(path)?.[1]);
      if (!online.has(cpu)) continue;
      hidden.delete(path);
      await machine.set(path, content);
    }
  };

  const shrinkCpusets = async (files: Record<string, string>, online: ReadonlySet<number>): Promise<void> => {
    for (const [path, content] of Object.entries(files)) {
      if (!path.startsWith('/sys/fs/cgroup/cpuset/')) continue;
      const left = (readCpuList(content) ?? []).filter((cpu) => online.has(cpu));
      if (writeCpuList(left) !== content) await machine.set(path, writeCpuList(left));
    }
  };

  return { settle };
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
