import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, type Line } from '../parsing.js';
import { agrees, refuseContradiction } from '../agreement.js';
import { divided, exact, readQuantity, scaled, type Quantity } from '../quantity.js';

/** What pgbench prints at its end. */
export interface PgbenchReport {
  readonly script: string;
  readonly scriptAt: Origin;
  readonly clients: number;
  readonly clientsAt: Origin;
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
const RATE = /^tps = (\S{1,60}) \((?:without initial connection time|excluding connections establishing)\)$/;
const RATE_WITH_CONNECTING = /^tps = (\S{1,60}) \(including connections establishing\)$/;
const LATENCY = /^latency average(?: =|:) (\S+) ms$/;
const CONNECTING = /^initial connection time = (\S+) ms$/;
/** What a report states once; a second one makes two reports. Progress and the latencies of commands repeat. */
const ONCE: ReadonlySet<string> = new Set([
  'transaction type',
  'scaling factor',
  'query mode',
  'number of clients',
  'number of threads',
  'number of transactions per client',
  'duration',
  'number of transactions actually processed',
  'number of failed transactions',
]);
const PROCESSED = /^(\d{1,15})(?:\/(\d{1,15}))?$/;
const FAILED = /^(\d{1,15})(?: \(\S{1,20}%\))?$/;

/** Releases before 13 print the second on standard output, or only the first. */
const ABORTED = /\bclient \d+ (?:script \d+ )?aborted\b|\brun was aborted\b/i;

/** Throws a `ParseError` when pgbench reports that a client aborted: its results then cover the other clients only. */
export function refuseAborted(lines: readonly Line[]): void {
  const line = lines.find(({ text }) => ABORTED.test(text));
  if (line !== undefined) throw new ParseError(`expected pgbench to finish, found ${quote(line.text)}`, line.at);
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
    if (name === '') continue;
    if (labelled.has(name) && ONCE.has(name)) {
      throw new ParseError(`expected one report of pgbench, found the ${name} again: ${quote(line.text)}`, line.at);
    }
    if (!labelled.has(name)) labelled.set(name, { text, at: line.at });
  }
  const end = lines.at(-1)?.at ?? { file: raw.file, line: raw.firstLine };
  const field = (name: string): { text: string; at: Origin } => {
    const found = labelled.get(name);
    if (found === undefined) throw new ParseError(`expected the ${name} that pgbench prints, found none`, end);
    return found;
  };
  const processed = field('number of transactions actually processed');
  const clients = field('number of clients');
  const rate = rateOf(lines, end);
  for (const name of ['number of failed transactions', 'number of transactions skipped', 'number of errors']) {
    const found = labelled.get(name);
    if (found !== undefined) refuseUnlessNone(name, found);
  }
  const report = {
    clients: readPositive(clients.text, clients.at),
    transactions: allOf(processed, plannedBy(labelled)),
    rate,
  };
  refuseOtherLatency(lines, report);
  const duration = labelled.get('duration');
  if (duration !== undefined) refuseOtherDuration(lines, report, duration);
  return {
    script: field('transaction type').text,
    scriptAt: field('transaction type').at,
    clients: report.clients,
    clientsAt: clients.at,
    transactions: report.transactions,
    rate: { value: rate.value, resolution: rate.resolution },
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
    throw new ParseError(`expected ${expected} transactions processed, found ${transactions}`, at);
  }
  return transactions;
}

function refuseUnlessNone(name: string, { text, at }: Field): void {
  const count = FAILED.exec(text)?.[1];
  if (count === undefined || Number(count) !== 0)
    throw new ParseError(`expected 0 as ${name}, found ${quote(text)}`, at);
}

interface Rate extends Quantity {
  readonly at: Origin;
}

function rateOf(lines: readonly Line[], end: Origin): Rate {
  const rate = only(lines, RATE);
  if (rate === undefined)
    throw new ParseError('expected the rate of pgbench without the time of connecting, found none', end);
  return rate;
}

/** The number of the one line of this form; undefined where there is none. */
function only(lines: readonly Line[], pattern: RegExp): Rate | undefined {
  const [line, second] = lines.filter(({ text }) => pattern.test(text));
  if (second !== undefined) {
    throw new ParseError(`expected one report of pgbench, found a second ${quote(second.text)}`, second.at);
  }
  return line && { ...readQuantity(pattern.exec(line.text)?.[1] ?? '', line.at), at: line.at };
}

interface Work {
  readonly clients: number;
  readonly transactions: number;
  readonly rate: Rate;
}

/**
 * pgbench computes the average from clients and rate, unless it timed each transaction: only then it prints the deviation,
 * and the average may be less.
 */
function refuseOtherLatency(lines: readonly Line[], { clients, rate }: Work): void {
  const latency = only(lines, LATENCY);
  if (latency === undefined) return;
  // Releases before 14 take the time of connecting in here.
  const all = only(lines, RATE_WITH_CONNECTING);
  const derived = scaled(divided(exact(clients), all ?? rate), 1000);
  const timed = lines.some(({ text }) => text.startsWith('latency stddev'));
  if (all !== undefined && all.value > rate.value * (1 + 1e-9)) {
    throw new ParseError(`expected less than ${rate.value} tps with connecting, found ${all.value} tps`, rate.at);
  }
  if (timed && latency.value < derived.value) return;
  refuseContradiction(
    { words: 'clients and rate of pgbench make a latency in ms of', ...derived },
    { words: 'the printed', value: latency.value, resolution: latency.resolution },
    latency.at,
    timed ? { part: 0.05 } : {},
  );
}

/** A run by time ends with the transactions that were begun in it; connecting is within it since release 14. */
function refuseOtherDuration(lines: readonly Line[], { clients, transactions, rate }: Work, { text, at }: Field): void {
  const seconds = readPositive(/^(\d{1,9}) s$/.exec(text)?.[1] ?? text, at);
  const connecting = (only(lines, CONNECTING)?.value ?? 0) / 1000;
  const claimed = { value: transactions / rate.value + connecting, resolution: 0 };
  const late = Math.max(0, claimed.value - seconds);
  // A transaction takes clients / rate seconds in the mean; the slowest one may take several times as long.
  const tail = 1 + (10 * clients) / rate.value;
  if (late <= tail + 0.2 * seconds && (late > 0 || agrees(claimed, { value: seconds, resolution: 0.1 }, SHORT))) return;
  throw new ParseError(
    `expected a duration of ${claimed.value.toFixed(3)} s by transactions, rate and connecting, found ${seconds} s`,
    at,
  );
}

/** How much a run by time may be short of it. */
const SHORT = { part: 0.02 } as const;
