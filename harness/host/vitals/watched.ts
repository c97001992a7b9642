import type { CpuTicks } from '../cpu-ticks.js';
import { happenedBetween, type Happened, type Own } from './between.js';
import type { Vitals } from './read.js';

/** What happened on a machine while it was watched, in a form that is stored: plain JSON. */
export interface Watched extends Happened {
  /** Of the CPUs asked about, by number. */
  readonly ticks: Readonly<Record<string, { readonly before: CpuTicks; readonly after: CpuTicks }>>;
  readonly load?: readonly [before: number, after: number];
  /** Degrees Celsius of the hottest sensor. */
  readonly temperature?: readonly [before: number, after: number];
}

/** Compares two readings of one boot. `cpus` are those under test, as the machine numbers them. Pure. */
export function watchedBetween(before: Vitals, after: Vitals, cpus: readonly number[], own: Own): Watched {
  const ticks = cpus.flatMap((cpu) => {
    const [first, last] = [before.ticks.get(cpu), after.ticks.get(cpu)];
    return first === undefined || last === undefined ? [] : [[String(cpu), { before: first, after: last }] as const];
  });
  const both = (first: number | undefined, last: number | undefined): readonly [number, number] | undefined =>
    first === undefined || last === undefined ? undefined : [first, last];
  const [load, temperature] = [both(before.load, after.load), both(before.temperature, after.temperature)];
  return {
    ...happenedBetween(before, after, cpus, own),
    ticks: Object.fromEntries(ticks),
    ...(load === undefined ? {} : { load }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/** What a later reading is compared with: no names and parents of processes, one line of the kernel's log. */
interface Remembered extends Omit<Vitals, 'ticks' | 'processes' | 'warnings'> {
  readonly ticks: readonly (readonly [number, CpuTicks])[];
  readonly processes: readonly (readonly [id: number, started: string, ticks: number, childTicks: number])[];
  readonly lastWarning?: string;
  readonly warned: boolean;
}

/** As JSON, small enough to be kept for each trial. */
export function rememberVitals({ ticks, processes, warnings, ...rest }: Vitals): string {
  const lastWarning = warnings?.at(-1);
  const remembered: Remembered = {
    ...rest,
    ticks: [...ticks],
    processes: [...processes].map(([id, each]) => [id, each.started, each.ticks, each.childTicks]),
    ...(lastWarning === undefined ? {} : { lastWarning }),
    warned: warnings !== undefined,
  };
  return `${JSON.stringify(remembered)}\n`;
}

/** The reading that was remembered, as far as `watchedBetween` needs it as its first. */
export function recallVitals(json: string): Vitals {
  const { ticks, processes, lastWarning, warned, ...rest } = JSON.parse(json) as Remembered;
  return {
    ...rest,
    ticks: new Map(ticks),
    processes: new Map(
      processes.map(([id, started, used, childTicks]) => [
        id,
        { name: '', parent: 0, cpu: -1, started, ticks: used, childTicks },
      ]),
    ),
    warnings: warned ? (lastWarning === undefined ? [] : [lastWarning]) : undefined,
  };
}
