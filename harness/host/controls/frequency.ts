import { z } from 'zod';
import { declare } from './control.js';
import { choices, filesLike, type Match, type Tree } from './tree.js';

const CPU = '/sys/devices/system/cpu';

/** One file of each policy: since Linux 4.3 they have a folder of their own, before that one with each CPU. */
function policyFiles(tree: Tree, name: string): readonly Match[] {
  const policies = filesLike(tree, new RegExp(`${CPU}/cpufreq/(policy\\d+)/${name}`));
  return policies.length > 0 ? policies : filesLike(tree, new RegExp(`${CPU}/(cpu\\d+)/cpufreq/${name}`));
}

const policyPaths = (name: string): readonly string[] => [
  `${CPU}/cpufreq/policy[0-9]*/${name}`,
  `${CPU}/cpu[0-9]*/cpufreq/${name}`,
];

const distinct = (files: readonly Match[]): string =>
  [...new Set(files.map(({ content }) => content))].sort().join(', ');

/**
 * The governor of the processors' frequency (Documentation/admin-guide/pm/cpufreq.rst, intel_pstate.rst,
 * amd-pstate.rst): `performance`, so that no trial is measured while the clock is still rising.
 */
export const governor = declare<string>({
  id: 'governor',
  label: 'frequency governor',
  paths: [...policyPaths('scaling_governor'), ...policyPaths('scaling_available_governors')],
  schema: z.string({ error: 'the name of a governor' }).regex(/^[a-z_]+$/, { error: 'the name of a governor' }),
  standard: 'performance',
  read: (tree) => {
    const found = policyFiles(tree, 'scaling_governor');
    if (found.length > 0) return { value: distinct(found) };
    return { unavailable: 'no cpufreq here: the hypervisor or the firmware sets the clock' };
  },
  set(tree, wanted) {
    const files = policyFiles(tree, 'scaling_governor');
    const offered = policyFiles(tree, 'scaling_available_governors');
    const without = offered.find(({ content }) => !choices(content).includes(wanted));
    if (without !== undefined)
      return `${without.groups[0] ?? 'a policy'} offers ${choices(without.content).join(', ')}`;
    return files.filter(({ content }) => content !== wanted).map(({ path }) => ({ path, value: wanted }));
  },
  rival: 'a daemon such as tuned or power-profiles-daemon may set it',
});

/** The file that controls whether the clock may exceed its nominal rate, and its content when it may not. */
function turboFiles(tree: Tree): { readonly files: readonly Match[]; readonly off: string; readonly on: string } {
  const intel = filesLike(tree, new RegExp(`${CPU}/intel_pstate/no_turbo`));
  if (intel.length > 0) return { files: intel, off: '1', on: '0' };
  const global = filesLike(tree, new RegExp(`${CPU}/cpufreq/boost`));
  return { files: global.length > 0 ? global : policyFiles(tree, 'boost'), off: '0', on: '1' };
}

/**
 * Turbo or boost (`intel_pstate/no_turbo`, `cpufreq/boost` of acpi-cpufreq and amd-pstate, or a `boost` of each policy):
 * off, because how much of it there is depends on temperature and on how many CPUs are busy.
 */
export const turbo = declare<'on' | 'off'>({
  id: 'turbo',
  label: 'turbo',
  paths: [`${CPU}/intel_pstate/no_turbo`, `${CPU}/cpufreq/boost`, ...policyPaths('boost')],
  schema: z.enum(['on', 'off'], { error: '"on" or "off"' }),
  standard: 'off',
  read: (tree) => {
    const { files, off } = turboFiles(tree);
    if (files.length === 0) return { unavailable: 'neither intel_pstate/no_turbo nor cpufreq/boost' };
    const states = new Set(files.map(({ content }) => (content === off ? 'off' : 'on')));
    return { value: [...states].sort().join(', ') };
  },
  set(tree, wanted) {
    const { files, ...values } = turboFiles(tree);
    const value = values[wanted];
    return files.filter(({ content }) => content !== value).map(({ path }) => ({ path, value }));
  },
});

const LATENCY_EXPECTED = 'a number of microseconds, 0 to 1000000';
const STATE = (name: string): RegExp => new RegExp(`(${CPU}/cpu\\d+/cpuidle/state\\d+)/${name}`);

/**
 * Idle states (Documentation/admin-guide/pm/cpuidle.rst): those that take longer to wake from than this many microseconds
 * are disabled. The default of 10 keeps the ones that stop the clock and nothing else (C1, C1E, WFI): a latency of
 * lmbench or of the network is otherwise that of waking up, by how long the CPU happened to sleep.
 */
export const idleStates = declare<number>({
  id: 'c-states',
  label: 'idle states',
  paths: ['disable', 'latency', 'name'].map((name) => `${CPU}/cpu[0-9]*/cpuidle/state[0-9]*/${name}`),
  schema: z
    .int({ error: LATENCY_EXPECTED })
    .min(0, { error: LATENCY_EXPECTED })
    .max(1_000_000, { error: LATENCY_EXPECTED }),
  standard: 10,
  read: (tree) => {
    const states = idleStatesOf(tree);
    if (states.length === 0) return { unavailable: 'no idle states here that could be disabled' };
    const enabled = new Set(states.filter(({ disabled }) => !disabled).map(({ name }) => name));
    return { value: enabled.size === 0 ? 'none' : [...enabled].join(', ') };
  },
  set: (tree, wanted) =>
    idleStatesOf(tree)
      .filter(({ latency, disabled }) => latency > wanted && !disabled)
      .map(({ path }) => ({ path, value: '1' })),
});

function idleStatesOf(tree: Tree) {
  return filesLike(tree, STATE('disable')).map(({ path, content, groups: [folder = ''] }) => ({
    path,
    name: tree.get(`${folder}/name`) ?? folder.slice(folder.lastIndexOf('/') + 1),
    latency: Number(tree.get(`${folder}/latency`) ?? 0),
    disabled: content !== '0',
  }));
}
