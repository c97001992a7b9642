import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, type Line } from '../parsing.js';
import { refuseContradiction } from '../agreement.js';
import { added, divided, exact, readQuantity, scaled, type Quantity } from '../quantity.js';

interface Found extends Quantity {
  readonly at: Origin;
}

/** A report of PostMark 1.5x, verbose (the default). Times are whole seconds of time(2), at least 1. */
export interface PostmarkReport {
  /** As configured; undefined where the commands did not ask to `show` it. */
  readonly asked: { readonly files?: number; readonly transactions?: number };
  readonly seconds: Found;
  readonly transactionSeconds: Found;
  readonly transactionRate: Found;
  readonly createdBefore: Found;
  /** Half of each transaction creates or deletes a file: these two together are the number of transactions. */
  readonly transactions: Found;
  /** How many files were read; undefined where that is not printed. */
  readonly filesRead: number | undefined;
  readonly bytesRead: Found;
  readonly bytesWritten: Found;
}

/** Prompts of `pm>` are glued to what follows them. */
const PROMPTS = /^(?:pm>)+/;
const COMPLAINT = /\bError\b|\bcannot\b|\bInvalid\b|Unknown command|No space left|\bfailed\b|ambiguous/i;
/** PostMark scales amounts of data by 1024. */
const SCALE: Readonly<Record<string, number>> = {
  bytes: 1,
  kilobytes: 1024,
  megabytes: 1024 ** 2,
  gigabytes: 1024 ** 3,
};

/** The lines of an output without prompts. Throws a `ParseError` where PostMark complains: it exits with 0 all the same. */
export function answersOf(text: RawText): Line[] {
  const lines = linesOf(text).map(({ text: line, at }) => ({ text: line.replace(PROMPTS, ''), at }));
  const complaint = lines.find((line) => COMPLAINT.test(line.text));
  if (complaint !== undefined)
    throw new ParseError(`expected the report of PostMark, found its complaint ${quote(complaint.text)}`, complaint.at);
  return lines;
}

/**
 * Pure: reads a verbose report, whole to the data written, which PostMark prints last. Throws a `ParseError` where one is
 * not whole, or its counts, amounts, seconds and rates contradict each other.
 */
