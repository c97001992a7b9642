import type { AgentResult } from '../../trial/agent-result.js';
import { printable } from '../../connect/failure.js';
import type { CpuTicks } from '../../host/cpu-ticks.js';
import type { Watched } from '../../host/vitals/watched.js';
import { NOT_LOOKED_AT } from './machine.js';
import type { Gate, GatedGuest, GatedMachine, GateValue } from './gate.js';

/** Ticks of some CPUs over some time, proc_stat(5). */
interface Window {
  readonly ticks: number;
  /** Of processes and kernel threads: no interrupts. */
  readonly used: number;
  readonly stolen: number;
}

/** The sum over time of each CPU, from what the agent read in the guest just before the start and just after the end. */
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
  of: 'machine',
  about:
    "Time that a hypervisor took from a CPU under test, of the CPU that it took most from: below the host, and in a guest of a hypervisor that has its CPUs for itself and no cap. Several guests or a cap take time from each other by design: then the host's own counts.",
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
    const of = (part: keyof CpuTicks): number => Math.max(0, ticks.after[part] - ticks.before[part]);
    const whole = of('busy') + of('idle') + of('iowait') + of('steal');
    return whole === 0 ? [] : [{ where: `CPU ${cpu} of the host`, stolen: of('steal'), ticks: whole }];
  });
}

/** Counters are whole ticks: user, nice and system time of a CPU may each be one off. */
const ROUNDING_TICKS = 3;
/** So many standard deviations of what the kernel's sampling may be wrong by. */
const DEVIATIONS = 3;

export const foreignLoad: Gate<'foreign-load'> = {
  id: 'foreign-load',
  unit: 'percent',
  limit: 5,
  voids: 'above',
  of: 'machine',
  about:
    "Time on the CPUs under test that went to neither the trial nor the kernel: user, nice and system time less that of all which ran below the agents, less that of the kernel's threads (they write back what a trial wrote). Interrupts are the trial's own, as far as anybody knows. The kernel samples what runs at each tick, so short trials are allowed three standard deviations of that beside the threshold. In guests of a hypervisor it looks at the guest; what ran beside it on the host is steal.",
  read({ guests, machine }) {
    if (machine === undefined) return undefined;
    if (machine.servesItself) return { value: null, detail: 'the other end of the network runs on the same machine' };
    if (machine.boundary !== 'hypervisor') return foreignTo(guests, machine.watched);
    const each = guests.map((guest) => foreignTo([guest], guest.watched));
    const [first, ...others] = each.filter(({ value }) => value !== null);
    if (first === undefined) return each[0];
    return others.reduce((most, one) => ((one.value ?? 0) > (most.value ?? 0) ? one : most), first);
  },
};

/** What others used of the CPUs of guests that share one kernel, from the first start to the last end. */
function foreignTo(guests: readonly GatedGuest[], watched: Watched | undefined): GateValue {
  const of = (pick: (guest: GatedGuest) => string, sign: bigint): GatedGuest | undefined =>
    [...guests].sort((a, b) => Number(sign * (BigInt(pick(a)) - BigInt(pick(b)))))[0];
  const first = of(({ raw }) => raw.agent.startNs, 1n);
  const last = of(({ raw }) => raw.agent.endedNs, -1n);
  if (first === undefined || last === undefined) return { value: null, detail: 'no guest has measured' };
  const windows = last.cpus.map((cpu) => windowOf(first.raw.agent, last.raw.agent, cpu));
  const own = guests.map((guest) => ownUs(guest, guest === last));
  if (!windows.every((window) => window !== undefined) || !own.every((us) => us !== undefined)) {
    return { value: null, detail: 'the agent did not record what the CPUs and the trial used' };
  }
  if (watched === undefined) return { value: null, detail: NOT_LOOKED_AT };
  const { ticksPerSecond } = last.raw.agent;
  const ticks = windows.reduce((sum, window) => sum + window.ticks, 0);
  const used = windows.reduce((sum, window) => sum + window.used, 0);
  const ownTicks = own.reduce((sum, us) => sum + (us / 1e6) * ticksPerSecond, 0);
  const foreign = Math.min(ticks, Math.max(0, used - ownTicks - (watched.kernelTicks ?? 0)));
  const share = Math.min(1, used / ticks);
  const doubt = DEVIATIONS * Math.sqrt(ticks * share * (1 - share)) + ROUNDING_TICKS * windows.length;
  const where = `CPU${last.cpus.length === 1 ? '' : 's'} ${last.cpus.join(', ')}`;
  const whose = watched.kernelTicks === undefined ? ', threads of the kernel included, which cannot be seen here' : '';
  const names = watched.strangers.map(({ name, id, ticks: its }) => {
    return `${printable(name, 20)} (${id}) ${percent(its, ticks).toFixed(1)} %`;
  });
  const among = names.length === 0 ? '' : `: ${names.join(', ')}`;
  const value = percent(foreign, ticks);
  const detail = `${where}: ${value.toFixed(1)} % used by others${whose}${among}`;
  return { value, detail, allowance: percent(doubt, ticks) };
}

/** What the trial used of one guest while the window was open: its cleanup, too, when others went on. */
function ownUs({ raw }: GatedGuest, isLast: boolean): number | undefined {
  const { ownCpuUs, steps } = raw.agent;
  if (ownCpuUs === null) return undefined;
  const cleaning = isLast ? [] : steps.filter(({ phase }) => phase === 'cleanup');
  const cleaned = cleaning.reduce((sum, { userUs, systemUs }) => sum + userUs + systemUs, 0);
  return ownCpuUs.after - ownCpuUs.before + cleaned;
}
