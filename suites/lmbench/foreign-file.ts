import type { Origin, Reading } from '../../harness/types.js';
import { firstNonBlank, quote, type Line } from '../parsing.js';
import { isName, sizedBandwidths, type Name, type SizedBandwidth } from './metrics.js';
import { readingOf } from './results-file.js';
import { scan } from './scan.js';
import type { Section } from './sections.js';

/** The output of one tool (or of a few, one after another) as somebody redirected it into a file. */
export interface ForeignFile {
  readonly file: string;
  readonly readings: readonly Reading<Name>[];
  readonly source: Readonly<Record<string, string>>;
}

const EXPECTED =
  'expected the output of an lmbench tool ("Process fork+exit: 123.4 microseconds", lat_ctx, lat_mmap, ...) or a results file that begins with "[lmbench3.0 results for ..."';

/** Parts of file names that identify bare rows of numbers; the rest of a name is ignored. */
const UNDERSTOOD =
  'lat_mmap, bw_file_rd with io_only or open2close, bw_mmap_rd with mmap_only or open2close, bw_mem with bcopy, bzero, fcp, cp, frd, rd, fwr, wr or rdwr, lat_mem_rd, bw_tcp';

/** What lmbench's tools print instead of a result: a usage line, an error of the system, a ring without rows. */
const COMPLAINT =
  /^usage:|timed out|no such file|connection refused|permission denied|cannot |could not |can't |too small|error|^"size=\d+k ovr=/i;

/**
 * Reads a file by its content, and by its name where the content does not show what was measured (`67.11 17111.55` may be
 * any bandwidth). Throws an `Error` naming the file, what was expected and what was found.
 */
export function foreignFile(file: string, lines: readonly Line[]): ForeignFile {
  const words = wordsOf(file);
  const constant = calibration(words, lines);
  if (constant !== undefined) return { file, readings: [], source: constant };
  const { figures, orphans, unknown, headings } = scan(lines, sectionOf(words));
  const [orphan] = orphans;
  if (figures.length > 0) {
    // Unlabelled rows among labelled results: the others are read, and the report lists what is left out.
    const unread =
      orphan === undefined ? {} : { [`not read in ${file}`]: `line ${orphan.at.line}: ${quote(orphan.text)}` };
    return { file, readings: figures.map((figure) => readingOf(figure, 'lmbench')), source: unread };
  }
  if (orphan !== undefined) {
    throw new Error(
      `${placeOf(orphan.at)}: expected a file name that contains one of ${UNDERSTOOD}, found ${quote(orphan.text)}, which may come from several tools`,
    );
  }
  const first = firstNonBlank([...headings, ...unknown]) ?? firstNonBlank(lines);
  const promised = first === undefined || COMPLAINT.test(first.text) ? promisedBy(words) : undefined;
  if (promised === undefined) {
    const found = first === undefined ? 'an empty file' : quote(first.text);
    throw new Error(`${file}:${first?.at.line ?? 1}: ${EXPECTED}, found ${found}`);
  }
  const reason = first === undefined ? 'the file is empty' : `no result, but ${quote(first.text)}`;
  return {
    file,
    readings: [{ metric: promised, missing: reason, ...(first === undefined ? {} : { at: first.at }) }],
    source: {},
  };
}

function placeOf(at: Origin): string {
  return `${at.file}:${at.line}`;
}

