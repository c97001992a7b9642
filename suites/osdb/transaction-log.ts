import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';

/** How often transactions took this long, microseconds. */
interface Latency {
  readonly us: number;
  readonly times: number;
  readonly at: Origin;
}

/** All transactions of a run, as `latencies.sh` sums them up. */
export interface TransactionLog {
  readonly transactions: number;
  /** From when the first began to when the last ended. */
  readonly spanSeconds: number;
  readonly spanAt: Origin;
  /** Ascending, never empty. */
  readonly latencies: readonly Latency[];
}

const LINE = /^([a-z-]{1,30}) (\d{1,17})(?: (\d{1,15}))?$/;

/** Reads what `latencies.sh` prints. Throws a `ParseError` when it is not that, or when transactions failed. */
export function readTransactionLog(raw: RawText): TransactionLog {
  const single = new Map<string, { value: number; at: Origin }>();
  const latencies: Latency[] = [];
  for (const { text, at } of linesOf(raw)) {
    const [, name = '', first = '', second] = LINE.exec(text) ?? [];
    const known = (name === 'latency-us') === (second !== undefined) && !single.has(name);
    if (name === '' || !known) throw new ParseError(`expected a summary of transactions, found ${quote(text)}`, at);
    if (second === undefined) single.set(name, { value: Number(first), at });
    else latencies.push({ us: Number(first), times: Number(second), at });
  }
  const end = { file: raw.file, line: raw.firstLine };
  const value = (name: string): { value: number; at: Origin } => {
    const found = single.get(name);
    if (found === undefined) throw new ParseError(`the summary of transactions has no ${name}`, end);
    return found;
  };
  const odd = value('odd-lines');
  if (odd.value !== 0) throw new ParseError(`${odd.value} logged transactions did not end well`, odd.at);
  const transactions = value('transactions');
  const sum = latencies.reduce((total, { times }) => total + times, 0);
  if (sum !== transactions.value || sum === 0) {
    throw new ParseError(`${transactions.value} transactions were logged, with ${sum} latencies`, transactions.at);
  }
  const ended = value('last-ended-us');
  const spanSeconds = (ended.value - value('first-began-us').value) / 1e6;
  if (spanSeconds <= 0) throw new ParseError('the last transaction ended before the first began', ended.at);
  latencies.sort((a, b) => a.us - b.us);
  return { transactions: sum, spanSeconds, spanAt: ended.at, latencies };
}

/** The smallest latency that at least `percent` of the transactions kept to (nearest rank); a `ParseError` when it is 0. */
export function percentileOf(log: TransactionLog, percent: number): Latency {
  const rank = (percent / 100) * log.transactions;
  let seen = 0;
  for (const latency of log.latencies) {
    seen += latency.times;
    if (seen >= rank && latency.us > 0) return latency;
    if (seen >= rank)
      throw new ParseError(`${percent} % of the transactions took no time: the clock is too coarse`, latency.at);
  }
  throw new ParseError(`no latency has the rank ${rank}`, log.spanAt);
}
