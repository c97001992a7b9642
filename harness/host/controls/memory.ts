import { z } from 'zod';
import { declare } from './control.js';
import { choiceFile, numberFile, switchFile } from './single-file.js';
import { filesLike, type Tree } from './tree.js';

/**
 * Address space layout randomization (Documentation/admin-guide/sysctl/kernel.rst, randomize_va_space): recorded. It is
 * part of every system as people run it, and it makes layouts of different trials independent.
 */
export const aslr = numberFile({
  id: 'aslr',
  label: 'address space randomization',
  path: '/proc/sys/kernel/randomize_va_space',
  absent: 'this kernel has no randomize_va_space',
  least: 0,
  most: 2,
  standard: 'leave',
});

/** Transparent huge pages (Documentation/admin-guide/mm/transhuge.rst): recorded, because it is a choice of the system. */
export const hugePages = choiceFile({
  id: 'thp',
  label: 'transparent huge pages',
  path: '/sys/kernel/mm/transparent_hugepage/enabled',
  absent: 'this kernel has no transparent huge pages',
  standard: 'leave',
});

const KSM = '/sys/kernel/mm/ksm';

/**
 * Merging of equal pages (Documentation/admin-guide/mm/ksm.rst): off, because its thread takes CPU time from any guest,
 * and eight equal virtual machines would share memory that eight different ones do not. Off means unmerged, too.
 */
export const samePages = declare<'on' | 'off'>({
  id: 'ksm',
  label: 'merging of equal pages',
  paths: [`${KSM}/run`, `${KSM}/pages_shared`],
  schema: z.enum(['on', 'off'], { error: '"on" or "off"' }),
  standard: 'off',
  read: (tree) => {
    if (!tree.has(`${KSM}/run`)) return { unavailable: 'this kernel has no KSM' };
    if (tree.get(`${KSM}/run`) === '1') return { value: 'on' };
    return { value: hasMerged(tree) ? 'off, with pages still merged' : 'off' };
  },
  set: (tree, wanted) => {
    const run = tree.get(`${KSM}/run`);
    if (wanted === 'on') return run === '1' ? [] : [{ path: `${KSM}/run`, value: '1' }];
    return run === '2' || (run === '0' && !hasMerged(tree)) ? [] : [{ path: `${KSM}/run`, value: '2' }];
  },
});

const hasMerged = (tree: Tree): boolean =>
  tree.get(`${KSM}/run`) !== '2' && Number(tree.get(`${KSM}/pages_shared`) ?? 0) > 0;

/** Automatic NUMA balancing (sysctl/kernel.rst, numa_balancing): off, as it unmaps pages of what is measured to watch it. */
export const numaBalancing = switchFile({
  id: 'numa-balancing',
  label: 'NUMA balancing',
  path: '/proc/sys/kernel/numa_balancing',
  absent: 'this kernel has no NUMA balancing',
  on: '1',
  off: '0',
  standard: 'off',
});

/** How readily memory is swapped out (sysctl/vm.rst, swappiness): recorded; swap areas themselves are facts of a host. */
export const swappiness = numberFile({
  id: 'swap',
  label: 'swappiness',
  path: '/proc/sys/vm/swappiness',
  absent: 'this kernel has no swap',
  least: 0,
  most: 200,
  standard: 'leave',
});

const VM = '/proc/sys/vm';
const LIMITS = ['dirty_ratio', 'dirty_background_ratio', 'dirty_bytes', 'dirty_background_bytes'] as const;
const DIRTY_EXPECTED = 'an object with "percent" and "backgroundPercent", 1 to 100';
const percent = z.int({ error: DIRTY_EXPECTED }).min(1, { error: DIRTY_EXPECTED }).max(100, { error: DIRTY_EXPECTED });

/**
 * How much memory may be dirty before writers wait, and before writing starts (sysctl/vm.rst, dirty_ratio and the like), in
 * percent: recorded. A limit in bytes becomes 0 when the one in percent is set.
 */
export const dirtyLimits = declare<{ percent: number; backgroundPercent: number }>({
  id: 'dirty-limits',
  label: 'limits of dirty memory',
  paths: LIMITS.map((name) => `${VM}/${name}`),
  schema: z.strictObject({ percent, backgroundPercent: percent }, { error: DIRTY_EXPECTED }),
  standard: 'leave',
  read: (tree) => {
    const found = LIMITS.flatMap((name) => {
      const value = tree.get(`${VM}/${name}`);
      return value === undefined || value === '0' ? [] : [`${name} ${value}`];
    });
    return found.length === 0 ? { unavailable: 'this kernel has no such limits' } : { value: found.join(', ') };
  },
  set: (tree, wanted) =>
    [
      { path: `${VM}/dirty_ratio`, value: String(wanted.percent) },
      { path: `${VM}/dirty_background_ratio`, value: String(wanted.backgroundPercent) },
    ].filter(({ path, value }) => tree.get(path) !== value),
  affects: (tree) => filesLike(tree, new RegExp(`${VM}/dirty_(?:background_)?bytes`)).map(({ path }) => path),
});
