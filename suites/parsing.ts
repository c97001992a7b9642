import type { Origin, RawText, StepStatus } from '../harness/types.js';

/** One line of a raw text, without its line end, and its position. */
export interface Line {
  readonly text: string;
  readonly at: Origin;
}

/** A raw output that does not follow its format; `at` is the position. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
  readonly at: Origin | undefined;

  constructor(message: string, at?: Origin) {
    super(message);
    this.at = at;
  }
}

/**
 * The lines of a text, without blanks at their ends. CR LF counts as a line end; a last line without one is a line; an
 * empty text has none.
 */
export function linesOf(raw: RawText): Line[] {
  if (raw.text === '') return [];
  const texts = raw.text.split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.map((text, index) => ({
    text: text.replace(/[ \t\r]+$/, ''),
    at: { file: raw.file, line: raw.firstLine + index },
  }));
}

/**
 * Throws a `ParseError` where a text ends in the middle of this line: a number at its end may have lost digits. For lines
 * that end in a number; a unit or a bracket at the end shows by itself that the line is whole.
 */
export function refuseUnended(raw: RawText, { text, at }: Line): void {
  const lineBreaks = raw.text.split('\n').length - 1;
  if (at.line - raw.firstLine < lineBreaks) return;
  throw new ParseError(`expected a whole line, found ${quote(text)} without its end: the file was cut`, at);
}

/** Decimal digits, perhaps a fraction, perhaps an exponent: what C's printf makes of a finite value that is not negative. */
const DECIMAL = /^\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?$/;

/**
 * A finite number above zero. A sign, a NaN, an infinity, a unit stuck to it or a blank is a `ParseError`: a tool that
 * prints one of these measured nothing. So did one that prints 0, for every quantity that the suites measure.
 */
export function readPositive(text: string, at?: Origin): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw new ParseError(`expected a number, found ${quote(text)}`, at);
  if (value <= 0) throw new ParseError(`expected a number above zero, found ${quote(text)}`, at);
  return value;
}

/**
 * The step between numbers that are printed with as many digits: 0.01 of `12.30`, 1 of `7`, 100 of `1.5e3`. The text is a
 * number as `readPositive` reads it.
 */
export function resolutionOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  return Number(`1e${Number(exponent) - decimals}`);
}

/** Hostile text for a message: one line of printable characters in quotes, cut at 120. */
export function quote(text: string): string {
  const shown = text.slice(0, 120).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
  return `"${shown}${text.length > 120 ? '...' : ''}"`;
}

/** The first line that is not blank, or undefined. */
export function firstNonBlank(lines: readonly Line[]): Line | undefined {
  return lines.find(({ text }) => text.trim() !== '');
}

/** Why a step's output cannot be trusted, as text after the name of its program; undefined when it succeeded. */
export function describeFailure(outcome: StepStatus): string | undefined {
  switch (outcome.status) {
    case 'exited':
      return outcome.code === 0 ? undefined : `exited with code ${outcome.code}`;
    case 'signaled':
      return `was killed by signal ${outcome.signal}`;
    case 'limit':
      return 'exceeded its time limit and was killed';
    case 'finished':
      return 'was ended on request, as only a load may be';
    case 'output':
      return 'exceeded its output limit and was killed';
    case 'unstarted':
      return `could not be started: ${quote(outcome.message)}`;
    case 'skipped':
      return 'was skipped because an earlier step failed';
  }
}
