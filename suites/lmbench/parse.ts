import type { RawStep, RawTrial, Reading } from '../../harness/types.js';
import { describeFailure, firstNonBlank, linesOf, ParseError, quote, type Line } from '../parsing.js';
import { readQuantity, scaled, type Quantity } from '../quantity.js';
import type { Job } from './job.js';
import type { Name } from './metrics.js';
import { unitOf } from './metrics.js';
import { scan } from './scan.js';
import { jobsOf } from './steps.js';

/** Pure: a reading for every metric that the trial's steps promise, a value or why there is none. Throws nothing. */
export function parse(raw: RawTrial): Reading<Name>[] {
  const byName = new Map(raw.steps.map((step) => [step.name, step]));
  return jobsOf({ profile: raw.profile, installation: raw.installation, dir: '' }).flatMap((job) => {
    const step = byName.get(job.step.name);
    if (step === undefined) return missing(job.yields, `step ${job.step.name} is not in the raw output`);
    const spoiled = failureBefore(job, byName) ?? failureOf(job, step);
    if (spoiled !== undefined) return missing(job.yields, spoiled, outputOf(step));
    return job.reads.format === 'probe' ? readProbe(job, step) : readTool(job, step);
  });
}

/** `at` the first line that was printed, when there is one. */
function missing(names: readonly Name[], reason: string, lines: readonly Line[] = []): Reading<Name>[] {
  const at = firstNonBlank(lines)?.at;
  return names.map((metric) => ({ metric, missing: reason, ...(at === undefined ? {} : { at }) }));
}

/** Everything that a step printed, messages first: lmbench prints results on stderr, a few tools on stdout. */
function outputOf(step: RawStep): Line[] {
  return [...linesOf(step.stderr), ...linesOf(step.stdout)];
}

function failureBefore(job: Job, steps: ReadonlyMap<string, RawStep>): string | undefined {
  if (job.after === undefined) return undefined;
  const before = steps.get(job.after);
  if (before === undefined) return `prepare step ${job.after}, which ${job.tool} relies on, was not run`;
  const failure = describeFailure(before.outcome);
  return failure && `prepare step ${job.after}, which ${job.tool} relies on, ${failure}${saying(outputOf(before))}`;
}

function failureOf(job: Job, step: RawStep): string | undefined {
  const tolerated = job.reads.format === 'lmbench' && job.reads.anyExitCode === true;
  if (tolerated && step.outcome.status === 'exited') return undefined;
  const failure = describeFailure(step.outcome);
  return failure && `${job.tool} ${failure}${saying(outputOf(step))}`;
}

function saying(lines: readonly Line[]): string {
  const line = firstNonBlank(lines);
  return line === undefined ? '' : ` and printed ${quote(line.text)}`;
}

function readTool(job: Job, step: RawStep): Reading<Name>[] {
  const lines = outputOf(step);
  const section = job.reads.format === 'lmbench' ? job.reads.section : undefined;
  const { figures } = scan(lines, section);
  return job.yields.flatMap((metric): Reading<Name>[] => {
    const [found, ...others] = figures.filter((figure) => figure.metric === metric);
    if (found === undefined) return missing([metric], nothingFor(job, lines), lines);
    const { at } = found.line;
    if (others.length > 0) return [{ metric, missing: `${job.tool} printed it more than once`, at }];
    if ('problem' in found) return [{ metric, missing: `${job.tool}: ${found.problem}`, at }];
    return [{ metric, value: found.value, resolution: found.resolution, at, tool: job.tool }];
  });
}

function nothingFor(job: Job, lines: readonly Line[]): string {
  const words = firstNonBlank(lines);
  if (words === undefined) return `${job.tool} exited with code 0 and printed nothing`;
  // It drops the row of a ring that was no slower than the overhead that it measured apart.
  if (job.tool === 'lat_ctx' && /^"size=\d+k ovr=/.test(words.text)) {
    return 'lat_ctx printed no row: the ring took no longer than its overhead';
  }
  return `${job.tool} printed no such row, but ${quote(words.text)}`;
}

/** `probe NAME UNIT VALUE n N min A q1 B q3 C max D`, one line on stdout. */
const PROBE_LINE =
  /^probe (?<name>\S+) (?<unit>\S+) (?<value>\S+) n (?<n>\d+) min (?<min>\S+) q1 (?<q1>\S+) q3 (?<q3>\S+) max (?<max>\S+)$/;

function readProbe(job: Job, step: RawStep): Reading<Name>[] {
  const lines = linesOf(step.stdout).filter(({ text }) => text.trim() !== '');
  const [line] = lines;
  return job.yields.flatMap((metric): Reading<Name>[] => {
    if (line === undefined) return missing([metric], `${job.tool} exited with code 0 and printed nothing`);
    const { at } = line;
    try {
      return [{ metric, ...probeValue(metric, lines), at, tool: job.tool }];
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return [{ metric, missing: `${job.tool}: ${error.message}`, at }];
    }
  });
}

function probeValue(metric: Name, lines: readonly Line[]): Quantity {
  const text = lines[0]?.text ?? '';
  const groups = PROBE_LINE.exec(text)?.groups;
  const unit = unitOf(metric) === 'B/s' ? 'MB/s' : 'us';
  if (lines.length !== 1 || groups?.['name'] !== metric || groups['unit'] !== unit) {
    throw new ParseError(`expected one line "probe ${metric} ${unit} ...", found ${quote(text)}`);
  }
  // MB are powers of ten, as in lmbench.
  return scaled(readQuantity(groups['value'] ?? ''), unit === 'MB/s' ? 1e6 : 1);
}
