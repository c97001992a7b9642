import type { AgentResult } from '../../trial/agent-result.js';
import { printable } from '../../connect/failure.js';
import type { CpuTicks } from '../../host/cpu-ticks.js';
import type { OtherAgent } from '../../host/vitals/between.js';
import type { Watched } from '../../host/vitals/watched.js';
import { NOT_READ } from './machine.js';
import type { Gate, GatedGuest, GatedMachine, GateValue, GateView } from './gate.js';

/** Ticks of a CPU over a period, proc_stat(5). */
interface Window {
  readonly ticks: number;
  /** Of processes and kernel threads: no interrupts. */
  readonly used: number;
  readonly stolen: number;
}

/** Ticks of one CPU, from what the agents read in the guest just before the start and just after the end. */
function windowOf(first: AgentResult, last: AgentResult, cpu: number): Window | undefined {
  const [before, after] = [first.cpuTicks.before[`cpu${cpu}`], last.cpuTicks.after[`cpu${cpu}`]];
  if (before === undefined || after === undefined) return undefined;
  // Counters of idle and waiting CPUs may go backwards a little, proc_stat(5).
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, stolen = 0] = after.map(
    (value, index) => Math.max(0, value - (before[index] ?? 0)),
  );
  const used = user + nice + system;
  const ticks = used + idle + iowait + irq + softirq + stolen;
  return ticks === 0 ? undefined : { ticks, used, stolen };
}

const percent = (part: number, whole: number): number => (100 * part) / whole;

export const steal: Gate<'steal'> = {
  id: 'steal',
  unit: 'percent',
  limit: 1,
  voids: 'above',
  scope: 'machine',
  about:
    'Share of time that a hypervisor took from a CPU under test; the CPU with the largest share counts. Read in a guest of a hypervisor, and on a host that is itself a guest. Where several guests share CPUs or a guest is capped, they lose time by design, and only the reading of the host counts.',
  remedy: 'measure on a machine of your own, or move the other guests off its physical CPUs',
  read({ guests, machine }) {
    if (machine === undefined) return undefined;
    const inside = machine.boundary === 'hypervisor' && machine.rationed ? [] : guests;
    const shares = inside.flatMap(({ raw, cpus, assignment: { guest } }) =>
      cpus.flatMap((cpu) => {
        const window = windowOf(raw.agent, raw.agent, cpu);
        return window === undefined ? [] : [{ where: `CPU ${cpu} of guest ${guest}`, ...window }];
      }),
    );
    const all = machine.boundary === 'hypervisor' ? [...shares, ...stolenFromHost(machine)] : shares;
    const [first, ...others] = all;
    if (first === undefined) return { value: null, detail: 'no ticks of the CPUs under test could be read' };
    const worst = others.reduce((most, each) => (shareOf(each) > shareOf(most) ? each : most), first);
    const detail = `${worst.where}: ${shareOf(worst).toFixed(1)} % of the time was taken by a hypervisor`;
    // Counted in whole ticks: one more or less.
    return { value: shareOf(worst), detail, allowance: percent(1, worst.ticks) };
  },
};

const shareOf = ({ stolen, ticks }: Pick<Window, 'stolen' | 'ticks'>): number => percent(stolen, ticks);

function stolenFromHost({ cpus, watched }: GatedMachine): (Pick<Window, 'stolen' | 'ticks'> & { where: string })[] {
  return cpus.flatMap((cpu) => {
    const ticks = watched?.ticks[String(cpu)];
    if (ticks === undefined) return [];
    const passed = (kind: keyof CpuTicks): number => Math.max(0, ticks.after[kind] - ticks.before[kind]);
    const whole = passed('busy') + passed('idle') + passed('iowait') + passed('steal');
    return whole === 0 ? [] : [{ where: `CPU ${cpu} of the host`, stolen: passed('steal'), ticks: whole }];
  });
}

/** Counters are whole ticks: user, nice and system time of a CPU may each be one off. */
const ROUNDING_TICKS = 3;
/** Standard deviations of the kernel's sampling error that are allowed. */
const DEVIATIONS = 3;

