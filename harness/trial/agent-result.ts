/** How one step ended and what it used, as the agent wrote it. Instants are CLOCK_MONOTONIC of the guest in ns. */
export interface AgentStep {
  readonly name: string;
  readonly phase: 'prepare' | 'measure' | 'cleanup';
  readonly status: 'exited' | 'signaled' | 'limit' | 'finished' | 'output' | 'unstarted' | 'skipped';
  /** Exit code, when it exited. */
  readonly code: number | null;
  /** Signal number, when a signal other than the agent's own ended it. */
  readonly signal: number | null;
  /** Why it could not be started. */
  readonly message: string | null;
  /** Decimal digits: more than a double holds after 104 days of uptime. */
  readonly startNs: string;
  readonly endNs: string;
  /** getrusage(2) of the step and the descendants that it waited for. */
  readonly userUs: number;
  readonly systemUs: number;
  readonly maxRssKiB: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** The CPU just before the program was executed, and the one on which it ended; null where it never ran. */
  readonly cpuFirst: number | null;
  readonly cpuLast: number | null;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
}

/** Per CPU (`cpu0`): user nice system idle iowait irq softirq steal guest guest_nice, in ticks, proc(5). */
export type CpuTicks = Readonly<Record<string, readonly number[]>>;

/** `result.json` of the agent (`harness/agent/result.c`). */
export interface AgentResult {
  readonly version: 2;
  /** `aborted`: a step failed; `abandoned`: no start instant came. */
  readonly state: 'done' | 'aborted' | 'abandoned';
  readonly error: string | null;
  readonly bootId: string;
  /** CLOCK_MONOTONIC of the guest in ns, as decimal digits; `0` where it did not come to that. */
  readonly readyNs: string;
  /** The requested start instant; `startedNs` is when the first measured step really began. */
  readonly startNs: string;
  readonly startedNs: string;
  /** When the agent was awake and on a CPU after `startNs`. */
  readonly awakeNs: string;
  readonly endedNs: string;
  /** CPUs allowed to the agent, in the list form of the kernel: `0-2,5`. */
  readonly affinity: string;
  /** The same, one by one. */
  readonly pinned: readonly number[];
  /** CPUs on which measured steps were seen, ascending. */
  readonly cpusSeen: readonly number[];
  /** Load averages of 1, 5 and 15 minutes. */
  readonly loadBefore: readonly number[];
  readonly loadAfter: readonly number[];
  /** From 20 ms before the start instant to the end of the last measured step; empty where nothing was measured. */
  readonly cpuTicks: { readonly before: CpuTicks; readonly after: CpuTicks };
  /**
   * CPU time of the agent and of all its descendants so far, kept servers included, at the instants of `cpuTicks`; null
   * where nothing was measured.
   */
  readonly ownCpuUs: { readonly before: number; readonly after: number } | null;
  readonly ticksPerSecond: number;
  /** A file system that the trial writes to had less than 64 KiB left when the agent looked. */
  readonly diskFull: boolean;
  readonly steps: readonly AgentStep[];
}

/** Far above what an agent writes for a thousand CPUs; what is parsed takes many times as much memory. */
const MAX_CHARACTERS = 2 * 1024 * 1024;
/** CPU numbers of at most four digits: a longer list than that is no list. */
const CPU_LIST = /^(?=.{1,1023}$)\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*$/;
const STATES = ['done', 'aborted', 'abandoned'] as const;
const PHASES = ['prepare', 'measure', 'cleanup'] as const;
const STATUSES = ['exited', 'signaled', 'limit', 'finished', 'output', 'unstarted', 'skipped'] as const;

/**
 * Reads and checks `result.json`. It comes from a guest and may be anything: throws an `Error` that names the place,
 * what was expected there and what was found.
 */
