import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../harness/types.js';
import { lmbench } from '../../../suites/lmbench/index.js';
import { fixture, installation, trial, withProbes } from './raw.js';

type Expected = readonly [fixture: string, step: string, metric: string, value: number, line: number];

/** Values by hand from the fixtures, in the metric's unit; `line` within the raw file, stderr begins at 20. */
const QUICK: readonly Expected[] = [
  ['lat_proc_fork.stderr', 'fork-process', 'fork-process', 282.8626, 20],
  ['lat_proc_exec.stderr', 'exec-process', 'exec-process', 1205.4318, 20],
  ['lat_proc_shell.stderr', 'sh-process', 'sh-process', 1868.2759, 20],
  ['lat_ctx_0k_2.stderr', 'ctx-2p-0k', 'ctx-2p-0k', 1.79, 22],
  ['lat_ctx_16k_16.stderr', 'ctx-16p-16k', 'ctx-16p-16k', 6.61, 22],
  ['lat_ctx_64k_16.stderr', 'ctx-16p-64k', 'ctx-16p-64k', 4.79, 22],
  ['lat_mmap_64m.stderr', 'mmap-64mb', 'mmap-64mb', 138, 20],
  ['lat_mmap_256m.stderr', 'mmap-256mb', 'mmap-256mb', 539, 20],
  ['lat_pagefault.stderr', 'page-fault', 'page-fault', 0.0547, 20],
  ['lat_syscall_null.stderr', 'null-call', 'null-call', 0.124, 20],
  ['lat_syscall_read.stderr', 'read', 'read', 0.1668, 20],
  ['lat_syscall_write.stderr', 'write', 'write', 0.1476, 20],
  ['lat_syscall_stat.stderr', 'stat', 'stat', 1.2023, 20],
  ['lat_syscall_fstat.stderr', 'fstat', 'fstat', 0.3306, 20],
  ['lat_syscall_open.stderr', 'open-close', 'open-close', 1.6865, 20],
  ['lat_select_file_100.stderr', 'select-100', 'select-100', 1.3094, 20],
  ['lat_select_tcp_100.stderr', 'select-tcp-100', 'select-tcp-100', 5.7558, 20],
  ['lat_sig_install.stderr', 'signal-install', 'signal-install', 0.1653, 20],
  ['lat_sig_catch.stderr', 'signal-catch', 'signal-catch', 1.5879, 20],
  ['lat_sig_prot.stderr', 'protection-fault', 'protection-fault', 0.5459, 20],
  ['lat_pipe.stderr', 'pipe', 'pipe', 5.2649, 20],
  ['lat_unix.stderr', 'af-unix', 'af-unix', 13.3568, 20],
  ['lat_tcp.stderr', 'tcp', 'tcp', 13.7114, 20],
  ['lat_udp.stderr', 'udp', 'udp', 9.9668, 20],
  ['lat_connect.stderr', 'tcp-connect', 'tcp-connect', 2498.6574, 20],
  ['lat_fcntl.stderr', 'fcntl-lock', 'fcntl-lock', 2.6567, 20],
];

const PAPER: readonly Expected[] = [
  ['bw_pipe.stderr', 'bw-pipe', 'bw-pipe', 4834.96e6, 20],
  ['bw_unix.stderr', 'bw-af-unix', 'bw-af-unix', 2939.91e6, 20],
  ['bw_tcp.stderr', 'bw-tcp-10mb', 'bw-tcp-10mb', 1814.53e6, 20],
  ['bw_mem_rd.stderr', 'bw-mem-rd-64mb', 'bw-mem-rd-64mb', 17111.55e6, 20],
  ['bw_mem_wr.stderr', 'bw-mem-wr-64mb', 'bw-mem-wr-64mb', 11982.66e6, 20],
  ['bw_file_rd_io_only.stderr', 'bw-file-read-256mb', 'bw-file-read-256mb', 5239.45e6, 20],
  ['bw_file_rd_open2close.stderr', 'bw-file-open-read-256mb', 'bw-file-open-read-256mb', 6410.02e6, 20],
  ['bw_mmap_rd_mmap_only.stderr', 'bw-mmap-read-256mb', 'bw-mmap-read-256mb', 14406.71e6, 20],
  ['bw_mmap_rd_open2close.stderr', 'bw-mmap-open-read-256mb', 'bw-mmap-open-read-256mb', 5228.28e6, 20],
  ['lat_mem_rd_64_128.stderr', 'mem-latency', 'mem-latency-4kb', 1.822, 25],
  ['lat_mem_rd_64_128.stderr', 'mem-latency', 'mem-latency-16kb', 1.31, 31],
  ['lat_mem_rd_64_128.stderr', 'mem-latency', 'mem-latency-1mb', 12.402, 79],
];

function readingOf(readings: readonly Reading[], metric: string): Reading | undefined {
  return readings.find((reading) => reading.metric === metric);
}

