import type { Unit } from '../../harness/types.js';
import type { ToolUse } from '../model/tool.js';
import type { Cell } from '../model/types.js';

/** How the numbers of one row are written, so that they line up: one unit and one number of decimals. */
export interface Scale {
  /** Values are divided by it. */
  readonly divisor: number;
  readonly label: string;
  readonly decimals: number;
}

/** `1 trial`, `2 trials`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const UNIT_LABELS: Readonly<Record<Unit, string>> = {
  s: 's',
  us: 'µs',
  ns: 'ns',
  B: 'B',
  'B/s': 'B/s',
  'bit/s': 'bit/s',
  '1/s': '1/s',
  percent: '%',
  count: '',
};

const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const;
const BINARY_PREFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti'] as const;
const POWERS = ['1', '10³', '10⁶', '10⁹', '10¹²'] as const;
const SIGNIFICANT = 4;
/** From here on, numbers a second are written with a power of ten. */
const MANY = 1e6;

/**
 * The scale of a row: four significant digits for its smallest value; rates take a decimal prefix, sizes in bytes a binary
 * one (KiB is 1,024 B), times keep their unit.
 */
export function scaleFor(unit: Unit, values: readonly number[]): Scale {
  const sizes = values.map((value) => Math.abs(value)).filter((size) => size > 0 && Number.isFinite(size));
  const least = sizes.length === 0 ? 1 : Math.min(...sizes);
  if (unit === 'B') return byteScale(least);
  const counted = unit === '1/s' && least >= MANY;
  const prefixed = unit === 'B/s' || unit === 'bit/s' || counted;
  const step = prefixed ? Math.max(0, Math.min(PREFIXES.length - 1, Math.floor(Math.log10(least) / 3))) : 0;
  const divisor = 1000 ** step;
  const decimals = decimalsOf(least / divisor);
  const label = counted ? `${POWERS[step] ?? ''}/s` : `${PREFIXES[step] ?? ''}${UNIT_LABELS[unit]}`;
  return { divisor, label, decimals };
}

function byteScale(least: number): Scale {
  const step = least < 1 ? 0 : Math.min(BINARY_PREFIXES.length - 1, Math.floor(Math.log2(least) / 10));
  const divisor = 1024 ** step;
  // Means of bytes have fractions, which mean nothing.
  return { divisor, label: `${BINARY_PREFIXES[step] ?? ''}B`, decimals: step === 0 ? 0 : decimalsOf(least / divisor) };
}

function decimalsOf(least: number): number {
  return Math.max(0, Math.min(6, SIGNIFICANT - (Math.floor(Math.log10(least)) + 1)));
}

/** Text that ends with one full stop. */
export function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The scale that suits a row's cells and published values. */
export function rowScale(unit: Unit, cells: readonly Cell[], published: readonly (number | null)[]): Scale {
  // Published values keep the decimals of their publication; measured values set the scale.
  const centers = cells.flatMap((cell) => (cell.origin === 'published' ? [] : (cell.center ?? [])));
  if (centers.length > 0) return scaleFor(unit, centers);
  const printed = published.flatMap((value) => value ?? []);
  return scaleFor(unit, printed.length > 0 ? printed : cells.flatMap(({ center }) => center ?? []));
}

/** `1893.3`, with the decimals of its row and no unit; a true minus sign. */
export function formatValue(value: number, scale: Scale): string {
  return minus((value / scale.divisor).toFixed(scale.decimals));
}

/** A published value with the decimals of its publication, at least two: `302.00`, `2.254`. */
export function formatPublished(value: number, scale: Scale): string {
  if (scale.divisor !== 1) return formatValue(value, scale);
  const printed = String(value);
  const decimals = printed.includes('.') ? printed.length - printed.indexOf('.') - 1 : 0;
  return minus(value.toFixed(Math.max(2, decimals)));
}

/** The mean of a cell, or its published value where the system itself is published. */
export function formatCenter(cell: Cell, center: number, scale: Scale): string {
  return cell.origin === 'published' ? formatPublished(center, scale) : formatValue(center, scale);
}

/** `110.2 – 114.6`. */
export function formatInterval(low: number, high: number, scale: Scale): string {
  return `${formatValue(low, scale)} – ${formatValue(high, scale)}`;
}

/** `1.024`, three decimals, the precision at which the paper's 1 % claims can be seen. */
export function formatRatio(ratio: number): string {
  return minus(ratio >= 100 ? ratio.toPrecision(4) : ratio.toFixed(3));
}

export function formatRatioInterval(low: number, high: number): string {
  return `${formatRatio(low)} – ${formatRatio(high)}`;
}

/** `−9.49`, `+0.16`: percentage points off something. */
export function formatPoints(points: number, decimals = 2): string {
  const text = points.toFixed(decimals);
  // What rounds to zero has no sign.
  if (Number(text) === 0) return (0).toFixed(decimals);
  return points > 0 ? `+${text}` : minus(text);
}

/** `13.4`, `−0.9`: percent lost; a gain is below zero. */
export function formatLoss(percent: number): string {
  return formatPoints(percent, 1).replace('+', '');
}

/** `+0.02 – +0.31`. */
export function formatPointsInterval(low: number, high: number): string {
  return `${formatPoints(low)} – ${formatPoints(high)}`;
}

const DURATIONS = [
  [1, 'ns'],
  [1e3, 'µs'],
  [1e6, 'ms'],
  [1e9, 's'],
] as const;

/** `83 µs`, `1.25 ms` of nanoseconds: three significant digits. */
export function formatDuration(ns: number): string {
  const [divisor, unit] = [...DURATIONS].reverse().find(([size]) => Math.abs(ns) >= size) ?? DURATIONS[0];
  const value = ns / divisor;
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${minus(unit === 'ns' ? value.toFixed(0) : value.toFixed(digits))} ${unit}`;
}

/** `0.031`, or `< 0.001`. */
export function formatP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** `≤ noise floor 0.84 %`. */
export function formatFloor(percent: number): string {
  return `≤ noise floor ${Number(percent.toPrecision(2))} %`;
}

function minus(text: string): string {
  return text.replace('-', '−');
}

/** `1.5 KiB`: sizes of files and memory. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[step] ?? ''}`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'];
const MONTH_NAMES = [...MONTHS, 'October', 'November', 'December'];

/** `21 November 2026, 07:10 UTC` of an ISO 8601 instant in UTC; anything else as it is. */
export function formatInstant(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(iso);
  if (match === null) return plainLine(iso);
  const [, year = '', month = '', day = '', time = ''] = match;
  return `${Number(day)} ${MONTH_NAMES[Number(month) - 1] ?? month} ${year}, ${time} UTC`;
}

/** `07:10:05` of an ISO 8601 instant. */
export function formatClock(iso: string): string {
  return /T(\d{2}:\d{2}:\d{2})/.exec(iso)?.[1] ?? plainLine(iso);
}

/** Seconds between two instants; null when either is unreadable. */
export function secondsBetween(from: string, to: string): number | null {
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return Number.isFinite(seconds) ? seconds : null;
}

/** The program that produced a number, with its origin: `own probe lat_ctx`, `dd of the target`. */
export function describeTool(tool: ToolUse): string {
  switch (tool.origin) {
    case 'project':
      return `own probe ${tool.name}`;
    case 'target':
      return `${tool.name} of the target`;
    case 'published':
      return 'published';
    case 'unknown':
      return tool.name;
  }
}

/** Text from a host for a single line: control characters, line breaks and direction overrides become visible. */
export function plainLine(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
