import type { RawStep, Reading, Suite } from '../../harness/types.js';
import { resolutionOf } from '../../suites/parsing.js';
import { scaled, type Quantity } from '../../suites/quantity.js';

/** A small stand-in for the lmbench suite, with its metric names, over the real tools' output formats. */
interface Row {
  readonly name: string;
  readonly label: string;
  readonly unit: 'us' | 'B/s';
  readonly tool: string;
  readonly fixture: string;
  readonly pattern: RegExp;
  readonly factor?: number;
}

export const ROWS: readonly Row[] = [
  {
    name: 'fork-process',
    label: 'fork process',
    unit: 'us',
    tool: 'lat_proc',
    fixture: 'lat_proc_fork',
    pattern: /^Process fork\+exit: ([\d.]+) /,
  },
  {
    name: 'exec-process',
    label: 'exec process',
    unit: 'us',
    tool: 'lat_proc',
    fixture: 'lat_proc_exec',
    pattern: /^Process fork\+execve: ([\d.]+) /,
  },
  {
    name: 'sh-process',
    label: 'sh process',
    unit: 'us',
    tool: 'lat_proc',
    fixture: 'lat_proc_shell',
    pattern: /^Process fork\+\/bin\/sh -c: ([\d.]+) /,
  },
  {
    name: 'ctx-2p-0k',
    label: 'ctx (2p/0K)',
    unit: 'us',
    tool: 'lat_ctx',
    fixture: 'lat_ctx_0k_2',
    pattern: /^2 ([\d.]+)$/,
  },
  {
    name: 'ctx-16p-64k',
    label: 'ctx (16p/64K)',
    unit: 'us',
    tool: 'lat_ctx',
    fixture: 'lat_ctx_64k_16',
    pattern: /^16 ([\d.]+)$/,
  },
  {
    name: 'mmap-64mb',
    label: 'mmap (64MB)',
    unit: 'us',
    tool: 'lat_mmap',
    fixture: 'lat_mmap_64m',
    pattern: /^67\.108864 ([\d.]+)$/,
  },
  {
    name: 'mmap-256mb',
    label: 'mmap (256MB)',
    unit: 'us',
    tool: 'lat_mmap',
    fixture: 'lat_mmap_256m',
    pattern: /^268\.435456 ([\d.]+)$/,
  },
  {
    name: 'page-fault',
    label: 'page fault',
    unit: 'us',
    tool: 'lat_pagefault',
    fixture: 'lat_pagefault',
    pattern: /^Pagefaults on \S+: ([\d.]+) /,
  },
  {
    name: 'null-call',
    label: 'null call',
    unit: 'us',
    tool: 'lat_syscall',
    fixture: 'lat_syscall_null',
    pattern: /^Simple syscall: ([\d.]+) /,
  },
  {
    name: 'pipe',
    label: 'pipe latency',
    unit: 'us',
    tool: 'lat_pipe',
    fixture: 'lat_pipe',
    pattern: /^Pipe latency: ([\d.]+) /,
  },
  {
    name: 'bw-pipe',
    label: 'pipe bandwidth',
    unit: 'B/s',
    tool: 'bw_pipe',
    fixture: 'bw_pipe',
    pattern: /^Pipe bandwidth: ([\d.]+) MB/,
    factor: 1e6,
  },
];

export const suite: Suite = {
  id: 'lmbench',
  title: 'lmbench, operating system subset',
  version: 1,
  about: 'Latencies and bandwidths of operating system primitives; the median of repetitions inside each tool.',
  caches: 'warm: the file is written and read before it is measured',
  metrics: {
    ...Object.fromEntries(
      ROWS.map(({ name, label, unit }) => [name, { label, unit, better: unit === 'us' ? 'lower' : 'higher' } as const]),
    ),
    'bw-tcp-1m': { label: 'TCP bandwidth', unit: 'B/s', better: 'higher' },
    'mem-latency-64m': { label: 'memory load latency', unit: 'ns', better: 'lower' },
  },
  profiles: {
    paper: { summary: '11 repetitions a tool', trials: 5, expectedSeconds: 60, scratchBytes: 1e9 },
    quick: { summary: '3 repetitions a tool', trials: 3, expectedSeconds: 10, scratchBytes: 1e9 },
  },
  needs: { packages: [], files: [] },
  install: () => Promise.reject(new Error('not in this test')),
  steps: () => [],
  parse: (raw) =>
    ROWS.flatMap((row) => raw.steps.filter((step) => step.name === row.name).map((step) => read(row, step))),
  recognize: (files) =>
    files.map((file) => ({
      source: { version: 'lmbench-3alpha4' },
      files: [file.file],
      readings: ROWS.flatMap((row) => {
        const line = file.text.split('\n').findIndex((text) => row.pattern.test(text));
        if (line < 0) return [];
        const printed = row.pattern.exec(file.text.split('\n')[line] ?? '')?.[1] ?? '';
        return [
          { metric: row.name, ...quantityOf(row, printed), at: { file: file.file, line: line + 1 }, tool: row.tool },
        ];
      }),
    })),
};

function read(row: Row, step: RawStep): Reading {
  const lines = step.stderr.text.split('\n');
  const line = lines.findIndex((text) => row.pattern.test(text));
  const at = { file: step.stderr.file, line: step.stderr.firstLine + Math.max(0, line) };
  if (line < 0) return { metric: row.name, missing: `${row.tool} printed no such row`, at };
  const quantity = quantityOf(row, row.pattern.exec(lines[line] ?? '')?.[1] ?? '');
  return { metric: row.name, ...quantity, at, tool: row.tool };
}

function quantityOf({ factor = 1 }: Row, printed: string): Quantity {
  return scaled({ value: Number(printed), resolution: resolutionOf(printed) }, factor);
}
