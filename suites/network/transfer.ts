import type { Origin } from '../../harness/types.js';
import { ParseError } from '../parsing.js';

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

/** How much earlier than requested a connection may end, in seconds: tools round what they print. */
const ROUNDING_SECONDS = 0.15;

/** Refuses a transfer that was cut short, or that claims more time than the whole program took, by its own clock. */
export function refuseOtherTime(claimed: number, requested: number, wallSeconds: number, at: Origin): void {
  if (claimed < requested - ROUNDING_SECONDS) {
    throw new ParseError(`data flowed for ${claimed.toFixed(2)} s of the requested ${requested} s`, at);
  }
  if (claimed > wallSeconds + ROUNDING_SECONDS) {
    throw new ParseError(`it claims ${claimed.toFixed(2)} s, but the program took ${wallSeconds.toFixed(2)} s`, at);
  }
}
