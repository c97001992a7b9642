import { z } from 'zod';
import { readCpuList, writeCpuList } from '../cpu-list.js';
import { declare, type Surroundings } from './control.js';
import { filesLike, type Tree } from './tree.js';

const KERNEL = '/proc/sys/kernel';
const WATCHDOG = new RegExp(`${KERNEL}/(?:nmi_|soft_)?watchdog`);
/** Those of each detector where the kernel has them, rather than the one for both. */
const detectors = (tree: Tree) => {
  const files = filesLike(tree, WATCHDOG);
  const each = files.filter(({ path }) => path !== `${KERNEL}/watchdog`);
  return each.length > 0 ? each : files;
};

/**
 * The detectors of lock-ups (Documentation/admin-guide/lockup-watchdogs.rst): off, as they interrupt every CPU and hold one
 * of its performance counters.
 */
export const watchdogs = declare<'on' | 'off'>({
  id: 'watchdogs',
  label: 'watchdogs',
  paths: ['nmi_watchdog', 'soft_watchdog', 'watchdog'].map((name) => `${KERNEL}/${name}`),
  schema: z.enum(['on', 'off'], { error: '"on" or "off"' }),
  standard: 'off',
  read: (tree) => {
    const files = detectors(tree);
    if (files.length === 0) return { unavailable: 'this kernel has no watchdogs' };
    const on = files.filter(({ content }) => content !== '0').map(({ path }) => path.slice(KERNEL.length + 1));
    return { value: on.length === 0 ? 'off' : on.join(', ') };
  },
  set: (tree, wanted) => {
    const value = wanted === 'on' ? '1' : '0';
    // `watchdog` too: it turns to 0 once it is read with both detectors off, and none can be turned on again under a 0.
    return filesLike(tree, WATCHDOG)
      .filter(({ content }) => content !== value)
      .map(({ path }) => ({ path, value }));
  },
});

const IRQ = /\/proc\/irq\/(\d+)\/smp_affinity_list/;
const DEFAULT_MASK = '/proc/irq/default_smp_affinity';

/**
 * Interrupts off the CPUs of the targets (Documentation/core-api/irq/irq-affinity.rst), where there are other CPUs: whose
 * interrupt it was is otherwise a matter of chance. Some belong to a CPU or are placed by the kernel: a write to them
 * fails with EIO, and they stay.
 */
export const irqAffinity = declare<'off-pinned'>({
  id: 'irq-affinity',
  label: 'interrupts',
  paths: ['/proc/irq/[0-9]*/smp_affinity_list', DEFAULT_MASK],
  schema: z.enum(['off-pinned'], { error: '"off-pinned"' }),
  standard: 'off-pinned',
  read: (tree) => {
    const irqs = filesLike(tree, IRQ);
    if (irqs.length === 0) return { unavailable: 'no /proc/irq here' };
    const lists = new Map<string, number>();
    for (const { content } of irqs) lists.set(content, (lists.get(content) ?? 0) + 1);
    return { value: [...lists].map(([list, count]) => `${count} on CPUs ${list}`).join(', ') };
  },
  set(tree, _, { pinned, staying }) {
    const others = staying.filter((cpu) => !pinned.includes(cpu));
    if (pinned.length === 0) return 'no CPU is pinned';
    if (others.length === 0) return 'the targets have all CPUs';
    const writes = filesLike(tree, IRQ).flatMap(({ path, content }) => {
      const cpus = readCpuList(content) ?? [];
      if (!cpus.some((cpu) => pinned.includes(cpu))) return [];
      const kept = cpus.filter((cpu) => others.includes(cpu));
      return [{ path, value: writeCpuList(kept.length > 0 ? kept : others) }];
    });
    const mask = tree.get(DEFAULT_MASK);
    if (mask === undefined || (readMask(mask) & maskOf(pinned)) === 0n) return writes;
    return [...writes, { path: DEFAULT_MASK, value: writeMask(maskOf(others), mask) }];
  },
  tolerates: (message) => message.includes('Input/output error'),
  restless: true,
  rival: 'irqbalance may move them',
});

const maskOf = (cpus: readonly number[]): bigint => cpus.reduce((mask, cpu) => mask | (1n << BigInt(cpu)), 0n);

/** A mask as the kernel writes it: hexadecimal, a comma after every 32 bits. */
export function readMask(text: string): bigint {
  const digits = text.replaceAll(',', '');
  return /^[0-9a-f]+$/i.test(digits) ? BigInt(`0x${digits}`) : 0n;
}

/** As the kernel writes it where another mask reads `like`, so that what was written reads back as it is. */
export function writeMask(mask: bigint, like = ''): string {
  const digits = mask.toString(16).padStart(like.replaceAll(',', '').length, '0');
  return digits.replace(/\B(?=(?:[0-9a-f]{8})+$)/g, ',');
}

const SERVICES = '/sys/fs/cgroup/system.slice';

/**
 * System services off the CPUs of the targets (Documentation/admin-guide/cgroup-v2.rst, cpuset.cpus of systemd's
 * system.slice). Only on request: engines whose containers are in that slice would lose their CPUs too.
 */
export const services = declare<'off-pinned'>({
  id: 'services',
  label: 'CPUs of system services',
  paths: [`${SERVICES}/cpuset.cpus`, '/proc/self/cgroup'],
  schema: z.enum(['off-pinned'], { error: '"off-pinned"' }),
  standard: 'leave',
  read: (tree) => {
    const cpus = tree.get(`${SERVICES}/cpuset.cpus`);
    if (cpus === undefined) return { unavailable: 'needs system.slice with cpuset in control groups of version 2' };
    return { value: cpus.trim() === '' ? 'all' : cpus };
  },
  set(tree, _, surroundings) {
    if (/^0::\/system\.slice(?:\/|$)/m.test(tree.get('/proc/self/cgroup') ?? '')) {
      return 'this session is in system.slice, and what it measures natively would be';
    }
    const value = otherCpus(surroundings);
    if (value === '') return 'the targets have all CPUs';
    return tree.get(`${SERVICES}/cpuset.cpus`) === value ? [] : [{ path: `${SERVICES}/cpuset.cpus`, value }];
  },
});

const otherCpus = ({ pinned, staying }: Surroundings): string =>
  writeCpuList(staying.filter((cpu) => !pinned.includes(cpu)));
