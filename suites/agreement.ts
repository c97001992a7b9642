import type { Origin } from '../harness/types.js';
import { ParseError } from './parsing.js';
import type { Quantity } from './quantity.js';

/** A number of a report, and the words that name it in a message. */
export interface Stated extends Quantity {
  readonly words: string;
}

/** How far apart two numbers of one quantity may be beyond their rounding: a part of the larger, and a constant. */
export interface Slack {
  readonly part?: number;
  readonly constant?: number;
}

/**
 * Whether two numbers of one quantity agree: each is anywhere within one step of what is printed, as some tools cut digits
 * and others round. The sum of two steps is tolerated, with a trifle for the arithmetic here.
 */
export function agrees(a: Quantity, b: Quantity, { part = 0, constant = 0 }: Slack = {}): boolean {
  const most = Math.max(Math.abs(a.value), Math.abs(b.value));
  return Math.abs(a.value - b.value) <= a.resolution + b.resolution + constant + (part + 1e-9) * most;
}

/** Throws a `ParseError` that names both numbers where two of one quantity contradict each other. */
export function refuseContradiction(a: Stated, b: Stated, at: Origin, slack: Slack = {}): void {
  if (agrees(a, b, slack)) return;
  throw new ParseError(`${a.words} ${shown(a.value)} and ${b.words} ${shown(b.value)} contradict each other`, at);
}

/** As many digits as a person needs to see that two numbers differ. */
function shown(value: number): string {
  return String(Number.isSafeInteger(value) ? value : Number(value.toPrecision(9)));
}
