import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, resolutionOf, type Line } from '../parsing.js';
import { agrees, refuseContradiction } from '../agreement.js';
import { divided, exact, readQuantity, type Quantity } from '../quantity.js';

/** What one call of dd prints at its end. */
export interface Copied {
  readonly bytes: number;
  readonly seconds: Quantity;
  readonly at: Origin;
}

/**
 * `6442450944 bytes (6.4 GB, 6.0 GiB) copied, 3.07795 s, 2.1 GB/s` of GNU dd, whose last field is rounded to two digits;
 * older releases have one unit in the brackets, short copies none.
 */
const COPIED = /^(\S+) bytes?(?: \(([^()]{1,40})\))? copied, (\S+) s(?:econds)?, (\S+ ?[kKMGTPEZYQR]?i?B)\/s$/;
/** `1073741824 bytes transferred in 0.498123 secs (2155575349 bytes/sec)` of the BSDs, whose rate is cut. */
const TRANSFERRED = /^(\S+) bytes transferred in (\S+) secs \((\S+) bytes\/sec\)$/;
const RECORDS = /^(\d{1,20})\+(\d{1,20}) records (in|out)$/;
const AMOUNT = /^([\d.]+(?:e[+-]?\d+)?)( ?)([kKMGTPEZYRQ]?)(i?)B$/;
const PREFIXES = ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y', 'R', 'Q'];

/**
 * Pure: the reports in the standard error of one or more calls of dd (GNU, busybox, BSD), in their order. With `status=progress` the line
 * is overwritten after carriage returns, and the last counts. Any other line of dd is an error message: a `ParseError`. So
 * is a report whose bytes, records, seconds and rate contradict each other beyond their rounding.
 */
export function readReports(text: RawText): Copied[] {
  const copied: Copied[] = [];
  let written: Records | undefined;
  for (const line of linesOf(text).map(overwritten)) {
    if (line.text.trim() === '') continue;
    const records = RECORDS.exec(line.text);
    if (records !== null) {
      if (records[3] === 'out') written = { whole: Number(records[1]), partial: Number(records[2]) };
      continue;
    }
    const [, bytesText, amounts, secondsText, rate] = COPIED.exec(line.text) ?? transferred(line.text) ?? [];
    if (bytesText === undefined || secondsText === undefined || rate === undefined) {
      throw new ParseError(`expected what dd copied, found ${quote(line.text)}`, line.at);
    }
    const copy: Copied = {
      bytes: readPositive(bytesText, line.at),
      seconds: readQuantity(secondsText, line.at),
      at: line.at,
    };
    refuseOtherAmounts(copy, amounts?.split(', ') ?? [], rate);
    if (written !== undefined) refuseOtherRecords(copy, written);
    written = undefined;
    copied.push(copy);
  }
  return copied;
}

/** A line of the BSDs as the groups of `COPIED`. */
function transferred(text: string): readonly (string | undefined)[] | undefined {
  const [, bytes, seconds, rate] = TRANSFERRED.exec(text) ?? [];
  return bytes === undefined ? undefined : [text, bytes, undefined, seconds, `${rate ?? ''} B`];
}

interface Records {
  readonly whole: number;
  readonly partial: number;
}

/** The same bytes in the brackets, and the rate that they make with the seconds. */
function refuseOtherAmounts({ bytes, seconds, at }: Copied, amounts: readonly string[], rate: string): void {
  const counted = { words: 'dd reports bytes:', ...exact(bytes) };
  for (const amount of amounts) refuseUnlike(counted, amount, at);
  refuseUnlike({ words: 'bytes and seconds of dd make a rate in B/s of', ...divided(exact(bytes), seconds) }, rate, at);
}

/** Busybox has no blank before a unit of powers of 1024; GNU's units without `i` are powers of 1000. */
function refuseUnlike(derived: Quantity & { readonly words: string }, text: string, at: Origin): void {
  const [, digits = '', blank, prefix = '', binary] = AMOUNT.exec(text) ?? [];
  // A slow copy is printed as `0.0 kB/s`.
  const printed = { value: Number(digits), resolution: resolutionOf(digits) };
  if (!Number.isFinite(printed.value)) throw new ParseError(`expected an amount of bytes, found ${quote(text)}`, at);
  const bases = binary === 'i' ? [1024] : blank === '' ? [1024, 1000] : [1000];
  const candidates = bases.map((base) => {
    const factor = base ** PREFIXES.indexOf(prefix.toUpperCase());
    return { value: printed.value * factor, resolution: printed.resolution * factor };
  });
  const [first] = candidates;
  if (first === undefined || candidates.some((candidate) => agrees(derived, candidate))) return;
  refuseContradiction(derived, { words: `the printed ${quote(text)}:`, ...first }, at);
}

/** Whole records are of one size: without partial ones they divide the bytes evenly. */
function refuseOtherRecords({ bytes, at }: Copied, { whole, partial }: Records): void {
  if (whole + partial > 0 && (partial > 0 || bytes % whole === 0)) return;
  throw new ParseError(
    `expected ${bytes} bytes in whole records of one size, found ${whole} records: contradictory`,
    at,
  );
}

/** A line as a terminal shows it in the end: only what follows the last carriage return that something follows. */
function overwritten({ text, at }: Line): Line {
  return { text: text.split('\r').findLast((part) => part.trim() !== '') ?? '', at };
}
