import type { Origin, RawStep, RawTrial } from '../../harness/types.js';
import { describeFailure, firstWords, linesOf, ParseError, quote } from '../parsing.js';

/** The step, when it can be trusted; a `ParseError` with its first words of complaint otherwise. */
export function endedWell(raw: RawTrial, name: string): RawStep {
  const step = raw.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new ParseError(`step ${name} is not in the raw file`);
  const failure = describeFailure(step.outcome);
  if (failure === undefined) return step;
  const words = firstWords(linesOf(step.stderr));
  throw new ParseError(
    `step ${name} ${failure}${words === undefined ? '' : `: ${quote(words.text)}`}`,
    words?.at ?? { file: step.stdout.file, line: step.stdout.firstLine },
  );
}

/** Why there is no value, and where that can be seen. */
export interface Absence {
  readonly missing: string;
  readonly at?: Origin;
}

/** What a reader returns, or the `ParseError` that it throws as plain data. */
export function attempt<T>(read: () => T): { readonly value: T } | { readonly absence: Absence } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { absence: { missing: error.message, ...(error.at === undefined ? {} : { at: error.at }) } };
  }
}

/** A connection may end this much before the time asked for, by the rounding of what prints it; in seconds. */
const ROUNDING_SECONDS = 0.15;

/** Refuses a transfer that was cut short, or that claims more time than the whole program took, by its own clock. */
export function refuseOtherTime(claimed: number, asked: number, wallSeconds: number, at: Origin): void {
  if (claimed < asked - ROUNDING_SECONDS) {
    throw new ParseError(`data flowed for ${claimed.toFixed(2)} s of the ${asked} s that were asked for`, at);
  }
  if (claimed > wallSeconds + ROUNDING_SECONDS) {
    throw new ParseError(`it claims ${claimed.toFixed(2)} s, but the program took ${wallSeconds.toFixed(2)} s`, at);
  }
}
