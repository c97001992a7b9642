import type { Origin, RawText } from '../../harness/types.js';
import { agrees } from '../agreement.js';
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
  /** A row that may be the first interval of a report that was cut: nothing shows that it is a total. */
  readonly doubtful: Row | undefined;
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
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.connection);
    if (group === undefined) groups.set(row.connection, [row]);
    else group.push(row);
  }
  const totals = [...groups.values()].map(totalOf);
  const connections = totals.filter(({ connection }) => connection !== 'SUM');
  const [first] = connections;
  if (first === undefined)
    throw new ParseError('expected a row of each connection, found their sum alone', rows[0]?.at);
  const seconds = Math.min(...connections.map(({ to }) => to));
  const total = added(connections.map(({ bitsPerSecond }) => bitsPerSecond));
  const doubtful = totals.find((row) => row.mayBeInterval && groups.get(row.connection)?.length === 1);
  const printed = totals.find(({ connection }) => connection === 'SUM');
  if (printed === undefined)
    return { bitsPerSecond: total, seconds, connections, sum: 'added', doubtful, at: first.at };
  const { bitsPerSecond, at } = printed;
  if (!(Math.abs(bitsPerSecond.value - total.value) <= DISAGREEMENT * total.value)) {
    throw new ParseError(
      `expected a sum of ${total.value.toPrecision(4)} bit/s by its connections, found ${bitsPerSecond.value.toPrecision(4)}: is this the output of several runs?`,
      at,
    );
  }
  return { bitsPerSecond, seconds, connections, sum: 'printed', doubtful, at };
}

/** What the intervals of a connection add up to may differ from its total: the last bytes arrive after the last of them. */
const UNEVEN = { part: 0.05 } as const;

/**
 * The row over the whole time of a connection: its last. Those before it are its intervals, one after another from the
 * beginning; any other order is that of two reports.
 */
function totalOf(group: readonly Row[]): Row {
  const last = group.at(-1);
  if (last === undefined) throw new ParseError('a connection has no row');
  if (last.from !== 0 || group.some(({ to }) => to > last.to + ROUNDING_SECONDS)) {
    throw new ParseError(
      'expected the total of a connection after its intervals, found the end of the report',
      last.at,
    );
  }
  const intervals = group.slice(0, -1);
  let end = 0;
  for (const { from, to, at } of intervals) {
    if (from < end - ROUNDING_SECONDS) {
      throw new ParseError(`expected one report, found one that begins again at ${from} s after ${end} s`, at);
    }
    end = to;
  }
  const moved = added(intervals.map(({ bytes }) => bytes));
  const isWhole = intervals.length > 0 && end >= last.to - ROUNDING_SECONDS;
  if (!(moved.value > last.bytes.value || isWhole) || agrees(moved, last.bytes, UNEVEN)) return last;
  throw new ParseError(
    `expected a total of ${moved.value.toPrecision(4)} bytes by the intervals of the connection, found ${last.bytes.value.toPrecision(4)}: these contradict each other`,
    last.at,
  );
}