/** `runs/lat_mmap_64m.stderr` as `lat`, `mmap`, `64m`, `stderr`. */
function wordsOf(file: string): string[] {
  const base = file.slice(file.lastIndexOf('/') + 1);
  return base
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** The constants of lmbench's timing, which are no results: `enough.stdout` and its like. */
function calibration(words: readonly string[], lines: readonly Line[]): Record<string, string> | undefined {
  const names = { enough: 'ENOUGH (us)', 'timing o': 'TIMING_O', 'loop o': 'LOOP_O' } as const;
  const printed = lines.filter(({ text }) => text.trim() !== '');
  const [only] = printed;
  if (printed.length !== 1 || only === undefined || !/^\d{1,9}(?:\.\d{1,12})?$/.test(only.text)) return undefined;
  const label = words.join(' ');
  const name = (Object.keys(names) as (keyof typeof names)[]).find(
    (key) => label === key || label.startsWith(`${key} `),
  );
  return name === undefined ? undefined : { [names[name]]: only.text };
}

/** What bare rows mean in a file of this name. */
function sectionOf(words: readonly string[]): Section | undefined {
  const has = (...all: string[]): boolean => all.every((word) => words.includes(word));
  if (has('lat', 'mmap') || words.includes('mappings')) return { kind: 'mappings' };
  if (has('lat', 'mem', 'rd')) return { kind: 'load', random: has('t') || has('random') };
  if (has('bw', 'tcp')) return { kind: 'socket' };
  const family = familyOf(words);
  return family === undefined ? undefined : { kind: 'bandwidth', family };
}

function familyOf(words: readonly string[]): SizedBandwidth | undefined {
  const has = (...all: string[]): boolean => all.every((word) => words.includes(word));
  if (has('bw', 'file', 'rd')) {
    if (has('io', 'only') || has('ioonly')) return 'bw-file-read';
    return has('open2close') ? 'bw-file-open-read' : undefined;
  }
  if (has('bw', 'mmap', 'rd')) {
    if (has('only') || has('mmaponly')) return 'bw-mmap-read';
    return has('open2close') ? 'bw-mmap-open-read' : undefined;
  }
  if (!has('bw', 'mem')) return undefined;
  if (has('bcopy', 'conflict') || has('bcopy', 'aligned')) return 'bw-mem-bcopy-aligned';
  return sizedBandwidths.find((name) => name.startsWith('bw-mem-') && words.includes(name.slice('bw-mem-'.length)));
}

/** The metric that a file of this name should hold, for one that holds no result: `lat_ctx_64k_16`, `lat_proc_fork`. */
function promisedBy(words: readonly string[]): Name | undefined {
  const name = words.join('_');
  const plain = PROMISES.find(([pattern]) => pattern.test(name))?.[1];
  if (plain !== undefined) return plain;
  const ring = /^lat_ctx_(?:s_)?(\d+)k?_(\d+)/.exec(name);
  const mapping = /^lat_mmap_(\d+)([km])b?(?:_|$)/.exec(name);
  const metric =
    ring === null ? `mmap-${mapping?.[1] ?? ''}${mapping?.[2] ?? ''}b` : `ctx-${ring[2] ?? ''}p-${ring[1] ?? ''}k`;
  return isName(metric) ? metric : undefined;
}

const PROMISES: readonly (readonly [RegExp, Name])[] = [
  [/^lat_proc_fork/, 'fork-process'],
  [/^lat_proc_exec/, 'exec-process'],
  [/^lat_proc_sh/, 'sh-process'],
  [/^lat_pagefault/, 'page-fault'],
  [/^lat_syscall_null/, 'null-call'],
  [/^lat_syscall_read/, 'read'],
  [/^lat_syscall_write/, 'write'],
  [/^lat_syscall_stat/, 'stat'],
  [/^lat_syscall_fstat/, 'fstat'],
  [/^lat_syscall_open/, 'open-close'],
  [/^lat_sig_install/, 'signal-install'],
  [/^lat_sig_catch/, 'signal-catch'],
  [/^lat_sig_prot/, 'protection-fault'],
  [/^lat_pipe/, 'pipe'],
  [/^lat_unix_connect/, 'af-unix-connect'],
  [/^lat_unix/, 'af-unix'],
  [/^lat_fifo/, 'fifo'],
  [/^lat_fcntl/, 'fcntl-lock'],
  [/^lat_tcp/, 'tcp'],
  [/^lat_udp/, 'udp'],
  [/^lat_connect/, 'tcp-connect'],
  [/^bw_pipe/, 'bw-pipe'],
  [/^bw_unix/, 'bw-af-unix'],
];
