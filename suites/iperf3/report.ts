import type { Origin, RawText } from '../../harness/types.js';
import { ParseError, quote, resolutionOf } from '../parsing.js';
import { counted, divided, scaled, type Quantity } from '../quantity.js';
import type { Direction } from './metrics.js';

/** One report of iperf3 (`-J`) on TCP in one direction, over all of its connections. */
export interface Report {
  /** The way of the data as the end sees it that wrote the report. */
  readonly direction: Direction;
  readonly seconds: number;
  /** Of the sum that has the time. */
  readonly at: Origin;
  readonly connections: number;
  readonly version: string;
  /** By what the receiver read; a server that sent does not know it. */
  readonly received: { readonly bitsPerSecond: Quantity; readonly at: Origin } | undefined;
  /** As the sender's kernel counted them; a server that received does not know it. */
  readonly retransmits: { readonly count: number; readonly at: Origin } | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** The rate that is printed and the one of bytes and seconds may differ by this part. */
const DISAGREEMENT = 0.01;

/** Reads a report. Throws a `ParseError` on an error in it, on UDP or both directions at once, and on what is no report. */
export function readReport(raw: RawText): Report {
  const start = { file: raw.file, line: raw.firstLine };
  const report = readJson(raw);
  const { error } = report;
  if (error !== undefined) {
    throw new ParseError(
      `expected a report of iperf3, found its error ${quote(textOf(error))}`,
      lineOf(raw, ['"error"']) ?? start,
    );
  }
  const began = membersOf(report['start']);
  const test = membersOf(began['test_start']);
  const end = membersOf(report['end']);
  if (test['protocol'] !== 'TCP') {
    throw new ParseError(`expected a test of TCP, found ${quote(textOf(test['protocol']))}`, start);
  }
  if (Object.keys(end).some((key) => key.includes('bidir'))) {
    throw new ParseError('expected one direction, found both at once', start);
  }
  const isServer = began['accepted_connection'] !== undefined;
  const direction = isServer === (test['reverse'] === 1) ? 'out' : 'in';
  for (const name of ['sum_sent', 'sum_received']) {
    const { sender } = membersOf(end[name]);
    if (typeof sender !== 'boolean' || sender === (direction === 'out')) continue;
    throw new ParseError(
      `expected sender ${String(!sender)} in ${name} of data that went ${direction}, found ${String(sender)}`,
      lineOf(raw, ['"end"', `"${name}"`, '"sender"']) ?? start,
    );
  }
  const received = readSum(raw, end, 'sum_received');
  const sent = readSum(raw, end, 'sum_sent');
  const whole = received ?? sent;
  if (whole === undefined) throw new ParseError('expected a sum of what was sent or received, found none', start);
  return {
    direction,
    seconds: whole.seconds,
    at: whole.at,
    connections: Array.isArray(end['streams']) ? Math.max(1, end['streams'].length) : 1,
    version: /^iperf (3\.[\w.+-]{1,30})$/.exec(textOf(began['version']))?.[1] ?? 'unknown',
    received: received === undefined ? undefined : { bitsPerSecond: received.bitsPerSecond, at: received.at },
    retransmits: readRetransmits(raw, end),
  };
}

function readJson(raw: RawText): Members {
  const start = { file: raw.file, line: raw.firstLine };
  try {
    const value: unknown = JSON.parse(raw.text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  } catch {
    // Reported below with the text itself, which the message of JSON.parse does not show.
  }
  throw new ParseError(`expected a report of iperf3 in JSON, found ${quote(raw.text.trimStart())}`, start);
}

/** Undefined when it is absent or 0 bytes, as at a server of what only its client knows. */
function readSum(
  raw: RawText,
  end: Members,
  name: 'sum_sent' | 'sum_received',
): { bitsPerSecond: Quantity; seconds: number; at: Origin } | undefined {
  const { bytes, seconds, bits_per_second: printed } = membersOf(end[name]);
  if (bytes === undefined || bytes === 0) return undefined;
  const at = lineOf(raw, ['"end"', `"${name}"`, '"bits_per_second"']) ?? { file: raw.file, line: raw.firstLine };
  if (!isPositive(bytes) || !isPositive(seconds) || !isPositive(printed)) {
    const found = JSON.stringify({ bytes, seconds, bits_per_second: printed });
    throw new ParseError(
      `expected bytes, seconds and bits_per_second above zero in ${name}, found ${quote(found)}`,
      at,
    );
  }
  const time = { value: seconds, resolution: resolutionOf(String(seconds)) };
  const bitsPerSecond = divided(scaled(counted(bytes), 8), time);
  if (!isPositive(bitsPerSecond.value) || !(Math.abs(bitsPerSecond.value - printed) <= DISAGREEMENT * printed)) {
    throw new ParseError(
      `expected ${bitsPerSecond.value} bit/s by bytes and seconds of ${name}, found ${printed}: these contradict each other`,
      at,
    );
  }
  return { bitsPerSecond, seconds, at };
}

function readRetransmits(raw: RawText, end: Members): Report['retransmits'] {
  const { retransmits } = membersOf(end['sum_sent']);
  const at = lineOf(raw, ['"end"', '"sum_sent"', '"retransmits"']) ?? { file: raw.file, line: raw.firstLine };
  // Where the sender's kernel does not count them the member is absent, or -1.
  if (typeof retransmits !== 'number' || !Number.isSafeInteger(retransmits) || retransmits < 0) return undefined;
  return { count: retransmits, at };
}

const isPositive = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};

/** The line of the last of these words, each searched for after the one before; the first from the end. */
function lineOf(raw: RawText, [first = '', ...words]: readonly string[]): Origin | undefined {
  let at = raw.text.lastIndexOf(`\n\t${first}`);
  if (at < 0) at = raw.text.lastIndexOf(first);
  for (const word of words) at = at < 0 ? at : raw.text.indexOf(word, at);
  if (at < 0) return undefined;
  return { file: raw.file, line: raw.firstLine + raw.text.slice(0, at + 2).split('\n').length - 1 };
}
