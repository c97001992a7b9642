import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, type Line } from '../parsing.js';
import { readQuantity, type Quantity } from '../quantity.js';

/** What pgbench prints at its end. */
export interface PgbenchReport {
  readonly script: string;
  readonly clients: number;
  /** All of the planned ones, none of which failed. */
  readonly transactions: number;
  /** Transactions a second, without the time that connecting took. */
  readonly rate: Quantity;
  readonly rateAt: Origin;
  /** The lines that describe the run: clients, threads, query mode and so on. */
  readonly about: Readonly<Record<string, string>>;
}

const LABELLED = /^([a-z][a-z ]{1,60}): (.{0,400})$/;
/** Since 14: one rate; before: two, of which the first counts the time of connecting; with -C another wording. */
const RATE = /^tps = (\S{1,60}) \((without initial connection time|excluding connections establishing)\)$/;
const PROCESSED = /^(\d{1,15})(?:\/(\d{1,15}))?$/;
const FAILED = /^(\d{1,15})(?: \(\S{1,20}%\))?$/;

/** Releases before 13 print the second on standard output, or only the first. */
const ABORTED = /\bclient \d+ (?:script \d+ )?aborted\b|\brun was aborted\b/i;

/** Throws a `ParseError` when pgbench reports that a client aborted: its results then cover the other clients only. */
export function refuseAborted(lines: readonly Line[]): void {
  const line = lines.find(({ text }) => ABORTED.test(text));
  if (line !== undefined) throw new ParseError(`pgbench did not finish: ${quote(line.text)}`, line.at);
}

/**
 * Reads the standard output of pgbench, releases 9.0 to 18 (PostgreSQL's manual, pgbench, Notes). Throws a `ParseError`
 * when it is not that, or reports transactions that failed, were skipped or never ran: some releases then end
 * with 0 all the same.
 */
export function readPgbenchReport(raw: RawText): PgbenchReport {
  const lines = linesOf(raw);
  refuseAborted(lines);
  const labelled = new Map<string, { text: string; at: Origin }>();
  for (const line of lines) {
    const [, name = '', text = ''] = LABELLED.exec(line.text) ?? [];
    if (name !== '' && !labelled.has(name)) labelled.set(name, { text, at: line.at });
  }
  const end = lines.at(-1)?.at ?? { file: raw.file, line: raw.firstLine };
  const field = (name: string): { text: string; at: Origin } => {
    const found = labelled.get(name);
    if (found === undefined) throw new ParseError(`pgbench did not print the ${name}`, end);
    return found;
  };
  const processed = field('number of transactions actually processed');
  const clients = field('number of clients');
  const rate = rateOf(lines, end);
  for (const name of ['number of failed transactions', 'number of transactions skipped', 'number of errors']) {
    const found = labelled.get(name);
    if (found !== undefined) refuseUnlessNone(name, found);
  }
  return {
    script: field('transaction type').text,
    clients: readPositive(clients.text, clients.at),
    transactions: allOf(processed, plannedBy(labelled)),
    rate: readQuantity(rate.value, rate.at),
    rateAt: rate.at,
    about: Object.fromEntries([...labelled].map(([name, { text }]) => [name, text])),
  };
}

type Field = { readonly text: string; readonly at: Origin };

/** With a fixed number of transactions for each client: all of them. */
function plannedBy(labelled: ReadonlyMap<string, Field>): number | undefined {
  const each = labelled.get('number of transactions per client');
  const clients = labelled.get('number of clients');
  if (each === undefined || clients === undefined) return undefined;
  return readPositive(each.text, each.at) * readPositive(clients.text, clients.at);
}

function allOf({ text, at }: Field, planned: number | undefined): number {
  const [, done = '', wanted] = PROCESSED.exec(text) ?? [];
  const transactions = readPositive(done, at);
  const expected = wanted === undefined ? planned : readPositive(wanted, at);
  if (expected !== undefined && expected !== transactions) {
    throw new ParseError(`pgbench processed ${transactions} of ${expected} transactions`, at);
  }
  return transactions;
}

function refuseUnlessNone(name: string, { text, at }: Field): void {
  const count = FAILED.exec(text)?.[1];
  if (count === undefined || Number(count) !== 0) throw new ParseError(`pgbench: ${name}: ${quote(text)}`, at);
}

function rateOf(lines: readonly Line[], end: Origin): { value: string; at: Origin } {
  for (const line of lines) {
    const value = RATE.exec(line.text)?.[1];
    if (value !== undefined) return { value, at: line.at };
  }
  throw new ParseError('pgbench did not print its rate without the time of connecting', end);
}
