import type { Origin, RawText } from '../../harness/types.js';
import { ParseError } from '../parsing.js';
import { added, type Quantity } from '../quantity.js';
import { readRows, type Row } from './rows.js';

/** What one run of iperf moved, over all of its connections. */
export interface Transfer {
  readonly bitsPerSecond: Quantity;
  /** Of the connection that ended first. */
  readonly seconds: number;
  readonly connections: readonly Row[];
  /** Whether `bitsPerSecond` is a line of the report, or was added up here from one for each connection. */
  readonly sum: 'printed' | 'added';
  readonly at: Origin;
}

/** Sums that iperf prints differ from ours by rounding, and because connections do not end at the same moment. */
const DISAGREEMENT = 0.1;
/** Ends of intervals are rounded to a tenth. */
const ROUNDING_SECONDS = 0.05;

/**
 * Reads the report of one run. With `-i` the last row of a connection is its total. iperf's own sum is taken where there
 * is one; its CSV has none, and the rates of the connections are added. Throws a `ParseError`.
 */
export function readTransfer(raw: RawText): Transfer {
  const rows = readRows(raw);
  const totals = [...new Set(rows.map(({ connection }) => connection))].map((connection) =>
    totalOf(rows.filter((row) => row.connection === connection)),
  );
  const connections = totals.filter(({ connection }) => connection !== 'SUM');
  const [first] = connections;
  if (first === undefined) throw new ParseError('there is a sum of connections, but no connection', rows[0]?.at);
  const seconds = Math.min(...connections.map(({ to }) => to));
  const total = added(connections.map(({ bitsPerSecond }) => bitsPerSecond));
  const printed = totals.find(({ connection }) => connection === 'SUM');
  if (printed === undefined) return { bitsPerSecond: total, seconds, connections, sum: 'added', at: first.at };
  const { bitsPerSecond, at } = printed;
  if (!(Math.abs(bitsPerSecond.value - total.value) <= DISAGREEMENT * total.value)) {
    throw new ParseError('the sum is not that of the connections: is this the output of several runs?', at);
  }
  return { bitsPerSecond, seconds, connections, sum: 'printed', at };
}

/** The row over the whole time of a connection: its last. */
function totalOf(group: readonly Row[]): Row {
  const last = group.at(-1);
  if (last === undefined) throw new ParseError('a connection has no row');
  if (last.from !== 0 || group.some(({ to }) => to > last.to + ROUNDING_SECONDS)) {
    throw new ParseError('the report ends before the total of a connection', last.at);
  }
  return last;
}
