import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, type Line } from '../parsing.js';
import { readQuantity, scaled, type Quantity } from '../quantity.js';

/** What dbench 3 and 4 print at their end. */
export interface DbenchReport {
  /** Of the whole seconds before the time limit: dbench repeats its last line of progress. */
  readonly bytesPerSecond: Quantity;
  readonly throughputAt: Origin;
  readonly clients: number;
  /** Longest time of one operation; dbench 3 does not print it. */
  readonly maxLatencyUs?: Quantity;
  /** Sum of the counts of all operations after the warm-up. */
  readonly operations?: { readonly count: number; readonly at: Origin };
  /** Seconds after the warm-up at the last line of progress; undefined where there is none. */
  readonly seconds?: number;
  /** The line that describes the run: `Running for 10 seconds with load '...' and minimum warmup 2 secs`. */
  readonly asked?: { readonly seconds: number; readonly load: string; readonly at: Origin };
  /** Synchronous writing, if requested: ` (sync open)`, ` (sync dirs)`. */
  readonly sync: string;
}

/**
 * dbench's MB is 10^6 bytes: with a load of writes of known size the bytes written until a line of progress, divided by
 * what that line reports, give its time within 2 % on this base, and less time than had passed on the base of 2^20.
 */
const MB = 1e6;

const THROUGHPUT =
  /^Throughput (\S+) MB\/sec((?: \([a-z ]{1,40}\))*) {1,2}(\d{1,6}) (?:clients|procs)(?: {2}\d{1,6} procs)?(?: {2}max_latency=(\S+) ms)? *$/;
const PROGRESS = /^ *\d{1,6} +\d+ +\S+ MB\/sec {2}execute +(\d{1,9}) sec/;
const ASKED = /^Running for (\d{1,9}) seconds with load '(.{1,1000})' and minimum warmup \d{1,9} secs$/;
const OPERATION = /^ [A-Za-z_]\w{1,40} +(\d{1,15})(?: +\d+\.\d+ +\d+\.\d+)? *$/;
/** Operations that failed, children that gave up. The absence of a semaphore costs only the common start of many clients. */
const COMPLAINT =
  /\bfailed\b|\berror\b|No space left|unable to|mismatch|Unknown|You need to specify|^\[\d+\] (?!.*(cleanup|warmup|execute))|ERROR/i;
const HARMLESS = /^failed to create barrier semaphore/;

/** Pure: reads the standard output. Throws a `ParseError` where an operation failed or the report is not whole. */
export function readReport(text: RawText): DbenchReport {
  const lines = linesOf(text);
  const complaint = lines.find(
    (line) => COMPLAINT.test(line.text) && !HARMLESS.test(line.text) && !ASKED.test(line.text),
  );
  if (complaint !== undefined)
    throw new ParseError(`expected the report of dbench, found its complaint ${quote(complaint.text)}`, complaint.at);
  const ends = lines.filter((line) => line.text.startsWith('Throughput'));
  const [line] = ends;
  if (line === undefined)
    throw new ParseError('expected the throughput of dbench at its end, found none', lines.at(-1)?.at);
  if (ends.length > 1) throw new ParseError('expected the throughput of dbench once, found it again', ends[1]?.at);
  const [, rate, sync, clients, latency] = THROUGHPUT.exec(line.text) ?? [];
  if (rate === undefined || clients === undefined) {
    throw new ParseError(`expected the throughput in MB/sec, found ${quote(line.text)}`, line.at);
  }
  const operations = readOperations(lines);
  const seconds = lines.map((one) => PROGRESS.exec(one.text)?.[1]).findLast((found) => found !== undefined);
  const [asked, another] = lines.flatMap(({ text: words, at }) => {
    const [, limit, load] = ASKED.exec(words) ?? [];
    return limit === undefined || load === undefined ? [] : [{ seconds: Number(limit), load, at }];
  });
  if (another !== undefined)
    throw new ParseError('expected one run of dbench, found the beginning of a second', another.at);
  return {
    bytesPerSecond: scaled(readQuantity(rate, line.at), MB),
    throughputAt: line.at,
    clients: readPositive(clients, line.at),
    sync: sync?.trim() ?? '',
    ...(latency === undefined ? {} : { maxLatencyUs: scaled(readQuantity(latency, line.at), 1000) }),
    ...(operations === undefined ? {} : { operations }),
    ...(seconds === undefined ? {} : { seconds: Number(seconds) }),
    ...(asked === undefined ? {} : { asked }),
  };
}

/** The table of operations: between its heading and the blank line after it. */
function readOperations(lines: readonly Line[]): DbenchReport['operations'] {
  const heading = lines.findIndex((line) => /^ *Operation +Count/.test(line.text));
  const begin = lines[heading];
  if (begin === undefined) return undefined;
  let count = 0;
  const seen = new Set<string>();
  for (const line of lines.slice(heading + 1)) {
    if (line.text.trim() === '') break;
    if (/^ *-+$/.test(line.text)) continue;
    const found = OPERATION.exec(line.text)?.[1];
    if (found === undefined)
      throw new ParseError(`expected the count of an operation, found ${quote(line.text)}`, line.at);
    const name = line.text.trim().split(' ')[0] ?? '';
    if (seen.has(name)) throw new ParseError(`expected each operation once, found ${name} again`, line.at);
    seen.add(name);
    count += Number(found);
  }
  if (count === 0) throw new ParseError('expected the counts of operations, found none', begin.at);
  return { count, at: begin.at };
}
