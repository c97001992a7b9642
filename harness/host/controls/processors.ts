import { z } from 'zod';
import { readCpuList, writeCpuList } from '../cpu-list.js';
import { declare } from './control.js';
import { filesLike, type Tree } from './tree.js';

const CPU = '/sys/devices/system/cpu';
const ONLINE = new RegExp(`${CPU}/cpu(\\d+)/online`);
const THREADS = new RegExp(`${CPU}/cpu(\\d+)/topology/thread_siblings_list`);
const CPUSET_V1 = '/sys/fs/cgroup/cpuset';

/**
 * What also changes when a CPU goes offline: cpusets of version 1 lose it permanently, and interrupts bound to them
 * move.
 */
const AFFECTED_PATHS = [
  `${CPU}/online`,
  `${CPU}/cpu[0-9]*/online`,
  ...['*', '*/*', '*/*/*', '*/*/*/*'].map((depth) => `${CPUSET_V1}/${depth}/cpuset.cpus`),
  '/proc/irq/[0-9]*/smp_affinity_list',
];

/** CPUs that are online; empty if the kernel does not list them. A CPU with its own switch: the value of that. */
export function onlineCpus(tree: Tree): readonly number[] {
  const switches = new Map(filesLike(tree, ONLINE).map(({ content, groups }) => [Number(groups[0]), content === '1']));
  const listed = readCpuList(tree.get(`${CPU}/online`) ?? '') ?? [];
  const cpus = new Set([...listed, ...switches.keys()]);
  return [...cpus].filter((cpu) => switches.get(cpu) ?? true).sort((a, b) => a - b);
}

/** CPUs that are not the first thread of their core: what the kernel takes offline when SMT is switched off. */
export function secondThreads(tree: Tree): readonly number[] {
  return filesLike(tree, THREADS).flatMap(({ content, groups }) => {
    const cpu = Number(groups[0]);
    const first = readCpuList(content)?.[0];
    return first === undefined || first === cpu ? [] : [cpu];
  });
}

function affectedBy(tree: Tree, leaving: readonly number[]): readonly string[] {
  const within = (content: string): boolean => {
    const cpus = readCpuList(content) ?? [];
    return cpus.length > 0 && cpus.every((cpu) => leaving.includes(cpu));
  };
  const online = filesLike(tree, ONLINE).filter(({ groups }) => leaving.includes(Number(groups[0])));
  const bound = filesLike(tree, /\/proc\/irq\/\d+\/smp_affinity_list/).filter(({ content }) => within(content));
  const groups = filesLike(tree, new RegExp(`${CPUSET_V1}/.+/cpuset\\.cpus`)).filter(({ content }) =>
    (readCpuList(content) ?? []).some((cpu) => leaving.includes(cpu)),
  );
  return [...online, ...groups, ...bound].map(({ path }) => path);
}

/**
 * Simultaneous multithreading (Documentation/ABI/testing/sysfs-devices-system-cpu, "smt"). Off by default, as in every
 * test of Soltesz et al.: two threads of a core slow each other down by what the other one does. The file is writable by
 * its mode even where a write fails (`notsupported`: ENODEV).
 */
export const smt = declare<'on' | 'off'>({
  id: 'smt',
  label: 'SMT',
  paths: [`${CPU}/smt/control`, `${CPU}/cpu[0-9]*/topology/thread_siblings_list`, ...AFFECTED_PATHS],
  schema: z.enum(['on', 'off'], { error: '"on" or "off"' }),
  standard: 'off',
  read(tree) {
    const control = tree.get(`${CPU}/smt/control`);
    if (control === undefined) return { unavailable: 'this kernel has no smt/control' };
    if (!control.startsWith('not')) return { value: control };
    return { unavailable: `${control}: one thread per core; in a guest, the machine itself may have more` };
  },
  set(tree, wanted, { pinned }) {
    const control = tree.get(`${CPU}/smt/control`) ?? '';
    const off = control === 'off' || control === 'forceoff';
    if (off === (wanted === 'off')) return [];
    if (control === 'forceoff') return 'it is off until the next boot (nosmt=force)';
    const lost = wanted === 'off' ? secondThreads(tree).filter((cpu) => pinned.includes(cpu)) : [];
    if (lost.length > 0) {
      return `CPUs ${writeCpuList(lost)} of the targets are second threads of their cores: name the first ones, or leave SMT`;
    }
    return [{ path: `${CPU}/smt/control`, value: wanted }];
  },
  // Switched on again, some kernels bring all threads online, also those that were not before, and some none.
  affects: (tree, wanted) =>
    wanted === 'off' ? [...affectedBy(tree, secondThreads(tree)), ...offlineFiles(tree)] : onlineFiles(tree),
  staying: (tree, wanted) => {
    const second = wanted === 'off' ? secondThreads(tree) : [];
    return onlineCpus(tree).filter((cpu) => !second.includes(cpu));
  },
});

const onlineFiles = (tree: Tree): readonly string[] => filesLike(tree, ONLINE).map(({ path }) => path);
const offlineFiles = (tree: Tree): readonly string[] =>
  filesLike(tree, ONLINE).flatMap(({ path, content }) => (content === '0' ? [path] : []));

const LIST_EXPECTED = 'a list of CPUs, such as "0" or "0-3,8"';

/**
 * Which CPUs are online (Documentation/core-api/cpu_hotplug.rst): a kernel with one CPU online is as near to one built
 * for one CPU as a running system comes. Not changed by default. CPU 0 of x86 cannot be taken offline since 6.5.
 */
export const cpusOnline = declare<string>({
  id: 'cpus-online',
  label: 'CPUs online',
  paths: [`${CPU}/present`, ...AFFECTED_PATHS],
  schema: z
    .string({ error: LIST_EXPECTED })
    .refine((text) => (readCpuList(text)?.length ?? 0) > 0, { error: LIST_EXPECTED }),
  standard: 'leave',
  read: (tree) => {
    const online = onlineCpus(tree);
    return online.length === 0 ? { unavailable: 'the kernel does not report it' } : { value: writeCpuList(online) };
  },
  set(tree, wanted, { pinned }) {
    const list = readCpuList(wanted) ?? [];
    const online = onlineCpus(tree);
    const switches = new Map(filesLike(tree, ONLINE).map(({ path, groups }) => [Number(groups[0]), path]));
    const gone = pinned.filter((cpu) => !list.includes(cpu));
    if (gone.length > 0) return `targets are pinned to CPUs ${writeCpuList(gone)}`;
    const changed = [...list.filter((cpu) => !online.includes(cpu)), ...online.filter((cpu) => !list.includes(cpu))];
    const fixed = changed.filter((cpu) => !switches.has(cpu));
    if (fixed.length > 0) return `CPUs ${writeCpuList(fixed)} cannot be taken on- or offline here`;
    return changed.map((cpu) => ({ path: switches.get(cpu) ?? '', value: list.includes(cpu) ? '1' : '0' }));
  },
  affects: (tree, wanted) => {
    const list = readCpuList(wanted) ?? [];
    return affectedBy(
      tree,
      onlineCpus(tree).filter((cpu) => !list.includes(cpu)),
    );
  },
  staying: (_, wanted) => readCpuList(wanted) ?? [],
});
