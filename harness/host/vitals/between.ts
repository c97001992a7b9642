import type { ProcessTicks, Vitals } from './read.js';

/** A process that used CPU time and does not belong to the trial. */
export interface Stranger {
  readonly id: number;
  readonly name: string;
  readonly ticks: number;
}

/** What happened on a host between two readings. Members are undefined where they cannot be known. */
export interface Happened {
  readonly swappedPages: number | undefined;
  readonly throttles: number | undefined;
  readonly warnings: readonly string[] | undefined;
  readonly clockStepMs: number | undefined;
  /** Processes that ran last on one of the CPUs asked about and are not below an agent, the busiest first. */
  readonly strangers: readonly Stranger[];
}

/** The program under which everything of a trial runs. */
const AGENT = 'bench-agent';
const MOST_STRANGERS = 5;

/** Compares two readings of one boot. `cpus` are those under test, as the host numbers them. Pure. */
export function happenedBetween(before: Vitals, after: Vitals, cpus: readonly number[]): Happened {
  const known = new Set(before.warnings);
  return {
    swappedPages: difference(before.swappedPages, after.swappedPages),
    throttles: difference(before.throttles, after.throttles),
    warnings: before.warnings === undefined ? undefined : after.warnings?.filter((line) => !known.has(line)),
    clockStepMs: difference(before.clockOffsetMs, after.clockOffsetMs),
    strangers: strangersBetween(before, after, cpus),
  };
}

function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}

function strangersBetween(before: Vitals, after: Vitals, cpus: readonly number[]): readonly Stranger[] {
  const strangers = [...after.processes].flatMap(([id, process]): Stranger[] => {
    const earlier = before.processes.get(id);
    const ticks = process.ticks - (earlier?.started === process.started ? earlier.ticks : 0);
    if (ticks <= 0 || !cpus.includes(process.cpu) || isBelowAgent(id, after.processes)) return [];
    return [{ id, name: process.name, ticks }];
  });
  return strangers.sort((a, b) => b.ticks - a.ticks).slice(0, MOST_STRANGERS);
}

/** Whether a process, or one that it descends from, is an agent. */
function isBelowAgent(id: number, processes: ReadonlyMap<number, ProcessTicks>): boolean {
  const seen = new Set<number>();
  for (let at = id; at > 0 && !seen.has(at);) {
    const process = processes.get(at);
    if (process === undefined) return false;
    // The kernel keeps 15 characters of a name: `bench-agent-1234` of another version is one as well.
    if (process.name.startsWith(AGENT)) return true;
    seen.add(at);
    at = process.parent;
  }
  return false;
}