function matching(reason: string | RegExp): unknown {
  return typeof reason === 'string' ? reason : expect.stringMatching(reason);
}

describe('lmbench outputs', () => {
  it.each([...QUICK.map((row) => ['quick', ...row] as const), ...PAPER.map((row) => ['paper', ...row] as const)])(
    '%s: %s',
    (profile, file, step, metric, value, line) => {
      const raw = trial({ [step]: { stderr: fixture(file).text } }, { profile });
      const reading = readingOf(lmbench.parse(raw), metric);
      expect(reading).toMatchObject({ metric, at: { file: 'raw/t0001.1.txt', line } });
      expect(reading).toHaveProperty('value', expect.closeTo(value, 6));
    },
  );

  it('names the program of every value', () => {
    const raw = trial({ 'fork-process': { stderr: fixture('lat_proc_fork.stderr').text } });
    expect(readingOf(lmbench.parse(raw), 'fork-process')).toMatchObject({ tool: 'lat_proc' });
  });

  it('takes all eight rings from one output', () => {
    const rows = [2, 4, 8, 16, 24, 32, 64, 96].map((count, index) => `${count} ${index + 1}.25`);
    const raw = trial({ 'ctx-64k': { stderr: `\n"size=64k ovr=1.65\n${rows.join('\n')}\n` } }, { profile: 'paper' });
    const readings = lmbench.parse(raw);
    expect(readingOf(readings, 'ctx-16p-64k')).toMatchObject({ value: 4.25, at: { line: 25 } });
    expect(readingOf(readings, 'ctx-96p-64k')).toMatchObject({ value: 8.25 });
  });
});

describe('what is no result', () => {
  it.each([
    ['nothing, exit 0', {}, 'lat_proc exited with code 0 and printed nothing', undefined],
    [
      'a usage message',
      { stderr: fixture('bad_usage.stderr').text, outcome: { status: 'exited', code: 255 } },
      /^lat_proc exited with code 255 and printed "Usage: \.\/lat_proc /,
      20,
    ],
    ['a complaint, exit 0', { stderr: 'fork: Timed out\n' }, 'lat_proc printed no such row, but "fork: Timed out"', 20],
    ['another row', { stderr: 'Process fork+execve: 12.5 microseconds\n' }, /no such row/, 20],
    ['a row on stdout is read, garbage is not', { stdout: '\u0000\u0001\n' }, /no such row, but "\?\?"/, 10],
    [
      'not a number',
      { stderr: 'Process fork+exit: nan microseconds\n' },
      'lat_proc: expected a number, found "nan"',
      20,
    ],
    ['negative', { stderr: 'Process fork+exit: -1.5 microseconds\n' }, 'lat_proc: expected a number, found "-1.5"', 20],
    [
      'infinite',
      { stderr: `Process fork+exit: 1e999 microseconds\n` },
      'lat_proc: expected a number, found "1e999"',
      20,
    ],
    ['zero', { stderr: 'Process fork+exit: 0.0000 microseconds\n' }, /expected a number above zero/, 20],
    [
      'a lenient number',
      { stderr: 'Process fork+exit: 12.5abc microseconds\n' },
      /expected a number, found "12.5abc"/,
      20,
    ],
    ['another unit', { stderr: 'Process fork+exit: 12.5 MB/sec\n' }, /expected a number and a unit of time/, 20],
    ['no unit', { stderr: 'Process fork+exit: 12.5\n' }, /expected a number and a unit of time/, 20],
    [
      'twice',
      { stderr: 'Process fork+exit: 1.5 microseconds\nProcess fork+exit: 2.5 microseconds\n' },
      /more than once/,
      20,
    ],
    [
      'a value, and a failure',
      { stderr: 'Process fork+exit: 12.5 microseconds\n', outcome: { status: 'exited', code: 1 } },
      /^lat_proc exited with code 1 and printed/,
      20,
    ],
    [
      'killed at the limit',
      { outcome: { status: 'limit' } },
      'lat_proc exceeded its time limit and was killed',
      undefined,
    ],
    ['killed', { outcome: { status: 'signaled', signal: 9 } }, 'lat_proc was killed by signal 9', undefined],
    ['too much output', { stderr: 'x\n'.repeat(9), outcome: { status: 'output' } }, /exceeded its output limit/, 20],
    [
      'not started',
      { outcome: { status: 'unstarted', message: 'No such file' } },
      /could not be started: "No such file"/,
      undefined,
    ],
    ['skipped', { outcome: { status: 'skipped' } }, /was skipped because an earlier step failed/, undefined],
  ] as const)('%s', (_, printed, reason, line) => {
    const reading = readingOf(lmbench.parse(trial({ 'fork-process': printed })), 'fork-process');
    expect(reading).toMatchObject({ missing: matching(reason) });
    expect(reading?.at?.line).toBe(line);
  });

  it('a ring that was no slower than its overhead', () => {
    const raw = trial({ 'ctx-16p-64k': { stderr: '\n"size=64k ovr=1.65\n' } });
    expect(readingOf(lmbench.parse(raw), 'ctx-16p-64k')).toMatchObject({
      missing: 'lat_ctx printed no row: the ring took no longer than its overhead',
      at: { line: 21 },
    });
  });

  it('a mapping of another size', () => {
    const raw = trial({ 'mmap-64mb': { stderr: '268.435456 539\n' } });
    expect(readingOf(lmbench.parse(raw), 'mmap-64mb')).toHaveProperty('missing');
  });

  it('exec and sh, where the program that they execute could not be put in place', () => {
    const raw = trial({
      hello: { stderr: "cp: cannot create '/tmp/hello'\n", outcome: { status: 'exited', code: 1 } },
      'exec-process': { stderr: fixture('lat_proc_exec.stderr').text },
      'fork-process': { stderr: fixture('lat_proc_fork.stderr').text },
    });
    const readings = lmbench.parse(raw);
    expect(readingOf(readings, 'exec-process')).toHaveProperty(
      'missing',
      'prepare step hello, which lat_proc relies on, exited with code 1 and printed "cp: cannot create \'/tmp/hello\'"',
    );
    expect(readingOf(readings, 'fork-process')).toHaveProperty('value', 282.8626);
  });

  it('a step that is not there at all: every promised metric is reported', () => {
    const readings = lmbench.parse(trial({}));
    expect(new Set(readings.map(({ metric }) => metric)).size).toBe(readings.length);
    expect(readings.length).toBeGreaterThan(25);
    expect(readings.every((reading) => 'missing' in reading)).toBe(true);
  });

  it('bw_tcp, which ends without a return value, is accepted with any exit code', () => {
    const raw = trial(
      { 'bw-tcp-10mb': { stderr: fixture('bw_tcp.stderr').text, outcome: { status: 'exited', code: 15 } } },
      { profile: 'paper' },
    );
    expect(readingOf(lmbench.parse(raw), 'bw-tcp-10mb')).toHaveProperty('value', 1814.53e6);
  });
});