export function readReport(text: RawText): PostmarkReport {
  const lines = answersOf(text);
  const one = (pattern: RegExp, what: string): Found => only(lines, pattern, what);
  const maybe = (pattern: RegExp): number | undefined =>
    lines.some((line) => pattern.test(line.text)) ? one(pattern, 'its configuration').value : undefined;
  const files = maybe(/^The base number of files is (\S+)$/);
  const asked = maybe(/^Transactions: (\S+)$/);
  const transactionSeconds = one(
    /^\t(\S+) seconds? of transactions \(\S+ per second\)$/,
    'the seconds of transactions',
  );
  const { createdBefore, transactions: done } = readCounts(lines);
  const seconds = one(/^\t(\S+) seconds? total$/, 'the seconds in total');
  if (transactionSeconds.value > seconds.value) {
    throw new ParseError(
      `expected at most ${seconds.value} s of transactions, the total, found ${transactionSeconds.value} s`,
      transactionSeconds.at,
    );
  }
  const transactions = { ...done, at: transactionSeconds.at };
  const transactionRate = one(/^\t\S+ seconds? of transactions \((\S+) per second\)$/, 'the rate of transactions');
  refuseOtherRate('transactions', exact(transactions.value), transactionSeconds, transactionRate);
  const rated = [
    ['created', seconds],
    ['read', transactionSeconds],
    ['appended', transactionSeconds],
    ['deleted', seconds],
  ] as const;
  for (const [verb, time] of rated) refuseOtherFiles(lines, verb, time);
  const filesRead = lines
    .map((line) => /^\t(\d{1,15}) read \(/.exec(line.text)?.[1])
    .find((count) => count !== undefined);
  return {
    asked: {
      ...(files === undefined ? {} : { files }),
      ...(asked === undefined ? {} : { transactions: asked }),
    },
    seconds,
    transactionSeconds,
    transactionRate,
    createdBefore,
    transactions,
    filesRead: filesRead === undefined || filesRead === '0' ? undefined : Number(filesRead),
    bytesRead: data(lines, 'read', seconds),
    bytesWritten: data(lines, 'written', seconds),
  };
}

/** Files created and deleted, which PostMark counts in total and in two parts. Throws where these contradict each other. */
function readCounts(lines: readonly Line[]): { readonly createdBefore: Found; readonly transactions: Quantity } {
  const created = only(lines, /^\t(\S+) created \(\S+ per second\)$/, 'how many files were created');
  const deleted = only(lines, /^\t(\S+) deleted \(\S+ per second\)$/, 'how many files were deleted');
  const createdBefore = only(
    lines,
    /^\t\tCreation alone: (\S+) files? \(\S+ per second\)$/,
    'how many files were created at first',
  );
  const [createdLater, deletedEarly] = mixed(lines);
  const deletedAlone = only(
    lines,
    /^\t\tDeletion alone: (\S+) files? \(\S+ per second\)$/,
    'how many files were deleted at the end',
  );
  if (deletedAlone.value + deletedEarly.value !== deleted.value) {
    throw new ParseError(
      `expected ${deletedAlone.value} and ${deletedEarly.value} files deleted, found ${deleted.value}: these counts contradict each other`,
      deleted.at,
    );
  }
  if (createdBefore.value + createdLater.value !== created.value || created.value !== deleted.value) {
    throw new ParseError(
      `expected ${createdBefore.value} and ${createdLater.value} files created, and as many deleted, found ${created.value} created and ${deleted.value} deleted: these counts contradict each other`,
      created.at,
    );
  }
  return { createdBefore, transactions: added([createdLater, deletedEarly]) };
}

/** PostMark cuts rates of counts to whole numbers, and divides by its own whole seconds. */
function refuseOtherRate(what: string, amount: Quantity, seconds: Quantity, rate: Found): void {
  refuseContradiction(
    { words: `PostMark's ${what} and seconds make a rate of`, ...divided(amount, exact(seconds.value)) },
    { words: 'the printed rate', value: rate.value, resolution: rate.resolution },
    rate.at,
  );
}

/** A rate of less than one a second is printed as 0. */
function refuseOtherFiles(lines: readonly Line[], verb: string, seconds: Quantity): void {
  const pattern = new RegExp(`^\\t(\\d{1,15}) ${verb} \\((\\d{1,15}) per second\\)$`);
  const line = lines.find(({ text }) => pattern.test(text));
  if (line === undefined) return;
  const [, count = '', rate = ''] = pattern.exec(line.text) ?? [];
  const found = { value: Number(rate), resolution: 1, at: line.at };
  refuseOtherRate(`files ${verb}`, exact(Number(count)), seconds, found);
}

function only(lines: readonly Line[], pattern: RegExp, what: string): Found {
  const found = lines.filter((line) => pattern.test(line.text));
  const [line] = found;
  if (line === undefined) throw new ParseError(`expected ${what}, found none`, lines.at(-1)?.at);
  if (found.length > 1) throw new ParseError(`expected ${what} once, found it ${found.length} times`, found[1]?.at);
  return { ...readQuantity(pattern.exec(line.text)?.[1] ?? '', line.at), at: line.at };
}

function mixed(lines: readonly Line[]): [created: Found, deleted: Found] {
  const pattern = /^\t\tMixed with transactions: (\S+) files? \(\S+ per second\)$/;
  const [created, deleted, more] = lines
    .filter((line) => pattern.test(line.text))
    .map(({ text, at }): Found => ({ ...readQuantity(pattern.exec(text)?.[1] ?? '', at), at }));
  if (created === undefined || deleted === undefined || more !== undefined) {
    throw new ParseError(
      'expected twice what was done mixed with transactions, found another number',
      lines.at(-1)?.at,
    );
  }
  return [created, deleted];
}

function data(lines: readonly Line[], verb: 'read' | 'written', seconds: Quantity): Found {
  const units = '(bytes|(?:kilo|mega|giga)bytes)';
  const pattern = new RegExp(`^\\t(\\S+) ${units} ${verb} \\((\\S+) ${units} per second\\)$`);
  const { at } = only(lines, pattern, `how much data was ${verb}`);
  const matched = lines.map((line) => pattern.exec(line.text)).find((found) => found !== null);
  const [, amount = '', unit = '', rate = '', rateUnit = ''] = matched ?? [];
  const bytes = scaled(readQuantity(amount, at), SCALE[unit] ?? Number.NaN);
  const perSecond = scaled(readQuantity(rate, at), SCALE[rateUnit] ?? Number.NaN);
  refuseOtherRate(`bytes ${verb}`, bytes, seconds, { ...perSecond, at });
  return { ...bytes, at };
}
