import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { controlFiles } from '../../../harness/host/controls/control-files.js';
import { isValue, type Surroundings } from '../../../harness/host/controls/control.js';
import { allPaths } from '../../../harness/host/controls/decide.js';
import { readMask, writeMask } from '../../../harness/host/controls/disturbers.js';
import { controls } from '../../../harness/host/controls/index.js';
import { withValues, type Tree } from '../../../harness/host/controls/tree.js';
import type { Json } from '../../../harness/types.js';
import { recorded } from './machine.js';

function control(id: string) {
  const found = controls.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

const shown = (id: string, tree: Tree): string => {
  const setting = control(id).read(tree);
  return isValue(setting) ? setting.value : `- ${setting.unavailable}`;
};

const around = (pinned: readonly number[], staying: readonly number[]): Surroundings => ({ pinned, staying });
const nobody = around([], []);
const set = (id: string, tree: Tree, wanted: Json, surroundings = nobody) =>
  control(id).set(tree, wanted, surroundings);

describe('readers on recorded machines', () => {
  it.each<readonly [string, string, string]>([
    ['intel-i7-1165g7', 'smt', 'on'],
    ['amd-epyc-7451', 'smt', 'on'],
    ['intel-x7550-old', 'smt', '- this kernel has no smt/control'],
    ['arm-snapdragon', 'smt', '- notimplemented: one thread per core; in a guest, the machine itself may have more'],
    ['riscv-pioneer', 'smt', '- notimplemented: one thread per core; in a guest, the machine itself may have more'],
    ['kvm-guest', 'smt', '- notsupported: one thread per core; in a guest, the machine itself may have more'],
    ['virtualbox-guest', 'smt', '- this kernel has no smt/control'],
    ['intel-i7-1165g7', 'governor', 'powersave'],
    ['amd-epyc-7451', 'governor', 'performance'],
    ['intel-x7550-old', 'governor', 'ondemand'],
    ['arm-snapdragon', 'governor', 'walt'],
    ['kvm-guest', 'governor', '- no cpufreq here: the hypervisor or the firmware sets the clock'],
    ['virtualbox-guest', 'governor', 'powersave'],
    ['intel-i7-1165g7', 'turbo', 'on'],
    ['amd-epyc-7451', 'turbo', 'on'],
    ['arm-snapdragon', 'turbo', 'on'],
    ['intel-x7550-old', 'turbo', '- neither intel_pstate/no_turbo nor cpufreq/boost'],
    ['kvm-guest', 'turbo', '- neither intel_pstate/no_turbo nor cpufreq/boost'],
    ['intel-i7-1165g7', 'c-states', 'POLL, C1_ACPI, C2_ACPI, C3_ACPI'],
    ['amd-epyc-7451', 'c-states', 'POLL, C1, C2'],
    ['arm-snapdragon', 'c-states', 'WFI, silver-c4, gold-c4, gold-plus-c4'],
    ['kvm-guest', 'c-states', 'POLL, haltpoll idle'],
    ['intel-x7550-old', 'c-states', '- no idle states here that could be disabled'],
    ['riscv-pioneer', 'c-states', '- no idle states here that could be disabled'],
    ['intel-i7-1165g7', 'cpus-online', '0-7'],
    ['amd-epyc-7451', 'cpus-online', '0-95'],
    ['kvm-guest', 'cpus-online', '0-1'],
    ['kvm-guest', 'aslr', '2'],
    ['kvm-guest', 'thp', 'madvise'],
    ['kvm-guest', 'ksm', 'off'],
    ['kvm-guest', 'numa-balancing', 'off'],
    ['kvm-guest', 'watchdogs', 'soft_watchdog'],
    ['kvm-guest', 'swap', '60'],
    ['kvm-guest', 'dirty-limits', 'dirty_ratio 20, dirty_background_ratio 10'],
    ['kvm-guest', 'io-scheduler', 'vda mq-deadline'],
    ['kvm-guest', 'clocksource', 'tsc'],
    ['kvm-guest', 'tcp-congestion', 'bbr'],
    ['kvm-guest', 'irq-affinity', '19 on CPUs 0-1'],
    ['kvm-guest', 'services', '- needs system.slice with cpuset in control groups of version 2'],
  ])('%s: %s is %s', (machine, id, expected) => {
    expect(shown(id, recorded(machine))).toBe(expected);
  });

  it.each(controls.map(({ id }) => id))('%s has a reason why it is not available where nothing can be read', (id) => {
    expect(shown(id, new Map())).toMatch(/^- \S/);
  });

  it.each(controls.map(({ id }) => id))('%s wants by default what it takes', (id) => {
    const { schema, standard } = control(id);
    expect(standard === 'leave' || schema.safeParse(standard).success).toBe(true);
  });

  it.each<readonly [string, readonly string[]]>([
    ['intel-i7-1165g7', ['governor', 'turbo', 'c-states', 'smt']],
    ['intel-x7550-old', ['governor']],
    ['amd-epyc-7451', ['turbo', 'c-states', 'smt']],
    ['arm-snapdragon', ['governor', 'turbo', 'c-states']],
    ['riscv-pioneer', []],
    ['kvm-guest', ['watchdogs', 'irq-affinity']],
    ['virtualbox-guest', ['governor', 'turbo']],
  ])('of %s: by default %j are changed, by files that are there, and then are as wanted', (machine, expected) => {
    const tree = recorded(machine);
    const surroundings = around([0], [0, 1]);
    const changing = controls.filter(({ standard, ...of }) => {
      if (standard === 'leave' || !isValue(of.read(tree))) return false;
      const writes = of.set(tree, standard, surroundings);
      if (typeof writes === 'string') return false;
      for (const { path } of writes) expect(tree.has(path)).toBe(true);
      expect(of.set(withValues(tree, writes), standard, surroundings)).toEqual([]);
      return writes.length > 0;
    });
    expect(changing.map(({ id }) => id)).toEqual(expected);
  });
});

describe('what is written', () => {
  it('SMT off: one file, and the second threads come back with it', () => {
    const tree = recorded('amd-epyc-7451');
    expect(set('smt', tree, 'off')).toEqual([{ path: '/sys/devices/system/cpu/smt/control', value: 'off' }]);
    expect(control('smt').affects?.(tree, 'off')).toEqual([
      '/sys/devices/system/cpu/cpu48/online',
      '/sys/devices/system/cpu/cpu49/online',
    ]);
    expect(control('smt').staying?.(recorded('intel-i7-1165g7'), 'off')).toEqual([0, 1, 2, 3]);
  });

  it('SMT off is refused where a target is pinned to a second thread', () => {
    expect(set('smt', recorded('intel-i7-1165g7'), 'off', around([1, 5], [0, 1, 2, 3]))).toBe(
      'CPUs 5 of the targets are second threads of their cores: name the first ones, or leave SMT',
    );
  });

  it('SMT that is off for good is off, and cannot be switched on', () => {
    const forced = withValues(recorded('amd-epyc-7451'), [
      { path: '/sys/devices/system/cpu/smt/control', value: 'forceoff' },
    ]);
    expect(set('smt', forced, 'off')).toEqual([]);
    expect(set('smt', forced, 'on')).toMatch(/until the next boot/);
  });

  it('a governor: on each policy, or on each CPU of an old kernel, where it is offered', () => {
    const written = set('governor', recorded('intel-i7-1165g7'), 'performance');
    expect(written).toHaveLength(8);
    expect(written).toContainEqual({
      path: '/sys/devices/system/cpu/cpufreq/policy7/scaling_governor',
      value: 'performance',
    });
    expect(set('governor', recorded('intel-x7550-old'), 'performance')).toContainEqual({
      path: '/sys/devices/system/cpu/cpu32/cpufreq/scaling_governor',
      value: 'performance',
    });
    expect(set('governor', recorded('amd-epyc-7451'), 'performance')).toEqual([]);
    expect(set('governor', recorded('intel-i7-1165g7'), 'ondemand')).toBe('policy0 offers performance, powersave');
  });

  it('turbo: Intel counts it the other way round', () => {
    expect(set('turbo', recorded('intel-i7-1165g7'), 'off')).toEqual([
      { path: '/sys/devices/system/cpu/intel_pstate/no_turbo', value: '1' },
    ]);
    expect(set('turbo', recorded('amd-epyc-7451'), 'off')).toEqual([
      { path: '/sys/devices/system/cpu/cpufreq/boost', value: '0' },
    ]);
    const perPolicy = new Map([
      ['/sys/devices/system/cpu/cpufreq/policy0/boost', '1'],
      ['/sys/devices/system/cpu/cpufreq/policy10/boost', '0'],
    ]);
    expect(shown('turbo', perPolicy)).toBe('off, on');
    expect(set('turbo', perPolicy, 'off')).toEqual([
      { path: '/sys/devices/system/cpu/cpufreq/policy0/boost', value: '0' },
    ]);
  });

  it.each([
    ['intel-i7-1165g7', 10, 16, 'state2'],
    ['intel-i7-1165g7', 300, 8, 'state3'],
    ['arm-snapdragon', 10, 8, 'state1'],
    ['amd-epyc-7451', 0, 4, 'state2'],
    ['kvm-guest', 10, 0, ''],
    ['kvm-guest', 0, 2, 'state1'],
  ])('idle states of %s above %i us: %i files, from %s on', (machine, limit, count, first) => {
    const written = set('c-states', recorded(machine), limit);
    expect(written).toHaveLength(count);
    const names = typeof written === 'string' ? [] : written.map(({ path, value }) => `${path}=${value}`);
    if (count > 0) expect(names[0]).toBe(`/sys/devices/system/cpu/cpu0/cpuidle/${first}/disable=1`);
  });

  it('interrupts: off the pinned CPUs, with the mask for new ones', () => {
    const written = set('irq-affinity', recorded('kvm-guest'), 'off-pinned', around([1], [0, 1]));
    expect(written).toHaveLength(20);
    expect(written).toContainEqual({ path: '/proc/irq/24/smp_affinity_list', value: '0' });
    expect(written).toContainEqual({ path: '/proc/irq/default_smp_affinity', value: '1' });
    const both = around([0, 1], [0, 1]);
    expect(set('irq-affinity', recorded('kvm-guest'), 'off-pinned', both)).toBe('the targets have all CPUs');
    const bound = new Map([['/proc/irq/9/smp_affinity_list', '2,3']]);
    expect(set('irq-affinity', bound, 'off-pinned', around([2, 3], [0, 1, 2, 3]))).toEqual([
      { path: '/proc/irq/9/smp_affinity_list', value: '0-1' },
    ]);
  });

  it.each([
    ['3', 3n],
    ['ffffffff,ffffffff', 0xffffffffffffffffn],
    ['1,00000000', 1n << 32n],
    ['<unsupported>', 0n],
  ])('a mask %s is read, and written as it was', (text, mask) => {
    expect(readMask(text)).toBe(mask);
    if (mask !== 0n) expect(writeMask(mask)).toBe(text);
  });

  it('CPUs online: only those with a switch, and none that a target is pinned to', () => {
    const guest = recorded('kvm-guest');
    expect(set('cpus-online', guest, '0')).toEqual([{ path: '/sys/devices/system/cpu/cpu1/online', value: '0' }]);
    expect(set('cpus-online', guest, '1')).toBe('CPUs 0 cannot be taken on- or offline here');
    expect(set('cpus-online', guest, '0', around([1], []))).toBe('targets are pinned to CPUs 1');
    const arm = set('cpus-online', recorded('arm-snapdragon'), '1-7');
    expect(arm).toEqual([{ path: '/sys/devices/system/cpu/cpu0/online', value: '0' }]);
  });

  it('taking CPUs away affects cpusets of version 1 and interrupts that only these had', () => {
    const guest = new Map([
      ...recorded('kvm-guest'),
      ['/sys/fs/cgroup/cpuset/a/b/cpuset.cpus', '0-1'],
      ['/sys/fs/cgroup/cpuset/c/cpuset.cpus', '0'],
      ['/proc/irq/24/smp_affinity_list', '1'],
    ]);
    expect(control('cpus-online').affects?.(guest, '0')).toEqual([
      '/sys/devices/system/cpu/cpu1/online',
      '/sys/fs/cgroup/cpuset/a/b/cpuset.cpus',
      '/proc/irq/24/smp_affinity_list',
    ]);
  });

  it('KSM off unmerges what was merged', () => {
    const run = '/sys/kernel/mm/ksm/run';
    const tree = (state: string, shared: string): Tree =>
      new Map([
        [run, state],
        ['/sys/kernel/mm/ksm/pages_shared', shared],
      ]);
    expect(set('ksm', tree('0', '0'), 'off')).toEqual([]);
    expect(set('ksm', tree('1', '0'), 'off')).toEqual([{ path: run, value: '2' }]);
    expect(set('ksm', tree('0', '7'), 'off')).toEqual([{ path: run, value: '2' }]);
    expect(shown('ksm', tree('0', '7'))).toBe('off, with pages still merged');
    expect(set('ksm', tree('2', '0'), 'off')).toEqual([]);
    expect(set('ksm', tree('2', '0'), 'on')).toEqual([{ path: run, value: '1' }]);
  });

  it('watchdogs of an old kernel have one file', () => {
    const old = new Map([['/proc/sys/kernel/watchdog', '1']]);
    expect(set('watchdogs', old, 'off')).toEqual([{ path: '/proc/sys/kernel/watchdog', value: '0' }]);
    expect(set('watchdogs', recorded('kvm-guest'), 'off')).toEqual([
      { path: '/proc/sys/kernel/soft_watchdog', value: '0' },
      { path: '/proc/sys/kernel/watchdog', value: '0' },
    ]);
  });

  it('a scheduler: on disks that offer it, never on loop devices; a word that the kernel does not offer is refused', () => {
    const tree = recorded('kvm-guest');
    expect(set('io-scheduler', tree, 'none')).toEqual([{ path: '/sys/block/vda/queue/scheduler', value: 'none' }]);
    expect(set('io-scheduler', tree, 'cfq')).toBe('no disk here offers it');
    expect(set('tcp-congestion', tree, 'vegas')).toBe('this kernel offers reno, bbr, cubic');
    expect(set('clocksource', tree, 'kvm-clock')).toHaveLength(1);
    expect(set('thp', tree, 'sometimes')).toBe('this kernel offers always, madvise, never');
    expect(set('thp', tree, 'madvise')).toEqual([]);
  });

  it('limits of dirty memory in bytes are affected by those in percent', () => {
    const tree = recorded('kvm-guest');
    expect(set('dirty-limits', tree, { percent: 20, backgroundPercent: 5 })).toEqual([
      { path: '/proc/sys/vm/dirty_background_ratio', value: '5' },
    ]);
    expect(control('dirty-limits').affects?.(tree, {})).toHaveLength(2);
  });

  it('services: in system.slice of version 2, unless the session itself is in it', () => {
    const slice = '/sys/fs/cgroup/system.slice/cpuset.cpus';
    const tree = new Map([
      [slice, ''],
      ['/proc/self/cgroup', '0::/user.slice/user-0.slice/session-3.scope'],
    ]);
    expect(shown('services', tree)).toBe('all');
    expect(set('services', tree, 'off-pinned', around([1], [0, 1, 2]))).toEqual([{ path: slice, value: '0,2' }]);
    const inside = new Map([...tree, ['/proc/self/cgroup', '0::/system.slice/ssh.service']] as const);
    expect(set('services', inside, 'off-pinned', around([1], [0, 1]))).toMatch(/this session is in system.slice/);
  });
});

it('this machine is read in one round trip, without a journal, and changes nothing', async () => {
  const view = await controlFiles({ id: 'here', executor: connectLocal(), workDir: '/nonexistent' }).look(allPaths);
  expect(view.journal).toBe('none');
  expect(view.boot).toMatch(/^[0-9a-f-]{36}$/);
  expect(shown('aslr', view.tree)).toMatch(/^[012]$/);
  expect(shown('cpus-online', view.tree)).toMatch(/^0/);
});
