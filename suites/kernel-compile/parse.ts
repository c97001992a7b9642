import type { Origin, RawStep, RawTrial, Reading } from '../../harness/types.js';
import { describeFailure, linesOf, ParseError, quote, readPositive, type Line } from '../parsing.js';
import { metrics, type KernelMetric } from './metrics.js';
import { clocked, type Quantity } from '../quantity.js';
import { sizes, type Size } from './sizes.js';

/** CPU time above what the CPUs can give in the time elapsed: ticks are coarse, so a part and a constant are tolerated. */
const TOLERANCE = { part: 0.05, seconds: 0.5 };

/** Pure: the readings of a trial, of the size of its profile. */
export const parse = (raw: RawTrial): Reading<KernelMetric>[] => parseSize(raw, sizes[raw.profile]);

/**
 * Pure: the agent's clock and accounting of the build. There is a reading only when make ended well, the products are
 * new, and as many objects were made as the work must make.
 */
export function parseSize(raw: RawTrial, size: Size): Reading<KernelMetric>[] {
  const index = raw.steps.findIndex(({ name }) => name === 'compile');
  try {
    const values = readBuild(raw, size);
    const at = accountOf(raw.steps[index], index);
    return names.map((metric) => ({ metric, ...values[metric], at, tool: 'make' }));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { message, at } = error;
    return names.map((metric) => ({ metric, missing: message, ...(at === undefined ? {} : { at }) }));
  }
}

const names = Object.keys(metrics) as KernelMetric[];

/**
 * Position of the agent's accounting of a step: `result.json` begins in line 3 of a raw file, and has a line for each
 * step after its five lines about the trial.
 */
function accountOf(step: RawStep | undefined, index: number): Origin {
  return { file: step?.stdout.file ?? '', line: 3 + 5 + index };
}

function readBuild(raw: RawTrial, size: Size): Readonly<Record<KernelMetric, Quantity>> {
  const compile = endedWell(raw, 'compile');
  const before = readCounts(endedWell(raw, 'count-before'));
  const after = readCounts(endedWell(raw, 'count-after'));
  for (const product of size.products) {
    const [old, made] = [before.files.get(product), after.files.get(product)];
    if (old !== undefined) throw new ParseError(`${product} was there before the build`, old.at);
    if (made === undefined) throw new ParseError(`make ended well but made no ${product}`, after.at);
  }
  const built = after.newObjects;
  if (built === undefined || built.count < size.leastObjects) {
    const found = String(built?.count ?? 'no count');
    throw new ParseError(`make should compile at least ${size.leastObjects} objects, found ${found}`, built?.at);
  }
  return readTimes(compile, raw.installation.data['cpus']);
}

function readTimes(compile: RawStep, cpus: unknown): Readonly<Record<KernelMetric, Quantity>> {
  const at = { file: compile.stdout.file, line: compile.stdout.firstLine };
  const elapsed = compile.wallSeconds;
  const { userSeconds: user, systemSeconds: system } = compile.rusage ?? { userSeconds: NaN, systemSeconds: NaN };
  if (![elapsed, user, system].every((seconds) => Number.isFinite(seconds) && seconds > 0)) {
    throw new ParseError(`expected times above zero, found ${elapsed}, ${user} and ${system} s`, at);
  }
  const times = { elapsed: clocked(elapsed), user: accounted(user), system: accounted(system) };
  if (typeof cpus !== 'number' || !(cpus >= 1)) return times;
  const most = elapsed * cpus * (1 + TOLERANCE.part) + TOLERANCE.seconds;
  if (user + system > most) {
    throw new ParseError(
      `${(user + system).toFixed(2)} s of CPU time in ${elapsed.toFixed(2)} s on ${cpus} CPUs cannot be`,
      at,
    );
  }
  return times;
}

/** Seconds of getrusage(2), which has microseconds. */
function accounted(value: number): Quantity {
  return { value, resolution: 1e-6 };
}

interface Counts {
  readonly at: Origin;
  readonly files: ReadonlyMap<string, Line>;
  readonly newObjects?: { readonly count: number; readonly at: Origin };
}

/** What `count.sh` printed. Throws a `ParseError` where a number is none. */
function readCounts(step: RawStep): Counts {
  const lines = linesOf(step.stdout);
  const files = new Map<string, Line>();
  for (const line of lines) {
    const [key, name, bytes] = line.text.split(' ');
    if (key !== 'file' || name === undefined) continue;
    readPositive(bytes ?? '', line.at);
    files.set(name, line);
  }
  const at = { file: step.stdout.file, line: step.stdout.firstLine };
  const counted = lines.find(({ text }) => text.startsWith('new-objects '));
  if (counted === undefined) return { at, files };
  const count = readPositive(counted.text.slice('new-objects '.length), counted.at);
  return { at, files, newObjects: { count, at: counted.at } };
}

/** The step, when it can be trusted; a `ParseError` with the last line of its errors otherwise. */
function endedWell(raw: RawTrial, name: string): RawStep {
  const step = raw.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new ParseError(`step ${name} is not in the raw file`);
  const failure = describeFailure(step.outcome);
  if (failure === undefined) return step;
  const words = linesOf(step.stderr).findLast(({ text }) => text.trim() !== '');
  throw new ParseError(
    `step ${name} ${failure}${words === undefined ? '' : `: ${quote(words.text)}`}`,
    words?.at ?? { file: step.stdout.file, line: step.stdout.firstLine },
  );
}
