import type { ProcessTicks, Vitals } from './read.js';

/** A process that used CPU time and does not belong to the trial. */
export interface Stranger {
  readonly id: number;
  readonly name: string;
  readonly ticks: number;
}

/** An agent of another trial, perhaps of another run, and how many ticks it and all below it used; at least one. */
export interface OtherAgent {
  readonly id: number;
  readonly run: string;
  readonly trial: string;
  readonly ticks: number;
}

/** What happened on a host between two readings. Members are undefined where they cannot be known. */
export interface Happened {
  readonly swappedPages: number | undefined;
  readonly throttles: number | undefined;
  readonly warnings: readonly string[] | undefined;
  readonly clockStepMs: number | undefined;
  /** By how much `clockStepMs` may be wrong: the sum of the errors of both readings. Absent in older runs. */
  readonly clockErrorMs?: number | undefined;
  /** Processes that ran last on one of the CPUs asked about and are not below an agent, the busiest first. */
  readonly strangers: readonly Stranger[];
  /** Agents of this product that do not belong to the trial and used CPU time meanwhile, on whichever CPU. */
  readonly otherAgents: readonly OtherAgent[];
  /** Of all threads of the kernel, wherever they ran: they move between CPUs. Undefined where they cannot be seen. */
  readonly kernelTicks: number | undefined;
}

/** The program under which everything of a trial runs. */
const AGENT = 'bench-agent';
const MOST_STRANGERS = 5;
/** The parent of all threads of the kernel. */
const KERNEL = { id: 2, name: 'kthreadd' } as const;

/** Whose agents are no others: a run and one attempt at a trial of it, as `t0001.2`. */
export interface Own {
  readonly run: string;
  readonly trial: string;
}

/** Compares two readings of one boot. `cpus` are those under test, as the host numbers them. Pure. */
export function happenedBetween(before: Vitals, after: Vitals, cpus: readonly number[], own: Own): Happened {
  return {
    swappedPages: difference(before.swappedPages, after.swappedPages),
    throttles: difference(before.throttles, after.throttles),
    warnings: newLines(before.warnings, after.warnings),
    clockStepMs: difference(before.clockOffsetMs, after.clockOffsetMs),
    clockErrorMs: sum(before.clockErrorMs, after.clockErrorMs),
    strangers: strangersBetween(before, after, cpus),
    otherAgents: otherAgents(before, after, own),
    kernelTicks: kernelTicksBetween(before, after),
  };
}

/** What follows the last line that was there before; all, when that has left the log meanwhile. */
function newLines(
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
): readonly string[] | undefined {
  if (before === undefined || after === undefined) return undefined;
  const last = before.at(-1);
  return last === undefined ? after : after.slice(after.lastIndexOf(last) + 1);
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

function sum(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : before + after;
}

function strangersBetween(before: Vitals, after: Vitals, cpus: readonly number[]): readonly Stranger[] {
  const strangers = [...after.processes].flatMap(([id, process]): Stranger[] => {
    const ticks = usedSince(before, id, process);
    if (ticks <= 0 || !cpus.includes(process.cpu)) return [];
    if (isOfKernel(id, after) || isBelowAgent(id, after.processes)) return [];
    return [{ id, name: process.name, ticks }];
  });
  return strangers.sort((a, b) => b.ticks - a.ticks).slice(0, MOST_STRANGERS);
}

function usedSince(before: Vitals, id: number, { ticks, started }: ProcessTicks): number {
  const earlier = before.processes.get(id);
  return ticks - (earlier?.started === started ? earlier.ticks : 0);
}

function kernelTicksBetween(before: Vitals, after: Vitals): number | undefined {
  if (after.processes.get(KERNEL.id)?.name !== KERNEL.name) return undefined;
  const threads = [...after.processes].filter(([id]) => isOfKernel(id, after));
  return threads.reduce((sum, [id, thread]) => sum + Math.max(0, usedSince(before, id, thread)), 0);
}

function isOfKernel(id: number, { processes }: Vitals): boolean {
  if (processes.get(KERNEL.id)?.name !== KERNEL.name) return false;
  return id === KERNEL.id || processes.get(id)?.parent === KERNEL.id;
}

/** Whether a process, or one that it descends from, is an agent. */
function isBelowAgent(id: number, processes: ReadonlyMap<number, ProcessTicks>): boolean {
  // The kernel keeps 15 characters of a name: `bench-agent-1234` of another version is one as well.
  return isBelow(id, processes, (_, { name }) => name.startsWith(AGENT));
}

/** Whether this is true of a process or of one that it descends from. */
function isBelow(
  id: number,
  processes: ReadonlyMap<number, ProcessTicks>,
  isIt: (id: number, process: ProcessTicks) => boolean,
): boolean {
  const seen = new Set<number>();
  for (let at = id; at > 0 && !seen.has(at);) {
    const process = processes.get(at);
    if (process === undefined) return false;
    if (isIt(at, process)) return true;
    seen.add(at);
    at = process.parent;
  }
  return false;
}

function otherAgents(before: Vitals, after: Vitals, own: Own): readonly OtherAgent[] {
  const known = new Map([...before.agents, ...after.agents].map((agent) => [`${agent.pid} ${agent.pidStart}`, agent]));
  return [...known.values()].flatMap(({ pid, pidStart, run, trial }): OtherAgent[] => {
    if (run === own.run && trial === own.trial) return [];
    const ticks = ticksBelow(before, after, pid, pidStart);
    return ticks === 0 ? [] : [{ id: pid, run, trial, ticks }];
  });
}

/** CPU ticks of an agent and its descendants; 1 where the agent has ended, as its number is then unknown. */
function ticksBelow(before: Vitals, after: Vitals, agent: number, started: string): number {
  if (after.processes.get(agent)?.started !== started) return 1;
  const used = [...after.processes].map(([id, process]) => {
    if (!isBelow(id, after.processes, (at) => at === agent)) return 0;
    const earlier = before.processes.get(id);
    const waited = process.childTicks - (earlier?.started === process.started ? earlier.childTicks : 0);
    return Math.max(0, usedSince(before, id, process)) + Math.max(0, waited);
  });
  return used.reduce((sum, ticks) => sum + ticks, 0);
}
