import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, type Line } from '../parsing.js';
import { readQuantity, type Quantity } from '../quantity.js';

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
const COPIED = /^(\S+) bytes?(?: \([^()]{1,40}\))? copied, (\S+) s(?:econds)?, \S+ ?[kKMGTPEZYQR]?i?B\/s$/;
const RECORDS = /^\d{1,20}\+\d{1,20} records (?:in|out)$/;

/**
 * Pure: the reports in the standard error of one or more calls of GNU dd, in their order. With `status=progress` the line
 * is overwritten after carriage returns, and the last counts. Any other line of dd is an error message: a `ParseError`.
 */
export function readReports(text: RawText): Copied[] {
  const copied: Copied[] = [];
  for (const line of linesOf(text).map(overwritten)) {
    if (line.text.trim() === '' || RECORDS.test(line.text)) continue;
    const found = COPIED.exec(line.text);
    if (found?.[1] === undefined || found[2] === undefined) {
      throw new ParseError(`expected what dd copied, found ${quote(line.text)}`, line.at);
    }
    copied.push({
      bytes: readPositive(found[1], line.at),
      seconds: readQuantity(found[2], line.at),
      at: line.at,
    });
  }
  return copied;
}

/** A line as a terminal shows it in the end: only what follows the last carriage return that something follows. */
function overwritten({ text, at }: Line): Line {
  return { text: text.split('\r').findLast((part) => part.trim() !== '') ?? '', at };
}
