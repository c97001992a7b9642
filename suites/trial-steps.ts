import type { Origin, RawStep, RawText, RawTrial, Reading } from '../harness/types.js';
import { describeFailure, firstNonBlank, linesOf, ParseError, quote } from './parsing.js';

/** The step, when it can be trusted; otherwise a `ParseError` with how it ended and its first line of error output. */
export function endedWell(raw: RawTrial, name: string): RawStep {
  const step = raw.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new ParseError(`step ${name} is not in the raw file`);
  const failure = describeFailure(step.outcome);
  if (failure === undefined) {
    if (Number.isFinite(step.wallSeconds) && step.wallSeconds > 0) return step;
    throw new ParseError(`step ${name} took no time`, startOf(step));
  }
  const words = firstNonBlank(linesOf(step.stderr)) ?? linesOf(step.stdout).findLast(({ text }) => text.trim() !== '');
  throw new ParseError(
    `step ${name} ${failure}${words === undefined ? '' : `: ${quote(words.text)}`}`,
    words?.at ?? startOf(step),
  );
}

const startOf = ({ stdout }: RawStep): Origin => ({ file: stdout.file, line: stdout.firstLine });

/** The readings that `read` makes, or for each of `metrics` why there is none. Anything but a `ParseError` passes. */
export function readingsOr<Name extends string>(
  metrics: readonly Name[],
  read: () => readonly Reading<Name>[],
): readonly Reading<Name>[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { message: missing, at } = error;
    return metrics.map((metric) => ({ metric, missing, ...(at === undefined ? {} : { at }) }));
  }
}

/**
 * For `recognize`: the value of `read`, whose `ParseError` becomes an `Error` that begins with file and line: that of the
 * error, or the last one, after which something was expected. A file without text is refused as no output of `tool`.
 */
export function readForeign<T>(raw: RawText, tool: string, read: () => T): T {
  const last = linesOf(raw).findLast(({ text }) => text.trim() !== '')?.at;
  try {
    if (last === undefined) throw new ParseError(`expected the output of ${tool}, found an empty file`);
    return read();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const line = (error.at ?? last)?.line ?? raw.firstLine;
    throw new Error(`${raw.file}:${line}: ${error.message}`, { cause: error });
  }
}

/** The step, when it can be trusted; else a `ParseError` with its first line on stderr. Does not check its time. */
export function trustedStep(raw: RawTrial, name: string): RawStep {
  const step = raw.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new ParseError(`step ${name} is not in the raw file`);
  const failure = describeFailure(step.outcome);
  if (failure === undefined) return step;
  const words = firstNonBlank(linesOf(step.stderr));
  throw new ParseError(
    `step ${name} ${failure}${words === undefined ? '' : `: ${quote(words.text)}`}`,
    words?.at ?? startOf(step),
  );
}