describe('probe outputs', () => {
  const line = 'probe fork-process us 127.856568 n 11 min 123.2 q1 126.4 q3 131.7 max 131.9\n';
  const parse = (stdout: string): Reading | undefined =>
    readingOf(lmbench.parse(trial({ 'fork-process': { stdout } }, { installation: withProbes })), 'fork-process');

  it('is read with its place and program', () => {
    expect(parse(line)).toEqual({
      metric: 'fork-process',
      value: 127.856568,
      resolution: 1e-6,
      tool: 'bench-probe',
      at: { file: 'raw/t0001.1.txt', line: 10 },
    });
  });

  it('converts bandwidths', () => {
    const stdout = 'probe bw-pipe MB/s 4378.75 n 11 min 1 q1 2 q3 3 max 4\n';
    const readings = lmbench.parse(trial({ 'bw-pipe': { stdout } }, { installation: withProbes }));
    expect(readingOf(readings, 'bw-pipe')).toHaveProperty('value', 4378.75e6);
  });

  it.each([
    ['nothing', '', 'bench-probe exited with code 0 and printed nothing'],
    ['another metric', line.replace('fork', 'exec'), /expected one line "probe fork-process us/],
    ['another unit', line.replace(' us ', ' ns '), /expected one line/],
    ['cut short', line.slice(0, 40), /expected one line/],
    ['two lines', line + line, /expected one line/],
    ['not finite', line.replace('127.856568', 'inf'), /expected a number, found "inf"/],
  ] as const)('%s', (_, stdout, reason) => {
    expect(parse(stdout)).toMatchObject({ missing: matching(reason) });
  });
});

describe('any output at all', () => {
  const pieces = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'Process fork+exit: ',
      ' microseconds',
      '\n',
      '"size=64k ovr=1.6\n16 ',
      '67.108864 ',
      '1e400',
      '-5',
      'NaN',
    ),
    fc.double().map(String),
  );
  const text = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));
  const about = fc.constantFrom(
    { profile: 'quick' as const },
    { profile: 'paper' as const },
    { profile: 'quick' as const, installation: withProbes },
    { profile: 'paper' as const, installation: installation({}) },
  );

  it('throws nothing and yields no value that is not finite and above zero', () => {
    fc.assert(
      fc.property(text, text, about, (stdout, stderr, setting) => {
        const names = [
          'fork-process',
          'ctx-16p-64k',
          'ctx-64k',
          'mmap-64mb',
          'mem-latency',
          'bw-tcp-10mb',
          'file-system',
        ];
        const raw = trial(Object.fromEntries(names.map((name) => [name, { stdout, stderr }])), setting);
        for (const reading of lmbench.parse(raw)) {
          if ('value' in reading) expect(Number.isFinite(reading.value) && reading.value > 0).toBe(true);
          else expect(reading.missing).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  });
});
