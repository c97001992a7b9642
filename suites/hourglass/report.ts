import type { Origin, RawText } from '../../harness/types.js';
import { ParseError, quote } from '../parsing.js';

/** When one thread of hourglass ran; times in ns, instants of CLOCK_MONOTONIC of its guest. */
export interface Worker {
  readonly cpu: number;
  /** Its first reading of the clock. */
  readonly firstNs: bigint;
  /** From `first` to the end. */
  readonly wallNs: number;
  /** Sum of the intervals in which it ran. */
  readonly runNs: number;
  readonly cpuClockNs: number;
  readonly intervals: number;
  readonly gaps: number;
  readonly longestGapNs: number;
  readonly polls: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** How many gaps took from 2^n to less than 2^(n+1) ns: pairs of n and count, n ascending, no count 0. */
  readonly gapsByLog2Ns: readonly (readonly [number, number])[];
  /** When the first slot begins. */
  readonly slotsFromNs: bigint;
  /** How long it ran in each slot. */
  readonly slots: readonly number[];
  readonly at: Origin;
}

/** What hourglass printed. */
export interface HourglassReport {
  readonly thresholdNs: number;
  readonly slotNs: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** One for each CPU, never empty. */
  readonly workers: readonly Worker[];
  readonly at: Origin;
}

const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Pure: reads the report, and checks that its numbers agree with each other: the slots add up to the time run, the
 * histogram to the gaps and to the time not run. Throws a `ParseError` where they do not, and when gaps were lost.
 */
export function readReport(text: RawText): HourglassReport {
  const at = { file: text.file, line: text.firstLine };
  const report = fieldsOf(parseJson(text, at), at);
  if (report.any('format') !== 'hourglass/1') throw report.surprise('format', 'hourglass/1');
  const whole = {
    thresholdNs: report.count('thresholdNs'),
    slotNs: report.count('slotNs'),
    startNs: report.instant('startNs'),
    endNs: report.instant('endNs'),
    at,
  };
  if (whole.slotNs === 0) throw report.surprise('slotNs', 'more than 0');
  const workers = report.list('workers').map((worker, index) =>
    // The head is a line, and so is each worker.
    readWorker(worker, whole, { file: at.file, line: at.line + 1 + index }),
  );
  if (workers.length === 0) throw report.surprise('workers', 'one for each CPU');
  if (new Set(workers.map(({ cpu }) => cpu)).size < workers.length) throw report.surprise('workers', 'a CPU each');
  return { ...whole, workers };
}

function parseJson({ text }: RawText, at: Origin): unknown {
  if (text.length > MAX_CHARACTERS) throw new ParseError(`longer than ${MAX_CHARACTERS} characters`, at);
  try {
    return JSON.parse(text);
  } catch {
    throw new ParseError(`expected the JSON that hourglass prints, found ${quote(text)}`, at);
  }
}

function readWorker(value: unknown, whole: Omit<HourglassReport, 'workers'>, at: Origin): Worker {
  const fields = fieldsOf(value, at);
  const worker: Worker = {
    cpu: fields.count('cpu'),
    firstNs: fields.instant('firstNs'),
    wallNs: fields.count('wallNs'),
    runNs: fields.count('runNs'),
    cpuClockNs: fields.count('cpuClockNs'),
    intervals: fields.count('intervals'),
    gaps: fields.count('gaps'),
    longestGapNs: fields.count('longestGapNs'),
    polls: fields.count('polls'),
    voluntarySwitches: fields.count('voluntarySwitches'),
    involuntarySwitches: fields.count('involuntarySwitches'),
    gapsByLog2Ns: fields.list('gapsByLog2Ns').map((pair) => fields.pair('gapsByLog2Ns', pair)),
    slotsFromNs: fields.instant('slotsFromNs'),
    slots: fields.list('slots').map((slot) => fields.asCount('slots', slot)),
    at,
  };
  const lost = fields.count('lost');
  if (lost > 0) throw new ParseError(`hourglass had no room for ${lost} gaps of CPU ${worker.cpu}`, at);
  checkTime(worker, whole);
  checkGaps(worker);
  return worker;
}