export function readAgentResult(json: string): AgentResult {
  if (json.length > MAX_CHARACTERS) throw new Error(`result.json: longer than ${MAX_CHARACTERS} characters`);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`result.json: not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const result = fieldsOf(value, 'result.json');
  const ticks = fieldsOf(result.any('cpuTicks'), 'cpuTicks');
  if (result.count('version') !== 2) throw result.surprise('version', '2');
  const affinity = result.matching('affinity', CPU_LIST, 'a list of CPUs');
  return {
    version: 2,
    state: result.oneOf('state', STATES),
    error: result.textOrNull('error'),
    bootId: result.matching('bootId', /^[A-Za-z0-9-]{1,64}$/, 'a boot id'),
    readyNs: result.instant('readyNs'),
    startNs: result.instant('startNs'),
    startedNs: result.instant('startedNs'),
    awakeNs: result.instant('awakeNs'),
    endedNs: result.instant('endedNs'),
    affinity,
    pinned: cpusOf(affinity),
    cpusSeen: result.numbers('cpusSeen', 8192),
    loadBefore: result.numbers('loadBefore', 3),
    loadAfter: result.numbers('loadAfter', 3),
    cpuTicks: { before: readTicks(ticks, 'before'), after: readTicks(ticks, 'after') },
    ownCpuUs: readOwn(result.any('ownCpuUs')),
    ticksPerSecond: result.count('ticksPerSecond'),
    diskFull: result.flag('diskFull'),
    steps: result.list('steps', 8192).map((step, index) => readStep(step, `steps[${index}]`)),
  };
}

function readStep(value: unknown, place: string): AgentStep {
  const step = fieldsOf(value, place);
  return {
    name: step.matching('name', /^[a-z0-9-]{1,64}$/, 'a step name'),
    phase: step.oneOf('phase', PHASES),
    status: step.oneOf('status', STATUSES),
    code: step.countOrNull('code'),
    signal: step.countOrNull('signal'),
    message: step.textOrNull('message'),
    startNs: step.instant('startNs'),
    endNs: step.instant('endNs'),
    userUs: step.count('userUs'),
    systemUs: step.count('systemUs'),
    maxRssKiB: step.count('maxRssKiB'),
    minorFaults: step.count('minorFaults'),
    majorFaults: step.count('majorFaults'),
    voluntarySwitches: step.count('voluntarySwitches'),
    involuntarySwitches: step.count('involuntarySwitches'),
    cpuFirst: step.countOrNull('cpuFirst'),
    cpuLast: step.countOrNull('cpuLast'),
    stdoutBytes: step.count('stdoutBytes'),
    stderrBytes: step.count('stderrBytes'),
  };
}

function readOwn(value: unknown): AgentResult['ownCpuUs'] {
  if (value === null) return null;
  const own = fieldsOf(value, 'ownCpuUs');
  return { before: own.count('before'), after: own.count('after') };
}

function readTicks(ticks: Fields, which: 'before' | 'after'): CpuTicks {
  const place = `cpuTicks.${which}`;
  const cpus = fieldsOf(ticks.any(which), place);
  const known: [string, readonly number[]][] = cpus.names.map((name) => {
    if (!/^cpu\d{1,5}$/.test(name))
      throw new Error(`result.json: ${place}: expected names like cpu0, found ${show(name)}`);
    const numbers = cpus.numbers(name, 10);
    if (numbers.length !== 10) throw cpus.surprise(name, '10 numbers');
    return [name, numbers];
  });
  return Object.fromEntries(known);
}

/** `0-2,5` as numbers. */
function cpusOf(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
}

type Fields = ReturnType<typeof fieldsOf>;

/** The fields of a JSON object at `place`, each read with the type that it must have. */
function fieldsOf(value: unknown, place: string) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`result.json: ${place}: expected an object, found ${show(value)}`);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const any = (name: string): unknown => fields.get(name);
  const surprise = (name: string, expected: string): Error =>
    new Error(`result.json: ${place}.${name}: expected ${expected}, found ${show(any(name))}`);
  const count = (name: string): number => {
    const found = any(name);
    if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 0) {
      throw surprise(name, 'an integer of at least 0');
    }
    return found;
  };
  const matching = (name: string, pattern: RegExp, expected: string): string => {
    const found = any(name);
    if (typeof found !== 'string' || !pattern.test(found)) throw surprise(name, expected);
    return found;
  };
  const list = (name: string, most: number): readonly unknown[] => {
    const found = any(name);
    if (!Array.isArray(found) || found.length > most) throw surprise(name, `a list of at most ${most}`);
    return found;
  };
  return {
    names: [...fields.keys()],
    any,
    surprise,
    count,
    matching,
    list,
    countOrNull: (name: string) => (any(name) === null ? null : count(name)),
    textOrNull: (name: string) => (any(name) === null ? null : matching(name, /^[^]{0,1024}$/, 'a short text or null')),
    instant: (name: string) => matching(name, /^\d{1,19}$/, 'decimal digits'),
    numbers: (name: string, most: number): number[] =>
      list(name, most).map((item) => {
        if (typeof item !== 'number' || !Number.isFinite(item) || item < 0)
          throw surprise(name, 'numbers, none negative');
        return item;
      }),
    flag: (name: string): boolean => {
      const found = any(name);
      if (typeof found !== 'boolean') throw surprise(name, 'true or false');
      return found;
    },
    oneOf: <Word extends string>(name: string, words: readonly Word[]): Word => {
      const word = words.find((candidate) => candidate === any(name));
      if (word === undefined) throw surprise(name, words.join(' | '));
      return word;
    },
  };
}

/** A value of a stranger, short and on one line. */
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
