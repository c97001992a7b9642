import type {
  ClockOffset,
  CpuSeconds,
  GuestTiming,
  GuestTrial,
  Installation,
  ProfileId,
  RawCpuTime,
  RawStep,
  RawText,
  RawTrial,
  StepStatus,
  TrialRecord,
} from '../types.js';
import { readAgentResult, type AgentResult, type AgentStep } from './agent-result.js';

/** First line of a raw file: what one trial printed, packed by the agent. */
export const RAW_FORMAT = 'bench-raw/1';

/** One part of a raw file: exactly the bytes of one file of the guest. */
export interface RawPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 1-based line of the raw file at which the bytes begin. */
  readonly firstLine: number;
}

const LINE_FEED = 0x0a;
const HEADER = /^==> ([A-Za-z0-9][A-Za-z0-9._-]{0,127}) (\d{1,12})$/;

/**
 * Splits a raw file: the line `bench-raw/1`, then for each part a line `==> NAME BYTES`, exactly that many bytes, and a
 * line feed. Throws an `Error` that names the file and line where it is not so.
 */
export function splitRawFile(file: string, bytes: Uint8Array): RawPart[] {
  const decoder = new TextDecoder();
  let at = 0;
  let line = 1;
  const readLine = (): string => {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0 || end - at > 200) throw new Error(`${file}:${line}: expected a header line of a raw file`);
    const text = decoder.decode(bytes.subarray(at, end));
    at = end + 1;
    line += 1;
    return text;
  };
  if (readLine() !== RAW_FORMAT) throw new Error(`${file}:1: expected ${RAW_FORMAT}, the first line of a raw file`);
  const parts: RawPart[] = [];
  while (at < bytes.length) {
    const header = HEADER.exec(readLine());
    if (header?.[1] === undefined) throw new Error(`${file}:${line - 1}: expected "==> NAME BYTES"`);
    const length = Number(header[2]);
    const body = bytes.subarray(at, at + length);
    if (body.length < length || bytes[at + length] !== LINE_FEED) {
      throw new Error(`${file}:${line - 1}: part ${header[1]} is cut short`);
    }
    parts.push({ name: header[1], bytes: body, firstLine: line });
    line += countLineFeeds(body) + 1;
    at += length + 1;
  }
  return parts;
}

function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count += 1;
  return count;
}

/** One stored file of a trial. */
export interface RawFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What the files of a trial mean depends on the record beside them. */
export interface RawContext {
  readonly profile: ProfileId;
  readonly installation: Installation;
}

/** A trial as parsers want it, with the agent's own accounting beside it. */
export type ReadTrial = RawTrial & { readonly agent: AgentResult };

/**
 * How the files of one attempt at a trial are called, apart from directories: `t0001.1.txt`, ..., and in a trial of a
 * workload, which gives `guest`, `t0001.1.g0.txt`, ... What is stored before the end is stamped with the launch it
 * belongs to: an attempt may be launched anew, and must not read the old one's.
 */
export const rawNames = (trial: string, attempt: number, launched: string, guest?: number) => {
  const stamp = launched.replace(/\D/g, '');
  const base = `${trial}.${attempt}${guest === undefined ? '' : `.g${guest}`}`;
  return {
    output: `${base}.txt`,
    cpuBefore: `${base}.cpu-before-${stamp}.json`,
    cpuAfter: `${base}.cpu-after-${stamp}.json`,
    clockBefore: `${base}.clock-before-${stamp}.json`,
    /** Of the host; in trials of several guests beside those of the first. */
    vitalsBefore: `${base}.vitals-before-${stamp}.json`,
    vitals: `${base}.vitals-${stamp}.json`,
    /** Of a guest that has a kernel of its own. */
    guestVitalsBefore: `${base}.guest-vitals-before-${stamp}.json`,
    guestVitals: `${base}.guest-vitals-${stamp}.json`,
    peer: `${base}.peer-${stamp}.txt`,
  };
};

/**
 * Reads the stored files of one trial. Throws an `Error` that names the file and line of whatever is not as the harness
 * writes it.
 */
