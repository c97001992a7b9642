import type { Line } from '../parsing.js';
import { readQuantity, scaled } from '../quantity.js';
import { figure, type Figure } from './labels.js';
import { createdKilobytes, isName, type SizedBandwidth } from './metrics.js';
import { MESSAGES, memorySizes, mmapSizes, SIZES } from './sizes.js';

/** A run of number rows under one heading, or the whole output of a tool that prints no heading. */
export type Section =
  | { readonly kind: 'mappings' }
  | { readonly kind: 'bandwidth'; readonly family: SizedBandwidth }
  | { readonly kind: 'socket' }
  | { readonly kind: 'ring'; readonly kilobytes: string }
  | { readonly kind: 'load'; readonly random: boolean }
  /** Rows that are no metric of the suite, under a heading that is known. */
  | { readonly kind: 'other' };

const bandwidth = (family: SizedBandwidth): Section => ({ kind: 'bandwidth', family });

/** Headings that lmbench's own script prints before the output of a tool, some with a quote that is never closed. */
const HEADINGS: Readonly<Record<string, Section>> = {
  mappings: { kind: 'mappings' },
  'read bandwidth': bandwidth('bw-file-read'),
  'read open2close bandwidth': bandwidth('bw-file-open-read'),
  'Mmap read bandwidth': bandwidth('bw-mmap-read'),
  'Mmap read open2close bandwidth': bandwidth('bw-mmap-open-read'),
  'libc bcopy unaligned': bandwidth('bw-mem-bcopy'),
  'libc bcopy aligned': bandwidth('bw-mem-bcopy-aligned'),
  'Memory bzero bandwidth': bandwidth('bw-mem-bzero'),
  'unrolled bcopy unaligned': bandwidth('bw-mem-fcp'),
  'unrolled partial bcopy unaligned': bandwidth('bw-mem-cp'),
  'Memory read bandwidth': bandwidth('bw-mem-frd'),
  'Memory partial read bandwidth': bandwidth('bw-mem-rd'),
  'Memory write bandwidth': bandwidth('bw-mem-fwr'),
  'Memory partial write bandwidth': bandwidth('bw-mem-wr'),
  'Memory partial read/write bandwidth': bandwidth('bw-mem-rdwr'),
};

/** The section that a heading opens, given the one before it; undefined when the line is no heading. */
export function sectionAfter(line: Line, before: Section | undefined): Section | undefined {
  const heading = line.text.replace(/^"/, '').replace(/"?\s*$/, '');
  if (Object.hasOwn(HEADINGS, heading)) return HEADINGS[heading];
  if (/^Socket bandwidth using /.test(heading)) {
    return /^Socket bandwidth using (?:localhost|127\.0\.0\.1)$/.test(heading) ? { kind: 'socket' } : { kind: 'other' };
  }
  const kilobytes = /^size=(\d{1,6})k ovr=\S+$/.exec(heading)?.[1];
  if (kilobytes !== undefined) return { kind: 'ring', kilobytes };
  if (heading === 'Memory load latency') return { kind: 'load', random: false };
  if (heading === 'Random load latency') return { kind: 'load', random: true };
  const stride = /^stride=(\d{1,9})$/.exec(heading)?.[1];
  if (stride === undefined) return undefined;
  // One stride counts for each kind of walk: lmbench's summary reads the same ones.
  const random = before?.kind === 'load' && before.random;
  return stride === (random ? '16' : '128') ? { kind: 'load', random } : { kind: 'other' };
}

/** A row of numbers: two columns, or lat_fs's four. */
export function isRow(line: Line): boolean {
  return /^\s*[\d.]+k?\s+\S+(?:\s+MB\/sec)?\s*$/.test(line.text) || FILES.test(line.text);
}

/** `0k\t1000\t36770\t123993`: size, files made, creations a second, deletions a second; -1 is a failure. */
const FILES = /^(\d{1,6})k\s+(\S+)\s+(\S+)\s+(\S+)\s*$/;

/** The figures of a row of a section, none when its size is no metric. lat_fs's rows name their metrics themselves. */
export function rowFigures(line: Line, section: Section | undefined): Figure[] {
  const files = FILES.exec(line.text);
  if (files !== null) return fileFigures(line, files);
  const [key = '', value = '', ...unit] = line.text.trim().split(/\s+/);
  if (unit.join(' ') === 'MB/sec') return section?.kind === 'other' ? [] : socketFigures(line, key, value);
  if (section === undefined) return ownFigures(line, key, value);
  switch (section.kind) {
    case 'mappings':
      return mappingFigures(line, key, value);
    case 'bandwidth':
      return bandwidthFigures(line, section.family, key, value);
    case 'ring': {
      const metric = `ctx-${key}p-${section.kilobytes}k`;
      return isName(metric) ? [figure(metric, line, () => readQuantity(value))] : [];
    }
    case 'load':
      return loadFigures(line, section.random, key, value);
    case 'socket':
    case 'other':
      return [];
  }
}

/** Six decimals above one megabyte: only lat_mmap prints a size so. */
function ownFigures(line: Line, key: string, value: string): Figure[] {
  return /^[1-9]\d*\.\d{6}$/.test(key) ? mappingFigures(line, key, value) : [];
}

function fileFigures(line: Line, [, kilobytes, , created = '', deleted = '']: RegExpExecArray): Figure[] {
  const size = createdKilobytes.find((known) => String(known) === kilobytes);
  if (size === undefined) return [];
  return [
    figure(`file-create-${size}k`, line, () => readQuantity(created)),
    figure(`file-delete-${size}k`, line, () => readQuantity(deleted)),
  ];
}

/** lat_mmap's `micromb`: the size in megabytes of 10^6 bytes with six decimals, then microseconds. */
function mappingFigures(line: Line, key: string, value: string): Figure[] {
  const size = mmapSizes.find((name) => (SIZES[name] / 1e6).toFixed(6) === key);
  return size === undefined ? [] : [figure(`mmap-${size}`, line, () => readQuantity(value))];
}

/** lib_timing's `bandwidth`: six decimals below one megabyte, two above; then MB/s. */
function bandwidthFigures(line: Line, family: SizedBandwidth, key: string, value: string): Figure[] {
  const size = sizeOf(SIZES, (bytes) => (bytes / 1e6).toFixed(bytes < 1e6 ? 6 : 2) === key);
  return size === undefined ? [] : [figure(`${family}-${size}`, line, () => scaled(readQuantity(value), 1e6))];
}

function socketFigures(line: Line, key: string, value: string): Figure[] {
  const size = sizeOf(MESSAGES, (bytes) => (bytes / 1e6).toFixed(6) === key);
  return size === undefined ? [] : [figure(`bw-tcp-${size}`, line, () => scaled(readQuantity(value), 1e6))];
}

/** lat_mem_rd: the size in units of 2^20 bytes with five decimals (a tie may go either way), then nanoseconds. */
function loadFigures(line: Line, random: boolean, key: string, value: string): Figure[] {
  const size = memorySizes.find((name) => Math.abs(SIZES[name] / 1048576 - Number(key)) < 6e-6);
  if (size === undefined) return [];
  return [figure(`mem-latency-${random ? 'random-' : ''}${size}`, line, () => readQuantity(value))];
}

function sizeOf<Name extends string>(
  table: Readonly<Record<Name, number>>,
  matches: (bytes: number) => boolean,
): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => matches(table[name]));
}
