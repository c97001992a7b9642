import { ParseError, quote, type Line } from '../parsing.js';
import { readQuantity, scaled, type Quantity } from '../quantity.js';
import { isName, unitOf, type Name } from './metrics.js';

/**
 * The results that lmbench prints on a line of their own, `LABEL: VALUE UNIT`, in versions 1 to 3
 * (`micro`, `nano`, `milli`, `kb` and `mb` of its lib_timing.c). Where the label holds a host, only the local one counts.
 */
const LOCAL = '(?:localhost|127\\.0\\.0\\.1|::1)';
const LABELS: readonly (readonly [RegExp, (matched: RegExpExecArray) => string])[] = [
  labelled('Simple syscall', 'null-call'),
  labelled('Simple read', 'read'),
  labelled('Simple write', 'write'),
  // lmbench 1 called its one-byte write to /dev/null the null system call.
  labelled('Null syscall', 'write'),
  labelled('Simple stat', 'stat'),
  labelled('Simple fstat', 'fstat'),
  labelled('Simple open/close', 'open-close'),
  [/^Select on (\d{1,6}) fd's *: */, ([, count = '']) => `select-${count}`],
  [/^Select on (\d{1,6}) tcp fd's *: */, ([, count = '']) => `select-tcp-${count}`],
  labelled('Signal handler installation', 'signal-install'),
  labelled('Signal handler overhead', 'signal-catch'),
  labelled('Protection fault', 'protection-fault'),
  labelled('Pipe latency', 'pipe'),
  labelled('AF_UNIX sock stream latency', 'af-unix'),
  labelled('UNIX connection cost', 'af-unix-connect'),
  labelled('Fifo latency', 'fifo'),
  labelled('FIFO latency', 'fifo'),
  labelled('Fcntl lock latency', 'fcntl-lock'),
  labelled('Process fork\\+exit', 'fork-process'),
  labelled('Process fork\\+execve', 'exec-process'),
  labelled('Process fork\\+/bin/sh -c', 'sh-process'),
  labelled('Pagefaults on .{1,4096}', 'page-fault'),
  labelled(`UDP latency using ${LOCAL}`, 'udp'),
  labelled(`TCP latency using ${LOCAL}`, 'tcp'),
  labelled(`RPC/udp latency using ${LOCAL}`, 'rpc-udp'),
  labelled(`RPC/tcp latency using ${LOCAL}`, 'rpc-tcp'),
  labelled(`TCP/IP connection cost to ${LOCAL}`, 'tcp-connect'),
  labelled('Pipe bandwidth', 'bw-pipe'),
  labelled('AF_UNIX sock stream bandwidth', 'bw-af-unix'),
  labelled('File .{1,4096} write bandwidth', 'bw-file-write'),
  [/^(integer|int64|float|double) ([a-z]{3,10}) *: */, ([, type = '', name = '']) => `${type}-${name}`],
];

function labelled(label: string, metric: Name): readonly [RegExp, () => Name] {
  return [new RegExp(`^${label} *: *`), () => metric];
}

/** Microseconds or bytes per second in one of the unit; MB and KB are powers of ten in lmbench. */
const UNITS: Readonly<Record<string, { readonly factor: number; readonly kind: 'time' | 'rate' }>> = {
  microseconds: { factor: 1, kind: 'time' },
  usecs: { factor: 1, kind: 'time' },
  nanoseconds: { factor: 1e-3, kind: 'time' },
  milliseconds: { factor: 1e3, kind: 'time' },
  'KB/sec': { factor: 1e3, kind: 'rate' },
  'MB/sec': { factor: 1e6, kind: 'rate' },
};

/** A value read off a line, in its metric's unit; or what kept it from being read. */
export type Figure =
  | ({ readonly metric: Name; readonly line: Line } & Quantity)
  | { readonly metric: Name; readonly problem: string; readonly line: Line };

/** `figure` with what `read` returns, or with the complaint of the `ParseError` that it throws. */
export function figure(metric: Name, line: Line, read: () => Quantity): Figure {
  try {
    return { metric, ...read(), line };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { metric, problem: error.message, line };
  }
}

/** The figure of a labelled line; undefined for a line of any other kind, and for sizes that are no metric. */
export function labelledFigure(line: Line): Figure | undefined {
  for (const [pattern, metricOf] of LABELS) {
    const matched = pattern.exec(line.text);
    if (matched === null) continue;
    const metric = metricOf(matched);
    if (!isName(metric)) return undefined;
    return figure(metric, line, () => readLabelled(metric, line.text.slice(matched[0].length)));
  }
  return httpFigure(line);
}

/** lat_http: `Avg xfer: 3.2KB, 41.8KB in 1.4770 millisecs, 28.28 MB/sec`. */
function httpFigure(line: Line): Figure | undefined {
  const rest = /^Avg xfer: .{1,200}, (\S+ [KM]B\/sec)\s*$/.exec(line.text)?.[1];
  return rest === undefined ? undefined : figure('bw-http', line, () => readLabelled('bw-http', rest));
}

/** `VALUE UNIT` in the unit of the metric: microseconds or bytes per second. */
function readLabelled(metric: Name, text: string): Quantity {
  const [value = '', unit = '', ...more] = text.trim().split(/\s+/);
  const known = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  const kind = metric.startsWith('bw-') ? 'rate' : 'time';
  if (known?.kind !== kind || more.length > 0) {
    throw new ParseError(`expected a number and a unit of ${kind}, found ${quote(text)}`);
  }
  return scaled(readQuantity(value), unitOf(metric) === 'ns' ? known.factor * 1000 : known.factor);
}
