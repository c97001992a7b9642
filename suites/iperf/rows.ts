import type { Origin, RawText } from '../../harness/types.js';
import { agrees } from '../agreement.js';
import { linesOf, ParseError, quote, readPositive, refuseUnended, type Line } from '../parsing.js';
import { divided, exact, readQuantity, scaled, type Quantity } from '../quantity.js';

/** One row of a report of iperf 2: what one connection, or all of them, moved within an interval. */
export interface Row {
  /** Identifies a connection of a report; `SUM` for what iperf added up itself. */
  readonly connection: string;
  /** Seconds since the connection began, rounded as iperf prints them. */
  readonly from: number;
  readonly to: number;
  readonly bitsPerSecond: Quantity;
  readonly bytes: Quantity;
  /** Whether this may be an interval of `-i`: the clock was read, or the row ends at a whole second to four digits. */
  readonly mayBeInterval: boolean;
  /** TCP ports of the end that sent and the end that received; only CSV distinguishes them. */
  readonly ports?: { readonly sender: number; readonly receiver: number };
  readonly at: Origin;
}

/**
 * The rows of a report in CSV (`-y C`) or for humans, TCP, in their order. Lines of human reports that are no rows are
 * ignored; in CSV every line is a row. Throws a `ParseError` on what is neither, on UDP, on a row whose amount, interval and
 * rate contradict each other, and where a second connection of one number begins a second report.
 */
export function readRows(raw: RawText): Row[] {
  const lines = linesOf(raw).filter(({ text }) => text.trim() !== '');
  const csv = lines[0] !== undefined && STAMP.test(lines[0].text);
  if (csv) lines.slice(-1).forEach((line) => refuseUnended(raw, line));
  else refuseOtherConnections(lines);
  const rows = csv ? lines.map(readCsvRow) : lines.flatMap((line) => readHumanRow(line) ?? []);
  if (rows.length === 0) {
    throw new ParseError('expected a row of iperf, found none', { file: raw.file, line: raw.firstLine });
  }
  return rows;
}

/** `[  1] local 127.0.0.1 port 56474 connected with 127.0.0.1 port 5901` is printed once for each connection of a run. */
const CONNECTED = /^\[ *\*?(\d{1,6})\] local \S+ port \d+ connected with /;

/** Each connection once, and each with a row: else these are two reports, or one that was cut. */
function refuseOtherConnections(lines: readonly Line[]): void {
  const seen = new Map<string, Line>();
  const rowOf = new Set(lines.flatMap(({ text }) => HUMAN.exec(text)?.[1] ?? []));
  for (const line of lines) {
    const { text, at } = line;
    const id = CONNECTED.exec(text)?.[1];
    if (id === undefined) continue;
    if (seen.has(id)) throw new ParseError(`expected one report, found connection ${id} again: ${quote(text)}`, at);
    seen.set(id, line);
  }
  const silent = [...seen].find(([id]) => !rowOf.has(id));
  if (rowOf.size > 0 && silent !== undefined) {
    throw new ParseError(`expected a row of connection ${silent[0]}, found none: the report was cut`, silent[1].at);
  }
}

/** `20261120181315,` or, without -i, `19700101000000,`; later releases may add the time zone or a fraction. */
const STAMP = /^\d{14}(?:\.\d{1,9})?(?:[+-]\d{4})?,/;
/** Fields of a TCP row; of UDP it has more. */
const TCP_FIELDS = 9;
/** What rounding both ends of an interval to a tenth can change of its length, in seconds. */
const ROUNDING = 0.11;

