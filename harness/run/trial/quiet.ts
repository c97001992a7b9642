import { BenchError } from '../../errors.js';
import { readCpuTicks, type CpuTicks } from '../../host/cpu-ticks.js';
import { hottest } from '../../host/vitals/read.js';
import type { Executor, Finding } from '../../types.js';

/** Limits for a quiet machine: percent of time that a CPU under test is busy, and degrees above the start of the run. */
const MAX_BUSY_PERCENT = 5;
const MAX_WARMER = 5;

/** Load and temperature of a machine over a second. */
export interface Activity {
  /** Percent of its time that each CPU under test was not idle; CPUs that the machine does not know are left out. */
  readonly busy: readonly { readonly cpu: number; readonly percent: number }[];
  /** Degrees Celsius of the hottest sensor. */
  readonly temperature: number | undefined;
}

const LOOK = `
grep '^cpu' /proc/stat; sleep 1; echo '==> then'; grep '^cpu' /proc/stat; echo '==> temperature'
cat /sys/class/thermal/thermal_zone*/temp /sys/class/hwmon/hwmon*/temp*_input 2>/dev/null
:`;

/** Reads for a second. Rejects only when the host is lost; a host that takes too long to read counts as quiet. */
export async function readActivity(host: Executor, cpus: readonly number[]): Promise<Activity> {
  try {
    const { stdout } = await host.exec({ argv: ['sh', '-c', LOOK], timeoutMs: 30_000 });
    return activityOf(stdout, cpus);
  } catch (error) {
    if (error instanceof BenchError && !error.transport) return { busy: [], temperature: undefined };
    throw error;
  }
}

/** Parses the output of the script. Pure. */
export function activityOf(text: string, cpus: readonly number[]): Activity {
  const [first = '', second = '', temperatures = ''] = text.split(/^==> .*$/m);
  const [before, after] = [readCpuTicks(first), readCpuTicks(second)];
  const busy = cpus.flatMap((cpu) => {
    const [earlier, later] = [before.get(cpu), after.get(cpu)];
    if (earlier === undefined || later === undefined) return [];
    const passed = (kind: keyof CpuTicks): number => Math.max(0, later[kind] - earlier[kind]);
    const used = passed('busy') + passed('steal');
    const whole = used + passed('idle') + passed('iowait');
    return whole === 0 ? [] : [{ cpu, percent: (100 * used) / whole }];
  });
  return { busy, temperature: hottest((temperatures.match(/^\d+$/gm) ?? []).map(Number)) };
}

/** Why the machine is not quiet, in words; undefined when it is. `usual`: the temperature when the run began. Pure. */
export function unrest({ busy, temperature }: Activity, usual: number | undefined): string | undefined {
  const tooBusy = busy.filter(({ percent }) => percent > MAX_BUSY_PERCENT);
  const reasons = tooBusy.map(({ cpu, percent }) => `CPU ${cpu} is ${percent.toFixed(0)} % busy`);
  if (temperature !== undefined && usual !== undefined && temperature > usual + MAX_WARMER) {
    reasons.push(`the temperature is ${temperature.toFixed(0)} °C, ${usual.toFixed(0)} °C when the run began`);
  }
  return reasons.length === 0 ? undefined : reasons.join(', ');
}

/** Parameters of a wait; `nowMs` is monotonic. */
export interface QuietWait {
  /** The longest wait; 0: the machine is not checked. */
  readonly seconds: number;
  readonly usual: number | undefined;
  look(): Promise<Activity>;
  nowMs(): number;
  /** Called once, when the wait begins, with the reason. */
  notice(what: string): void;
  /** Called after each look that found it not quiet, with the reason. */
  waiting(why: string): void;
  readonly signal: AbortSignal;
}

/**
 * Waits until the machine is quiet, for a bounded time. Resolves to the last reading, and to a finding when the time was
 * over first: the trial then runs anyway, and its gates judge it.
 */
export async function awaitQuiet(wait: QuietWait): Promise<{ readonly last?: Activity; readonly finding?: Finding }> {
  if (wait.seconds <= 0) return {};
  const began = wait.nowMs();
  for (let noticed = false; ; noticed = true) {
    wait.signal.throwIfAborted();
    const last = await wait.look();
    const why = unrest(last, wait.usual);
    if (why === undefined) return { last };
    const waited = (wait.nowMs() - began) / 1000;
    if (waited >= wait.seconds) return { last, finding: unquiet(why, waited) };
    wait.waiting(why);
    if (!noticed) wait.notice(`waiting up to ${wait.seconds} s for the machine to be quiet: ${why}`);
  }
}

const unquiet = (why: string, seconds: number): Finding => ({
  check: 'quiet before the trial',
  expected: `CPUs under test at most ${MAX_BUSY_PERCENT} % busy, at most ${MAX_WARMER} °C warmer than when the run began`,
  found: `${why}, after ${Math.round(seconds)} s`,
  verdict: 'differs',
  hint: 'measured anyway',
});