export const foreignLoad: Gate<'foreign-load'> = {
  id: 'foreign-load',
  unit: 'percent',
  limit: 5,
  voids: 'above',
  scope: 'machine',
  about:
    "CPU time on the CPUs under test that went to neither the trial nor the kernel: user, nice and system time, minus that of the agents and their descendants, minus that of kernel threads (which write back what a trial wrote). Interrupts count as the trial's own. The kernel samples what runs at each tick, so three standard deviations of that sampling error are added to the threshold, which matters for short trials. With a hypervisor, the guest is read; time taken by others on the host is steal. CPU time of another agent of bench voids a trial whatever the threshold, on shared machines, too.",
  remedy:
    'wait until the programs that are named have ended, or keep them off the CPUs under test; `--gate foreign-load=LIMIT` accepts more',
  read(view) {
    const load = loadOfOthers(view);
    const [agent] = otherAgentsIn(view);
    if (load === undefined || agent === undefined) return load;
    const also = `another agent of bench ran meanwhile: process ${agent.id}, trial ${agent.trial}, run ${agent.run}`;
    return { ...load, voids: true, detail: `${printable(also, 200)}; ${load.detail}` };
  },
};

/** On the host, and in guests that have a kernel of their own. */
function otherAgentsIn({ guests, machine }: GateView): readonly OtherAgent[] {
  // Absent in what versions of bench stored that did not look for agents.
  const seen = (watched: Watched | undefined): readonly OtherAgent[] =>
    (watched as Partial<Watched> | undefined)?.otherAgents ?? [];
  return [machine?.watched, ...guests.map(({ watched }) => watched)].flatMap(seen);
}

function loadOfOthers({ guests, machine }: GateView): GateValue | undefined {
  if (machine === undefined) return undefined;
  if (machine.servesItself) return { value: null, detail: 'the other end of the network runs on the same machine' };
  if (machine.boundary !== 'hypervisor') return foreignTo(guests, machine.watched);
  const each = guests.map((guest) => foreignTo([guest], guest.watched));
  const [first, ...others] = each.filter(({ value }) => value !== null);
  if (first === undefined) return each[0];
  return others.reduce((most, one) => ((one.value ?? 0) > (most.value ?? 0) ? one : most), first);
}

/** CPU time used by others on the CPUs of guests that share one kernel, from the first start to the last end. */
function foreignTo(guests: readonly GatedGuest[], watched: Watched | undefined): GateValue {
  const extreme = (pick: (guest: GatedGuest) => string, sign: bigint): GatedGuest | undefined =>
    [...guests].sort((a, b) => Number(sign * (BigInt(pick(a)) - BigInt(pick(b)))))[0];
  const first = extreme(({ raw }) => raw.agent.startNs, 1n);
  const last = extreme(({ raw }) => raw.agent.endedNs, -1n);
  if (first === undefined || last === undefined) return { value: null, detail: 'no guest has measured' };
  const windows = last.cpus.map((cpu) => windowOf(first.raw.agent, last.raw.agent, cpu));
  const own = guests.map((guest) => ownUs(guest, guest === last));
  if (!windows.every((window) => window !== undefined) || !own.every((us) => us !== undefined)) {
    return { value: null, detail: 'the agent did not record what the CPUs and the trial used' };
  }
  if (watched === undefined) return { value: null, detail: NOT_READ };
  const { ticksPerSecond } = last.raw.agent;
  const ticks = windows.reduce((sum, window) => sum + window.ticks, 0);
  const used = windows.reduce((sum, window) => sum + window.used, 0);
  const ownTicks = own.reduce((sum, us) => sum + (us / 1e6) * ticksPerSecond, 0);
  const foreign = Math.min(ticks, Math.max(0, used - ownTicks - (watched.kernelTicks ?? 0)));
  const share = Math.min(1, used / ticks);
  const samplingError = DEVIATIONS * Math.sqrt(ticks * share * (1 - share)) + ROUNDING_TICKS * windows.length;
  const where = `CPU${last.cpus.length === 1 ? '' : 's'} ${last.cpus.join(', ')}`;
  const whose = watched.kernelTicks === undefined ? ', including kernel threads, which cannot be listed here' : '';
  const names = watched.strangers.map(({ name, id, ticks: its }) => {
    return `${printable(name, 20)} (${id}) ${percent(its, ticks).toFixed(1)} %`;
  });
  const among = names.length === 0 ? '' : `: ${names.join(', ')}`;
  const value = percent(foreign, ticks);
  const detail = `${where}: ${value.toFixed(1)} % used by others${whose}${among}`;
  return { value, detail, allowance: percent(samplingError, ticks) };
}

/** CPU time of the trial in one guest during the window, including cleanup steps that ran before the last guest ended. */
function ownUs({ raw }: GatedGuest, isLast: boolean): number | undefined {
  const { ownCpuUs, steps } = raw.agent;
  if (ownCpuUs === null) return undefined;
  const cleaning = isLast ? [] : steps.filter(({ phase }) => phase === 'cleanup');
  const cleaned = cleaning.reduce((sum, { userUs, systemUs }) => sum + userUs + systemUs, 0);
  return ownCpuUs.after - ownCpuUs.before + cleaned;
}