function checkTime(worker: Worker, { startNs, endNs, slotNs }: Omit<HourglassReport, 'workers'>): void {
  const { firstNs, wallNs, runNs, slots, slotsFromNs } = worker;
  const slot = BigInt(slotNs);
  const total = slots.reduce((sum, ran) => sum + ran, 0);
  const fits =
    startNs <= firstNs &&
    firstNs + BigInt(wallNs) === endNs &&
    wallNs > 0 &&
    worker.polls > 0 &&
    slotsFromNs === firstNs - (firstNs % slot) &&
    BigInt(slots.length) === (endNs - slotsFromNs + slot - 1n) / slot &&
    slots.every((ran) => ran <= slotNs) &&
    total === runNs &&
    runNs <= wallNs;
  if (!fits) {
    throw new ParseError(
      `the times of CPU ${worker.cpu} do not agree: ${runNs} of ${wallNs} ns run, ${total} in ${slots.length} slots of ${slotNs}`,
      worker.at,
    );
  }
}

function checkGaps(worker: Worker): void {
  const { gapsByLog2Ns, wallNs, runNs, gaps, longestGapNs } = worker;
  const most = gapsByLog2Ns.at(-1)?.[0];
  const sum = (term: (bucket: number, times: number) => number): number =>
    gapsByLog2Ns.reduce((total, [bucket, times]) => total + term(bucket, times), 0);
  const idle = wallNs - runNs;
  const fits =
    gapsByLog2Ns.every(([bucket, times], index) => times > 0 && bucket > (gapsByLog2Ns[index - 1]?.[0] ?? -1)) &&
    sum((_, times) => times) === gaps &&
    sum((bucket, times) => times * 2 ** bucket) <= idle &&
    (most === undefined ? idle === 0 && longestGapNs === 0 : Math.floor(Math.log2(longestGapNs)) === most) &&
    idle <= sum((bucket, times) => times * (2 ** (bucket + 1) - 1)) &&
    longestGapNs <= idle &&
    worker.intervals <= gaps + 1;
  if (!fits) {
    throw new ParseError(
      `the gaps of CPU ${worker.cpu} do not agree: ${gaps} in ${idle} ns, the longest ${longestGapNs}`,
      worker.at,
    );
  }
}

/** The fields of an untrusted JSON object, each read with its required type, or a `ParseError`. */
function fieldsOf(value: unknown, at: Origin) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ParseError(`expected an object of hourglass, found ${show(value)}`, at);
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const wrong = (name: string, expected: string, found: unknown): ParseError =>
    new ParseError(`${name}: expected ${expected}, found ${show(found)}`, at);
  const surprise = (name: string, expected: string): ParseError => wrong(name, expected, fields.get(name));
  const asCount = (name: string, found: unknown): number => {
    if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 0) {
      throw wrong(name, 'integers of at least 0', found);
    }
    return found;
  };
  return {
    any: (name: string): unknown => fields.get(name),
    surprise,
    asCount,
    count: (name: string): number => asCount(name, fields.get(name)),
    instant: (name: string): bigint => {
      const found = fields.get(name);
      if (typeof found !== 'string' || !/^\d{1,19}$/.test(found)) throw surprise(name, 'decimal digits');
      return BigInt(found);
    },
    list: (name: string): readonly unknown[] => {
      const found = fields.get(name);
      if (!Array.isArray(found)) throw surprise(name, 'a list');
      return found;
    },
    pair: (name: string, found: unknown): readonly [number, number] => {
      if (!Array.isArray(found) || found.length !== 2) throw wrong(name, 'pairs', found);
      const [bucket, times] = found as readonly unknown[];
      const pair = [asCount(name, bucket), asCount(name, times)] as const;
      if (pair[0] > 52) throw wrong(name, 'powers of at most 52', found);
      return pair;
    },
  };
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : quote(JSON.stringify(value)));