/** time,sender's address,port,receiver's address,port,id,from-to,bytes,bits/s */
function readCsvRow({ text, at }: Line): Row {
  const fields = text.split(',');
  if (!STAMP.test(text) || fields.length < TCP_FIELDS) {
    throw new ParseError(`expected a row of iperf's CSV, found ${quote(text)}`, at);
  }
  if (fields.length > TCP_FIELDS) {
    throw new ParseError(`expected ${TCP_FIELDS} fields as of TCP, found ${fields.length} (UDP has more)`, at);
  }
  const mayBeInterval = !text.startsWith('19700101');
  const [, source = '', sourcePort = '', sink = '', sinkPort = '', id = '', interval = '', bytes = '', rate = ''] =
    fields;
  const span = readInterval(interval, at);
  const bitsPerSecond = readQuantity(rate, at);
  const amount = { value: readPositive(bytes, at), resolution: 1 };
  const seconds = (amount.value * 8) / bitsPerSecond.value;
  if (!(Math.abs(seconds - (span.to - span.from)) <= ROUNDING)) {
    throw new ParseError(
      `expected an interval of ${seconds.toFixed(2)} s by bytes and rate, found ${quote(interval)}: these contradict each other`,
      at,
    );
  }
  if (id === '-1') return { connection: 'SUM', ...span, bitsPerSecond, bytes: amount, mayBeInterval, at };
  const ports = { sender: readPort(sourcePort, at), receiver: readPort(sinkPort, at) };
  return {
    connection: [source, sourcePort, sink, sinkPort, id].join(' '),
    ...span,
    bitsPerSecond,
    bytes: amount,
    mayBeInterval,
    ports,
    at,
  };
}

/** `[  1] 0.0000-5.0022 sec  18.7 GBytes  32.1 Gbits/sec`; the id is `SUM` for all, ` *1` where the peer sent. */
const HUMAN =
  /^\[ *\*?(\d{1,6}|SUM)\] +(\d[\d.]*- *\d[\d.]*) +sec +([\d.]+) +([KMGT]?)Bytes +([\d.]+) +([KMGT]?)(bits|Bytes)\/sec(?: |$)/;
/** iperf counts 1024 to a KByte and 1000 to a Kbit. */
const STEP = { bits: 1000, Bytes: 1024 } as const;
const PREFIXES = ['', 'K', 'M', 'G', 'T'];

function readHumanRow({ text, at }: Line): Row | undefined {
  if (/, UDP port \d/.test(text)) throw new ParseError('expected a report of TCP, found one of UDP', at);
  const [, connection, interval = '', amount = '', amountPrefix = '', rate = '', prefix = '', unit] =
    HUMAN.exec(text) ?? [];
  if (connection === undefined) return undefined;
  const kind = unit === 'Bytes' ? 'Bytes' : 'bits';
  const scale = STEP[kind] ** PREFIXES.indexOf(prefix) * (kind === 'Bytes' ? 8 : 1);
  const row: Row = {
    connection,
    ...readInterval(interval.replace(' ', ''), at),
    bytes: scaled(readQuantity(amount, at), STEP.Bytes ** PREFIXES.indexOf(amountPrefix)),
    bitsPerSecond: scaled(readQuantity(rate, at), scale),
    mayBeInterval: /-\s*\d+\.0000$/.test(interval),
    at,
  };
  refuseOtherRate(row, text);
  return row;
}

/** Beyond the rounding of all three, and of an interval that may be as short as its rounding. */
function refuseOtherRate({ from, to, bytes, bitsPerSecond, at }: Row, text: string): void {
  const resolution = /\d-\s*\d+\.\d{3}/.test(text) ? 1e-4 : ROUNDING;
  if (to - from <= 2 * resolution) return;
  const derived = divided(scaled(bytes, 8), { ...exact(to - from), resolution });
  if (agrees(derived, bitsPerSecond, { part: 0.005 })) return;
  throw new ParseError(
    `expected ${derived.value.toPrecision(4)} bit/s by amount and interval, found ${bitsPerSecond.value.toPrecision(4)} bit/s: these contradict each other`,
    at,
  );
}

function readInterval(text: string, at: Origin): { from: number; to: number } {
  const [, from = '', to = ''] = /^(\d{1,9}(?:\.\d{1,9})?)-(\d{1,9}(?:\.\d{1,9})?)$/.exec(text) ?? [];
  const span = { from: Number(from), to: Number(to) };
  if (from === '' || to === '' || span.from > span.to) {
    throw new ParseError(`expected an interval in seconds, found ${quote(text)}`, at);
  }
  return span;
}

function readPort(text: string, at: Origin): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new ParseError(`expected a port, found ${quote(text)}`, at);
}
