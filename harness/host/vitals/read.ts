import { readCpuTicks, type CpuTicks } from '../cpu-ticks.js';
import type { Executor } from '../../types.js';
import { LIST_AGENTS, readAgents, type LivingAgent } from '../agents.js';

/** What a host looks like at one moment: read before and after a trial, never during one. */
export interface Vitals {
  /** By CPU. */
  readonly ticks: ReadonlyMap<number, CpuTicks>;
  /** Pages swapped in and out since boot, /proc/vmstat; undefined where it cannot be read. */
  readonly swappedPages: number | undefined;
  /** Times that a core or package was throttled since boot (Documentation/ABI/testing/sysfs-devices-system-cpu). */
  readonly throttles: number | undefined;
  /** Lines of the kernel's log at level warning and above, oldest first; undefined where reading is forbidden. */
  readonly warnings: readonly string[] | undefined;
  /** CLOCK_REALTIME minus CLOCK_BOOTTIME, in ms: constant but for slewing and steps. */
  readonly clockOffsetMs: number | undefined;
  /** By how much `clockOffsetMs` may be wrong: on a slow machine the programs that read it take long. */
  readonly clockErrorMs: number | undefined;
  /** By process id. */
  readonly processes: ReadonlyMap<number, ProcessTicks>;
  /** Agents of this product, on the machine and in its guests. */
  readonly agents: readonly LivingAgent[];
  /** Load average of the last minute. */
  readonly load: number | undefined;
  /** The hottest sensor, in degrees Celsius. */
  readonly temperature: number | undefined;
}

/** One process of /proc/PID/stat. */
export interface ProcessTicks {
  readonly name: string;
  readonly parent: number;
  /** User and system time of its own, in ticks. */
  readonly ticks: number;
  /** User and system time of its children that have ended, in ticks. */
  readonly childTicks: number;
  /** Since boot, in ticks: with the id it is unique. */
  readonly started: string;
  /** Where it ran last. */
  readonly cpu: number;
}

/**
 * One shell, some ten programs, nothing that waits: a few ms. `read -r` keeps /proc/uptime between two readings of the
 * real-time clock without starting a program. The clock is read again while that took more than 20 ms, up to 20 times.
 */
const SCRIPT = `
LC_ALL=C; export LC_ALL
echo '==> clock'
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  a=$(date +%s%N); read -r up _ </proc/uptime; b=$(date +%s%N); echo "$a $up $b"
  case $a$b in *[!0-9]*) break ;; esac
  [ "$((b - a))" -gt 20000000 ] || break
done
echo '==> stat'; grep '^cpu' /proc/stat
echo '==> vmstat'; grep '^pswp' /proc/vmstat
echo '==> throttle'; cat /sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count 2>/dev/null
echo '==> load'; cat /proc/loadavg
echo '==> temperature'; cat /sys/class/thermal/thermal_zone*/temp /sys/class/hwmon/hwmon*/temp*_input 2>/dev/null
echo '==> warnings'; dmesg --level=emerg,alert,crit,err,warn 2>/dev/null | tail -n 200 && echo '==> read'
echo '==> agents'; ${LIST_AGENTS}
echo '==> processes'; cat /proc/[0-9]*/stat 2>/dev/null
:`;

const LIMIT_MS = 20_000;
/** The step of /proc/uptime. */
const UPTIME_STEP_MS = 10;

/** Reads them in one round trip. Rejects only when the host is lost; what cannot be read is undefined. */
export async function readVitals(host: Executor): Promise<Vitals> {
  const { stdout } = await host.exec({ argv: ['sh', '-c', SCRIPT], timeoutMs: LIMIT_MS });
  return vitalsOf(stdout);
}

/** Pure: what the script prints. */
export function vitalsOf(text: string): Vitals {
  const sections = new Map<string, string>();
  for (const block of text.split(/^==> /m).slice(1)) {
    const end = block.indexOf('\n');
    sections.set(block.slice(0, end < 0 ? block.length : end), end < 0 ? '' : block.slice(end + 1));
  }
  const section = (name: string): string => sections.get(name) ?? '';
  const numbers = (name: string): number[] => (section(name).match(/^\d+$/gm) ?? []).map(Number);
  const throttles = numbers('throttle');
  const swaps = [...section('vmstat').matchAll(/^pswp(?:in|out) (\d+)$/gm)].map(([, pages]) => Number(pages));
  return {
    ticks: readCpuTicks(section('stat')),
    swappedPages: swaps.length === 0 ? undefined : swaps.reduce((sum, pages) => sum + pages, 0),
    throttles: throttles.length === 0 ? undefined : throttles.reduce((sum, count) => sum + count, 0),
    warnings: sections.has('read')
      ? section('warnings')
          .split('\n')
          .filter((line) => line !== '')
      : undefined,
    ...readClock(section('clock')),
    agents: readAgents(section('agents')),
    processes: readProcesses(section('processes')),
    load: /^(\d+\.\d+) /.exec(section('load'))?.[1] === undefined ? undefined : Number.parseFloat(section('load')),
    temperature: hottest(numbers('temperature')),
  };
}

/** Degrees Celsius of the hottest sensor, from values in thousandths; undefined where there is none. */
export function hottest(sensors: readonly number[]): number | undefined {
  // Those that are not connected read as absurd values.
  const real = sensors.filter((value) => value > 0 && value < 150_000);
  return real.length === 0 ? undefined : Math.max(...real) / 1000;
}

/**
 * Lines of the real time in ns, the uptime in seconds, and the real time again: the uptime was read at some instant between
 * the two, so the closest pair has the smallest error. `%N` is unknown to some versions of date.
 */
function readClock(text: string): Pick<Vitals, 'clockOffsetMs' | 'clockErrorMs'> {
  const readings = [...text.matchAll(/^(\d{19}) (\d+\.\d+) (\d{19})$/gm)].map(([, first = '', uptime, last = '']) => {
    const [before, after] = [BigInt(first), BigInt(last)];
    return {
      clockOffsetMs: Number((before + after) / 2n / 1000n) / 1000 - Number(uptime) * 1000,
      clockErrorMs: Number(after - before) / 2e6 + UPTIME_STEP_MS / 2,
    };
  });
  const [best] = readings.sort((a, b) => a.clockErrorMs - b.clockErrorMs);
  return best ?? { clockOffsetMs: undefined, clockErrorMs: undefined };
}

/** proc_pid_stat(5). The name is in parentheses and may hold anything, parentheses and spaces included. */
function readProcesses(text: string): ReadonlyMap<number, ProcessTicks> {
  const processes = new Map<number, ProcessTicks>();
  for (const line of text.split('\n')) {
    const match = /^(\d+) \((.*)\) ([^)]*)$/.exec(line);
    if (match === null) continue;
    const [, id = '', name = '', rest = ''] = match;
    // Counted from the state, which is field 3.
    const fields = rest.split(' ');
    const field = (number: number): string => fields[number - 3] ?? '';
    const numbers = [4, 14, 15, 16, 17, 39].map((number) => Number(field(number)));
    if (field(39) === '' || !numbers.every((value) => Number.isSafeInteger(value))) continue;
    const [parent, user = 0, system = 0, childUser = 0, childSystem = 0, cpu] = numbers;
    processes.set(Number(id), {
      name,
      parent: parent ?? 0,
      ticks: user + system,
      childTicks: childUser + childSystem,
      started: field(22),
      cpu: cpu ?? -1,
    });
  }
  return processes;
}