export function readRawTrial(files: readonly RawFile[], context: RawContext): ReadTrial {
  const output = files.find(({ path }) => /\.txt$/.test(path) && !/\.peer(-\d+)*\.txt$/.test(path));
  if (output === undefined) throw new Error('the trial has no raw output');
  const trial = readRawFile(output.path, output.bytes, context);
  const before = files.find(({ path }) => /\.cpu-before(-\d+)*\.json$/.test(path));
  const after = files.find(({ path }) => /\.cpu-after(-\d+)*\.json$/.test(path));
  if (before === undefined || after === undefined) return trial;
  const cpuTime: RawCpuTime = {
    before: readCpuSeconds(before),
    after: readCpuSeconds(after),
    at: { file: after.path, line: 1 },
  };
  return { ...trial, cpuTime };
}

/** Instants of a trial in its guest. */
export function guestTiming({ agent }: ReadTrial): GuestTiming {
  const { startNs, startedNs, awakeNs, endedNs, steps } = agent;
  return {
    releasedNs: startNs,
    awakeNs,
    startedNs,
    endedNs,
    steps: Object.fromEntries(steps.map((step) => [step.name, { startNs: step.startNs, endNs: step.endNs }])),
  };
}

/** Guests of one kernel share its clock. */
const SAME_CLOCK: ClockOffset = { offsetNs: 0, boundNs: 0 };

/**
 * The guests of a stored trial of a workload, as its parser wants them. `files` may hold those of all guests. Throws as
 * `readRawTrial`, and where a guest has no installation, naming the guest.
 */
export function readGuestTrials(
  files: readonly RawFile[],
  { guests = [], profile }: Pick<TrialRecord, 'guests' | 'profile'>,
): readonly (GuestTrial & { readonly raw: ReadTrial })[] {
  return guests.map(({ assignment, installation, artifacts, clock = SAME_CLOCK }) => {
    if (installation === undefined) throw new Error(`guest ${assignment.guest} was not installed`);
    const own = files.filter(({ path }) => artifacts.includes(path));
    const raw = readRawTrial(own, { profile, installation });
    return { assignment, raw, timing: guestTiming(raw), clock };
  });
}

function readCpuSeconds({ path, bytes }: RawFile): CpuSeconds {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  const { seconds, source } = (value ?? {}) as Partial<Record<string, unknown>>;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0 || typeof source !== 'string') {
    throw new Error(`${path}:1: expected {"seconds", "source"}`);
  }
  return { seconds, source };
}

/** The raw file with the output of a trial. Throws as `splitRawFile`. */
export function readRawFile(file: string, bytes: Uint8Array, context: RawContext): ReadTrial {
  const parts = new Map(splitRawFile(file, bytes).map((part) => [part.name, part]));
  const result = parts.get('result.json');
  if (result === undefined) throw new Error(`${file}: part result.json is missing`);
  const agent = readAgentResult(new TextDecoder().decode(result.bytes));
  const text = (name: string): RawText => {
    const part = parts.get(name);
    if (part === undefined) return { text: '', file, firstLine: 1 };
    return { text: new TextDecoder().decode(part.bytes), file, firstLine: part.firstLine };
  };
  const steps = agent.steps.map((step): RawStep => ({
    name: step.name,
    phase: step.phase,
    outcome: stepStatus(step),
    wallSeconds: Number(BigInt(step.endNs) - BigInt(step.startNs)) / 1e9,
    rusage: {
      userSeconds: step.userUs / 1e6,
      systemSeconds: step.systemUs / 1e6,
      maxRssKiB: step.maxRssKiB,
      minorFaults: step.minorFaults,
      majorFaults: step.majorFaults,
      voluntarySwitches: step.voluntarySwitches,
      involuntarySwitches: step.involuntarySwitches,
    },
    stdout: text(`${step.name}.out`),
    stderr: text(`${step.name}.err`),
  }));
  return { ...context, steps, agent };
}

/** How a step ended, from the agent's accounting. */
export function stepStatus(step: AgentStep): StepStatus {
  switch (step.status) {
    case 'exited':
      return { status: 'exited', code: step.code ?? 0 };
    case 'signaled':
      return { status: 'signaled', signal: step.signal ?? 0 };
    case 'unstarted':
      return { status: 'unstarted', message: step.message ?? 'no reason was given' };
    case 'limit':
    case 'finished':
    case 'output':
    case 'skipped':
      return { status: step.status };
  }
}
