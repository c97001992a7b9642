import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RawText, Reading } from '../../../harness/types.js';
import { recognize } from '../../../suites/lmbench/recognize.js';
import { fixture } from './raw.js';

function text(file: string, content: string): RawText {
  return { file, text: content, firstLine: 1 };
}

function valueOf(readings: readonly Reading[], metric: string): unknown {
  const found = readings.filter((reading) => reading.metric === metric);
  expect(found).toHaveLength(1);
  return found[0] !== undefined && 'value' in found[0] ? found[0].value : found[0]?.missing;
}

describe('a whole results file', () => {
  const [trial, ...more] = recognize([fixture('full_os_subset.stderr')]);
  const readings = trial?.readings ?? [];

  it('is one trial with its origin', () => {
    expect(more).toEqual([]);
    expect(trial?.files).toEqual(['full_os_subset.stderr']);
    expect(trial?.source).toMatchObject({
      program: 'lmbench 3.0',
      version: 'lmbench-3alpha4',
      system: 'Linux vm 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_64 GNU/Linux',
      date: 'Fri Nov 20 18:32:38 UTC 2026',
      'ENOUGH (us)': '50000',
    });
  });

  it.each([
    ['null-call', 0.3447],
    ['select-tcp-500', 84.9844],
    ['protection-fault', 0.5475],
    ['fork-process', 2546.2955],
    ['exec-process', 7823.375],
    ['sh-process', 15439.3333],
    ['page-fault', 1.1631],
    ['bw-file-write', 501183e3],
    ['mmap-512kb', 51],
    ['mmap-64mb', 1209],
    ['udp', 12.2739],
    ['tcp-connect', 4884.6472],
    ['bw-tcp-1b', 0.28e6],
    ['bw-tcp-10mb', 5297.42e6],
    ['bw-http', 28.28e6],
    ['bw-pipe', 1758.84e6],
    ['bw-file-read-512b', 868.32e6],
    ['bw-file-read-64mb', 17383.31e6],
    ['bw-mmap-open-read-1mb', 12905.49e6],
    ['bw-mem-bcopy-32mb', 22965.91e6],
    ['bw-mem-rdwr-64mb', 34647.69e6],
    ['ctx-2p-0k', 22.94],
    ['ctx-2p-8k', 22.01],
    // The run was ended in the middle of the rings.
    ['ctx-16p-64k', 'the results file has no such row, and is cut at line 401'],
    ['mmap-256mb', 'the results file has no such row, and is cut at line 401'],
  ])('%s', (metric, value) => {
    expect(valueOf(readings, metric)).toEqual(value);
  });

  it('reads over two hundred rows, each with its line', () => {
    const values = readings.filter((reading) => 'value' in reading);
    expect(values.length).toBeGreaterThan(250);
    const lines = fixture('full_os_subset.stderr').text.split('\n');
    const fork = values.find(({ metric }) => metric === 'fork-process');
    expect(lines[(fork?.at.line ?? 0) - 1]).toMatch(/^Process fork\+exit/);
  });

  it('is separated from another one in the same file', () => {
    const { text: content } = fixture('full_os_subset.stderr');
    expect(recognize([text('both', content + content)])).toHaveLength(2);
  });
});

describe('other versions and fragments', () => {
  it('lmbench 2: shorter headings, file system rows, no fstat', () => {
    const [trial] = recognize([
      text(
        'results/i686-linux/adler.0',
        [
          '[lmbench2.0 results for Linux adler 2.4.8 #1 Wed Aug 15 12:20:46 PDT 2001 i686 unknown]',
          '[LMBENCH_VER: Beta2.3 20010502085147]',
          "Select on 100 tcp fd's: 15.4286 microseconds",
          'Pagefaults on /usr/tmp/XXX: 2 usecs',
          '"File system latency',
          '0k\t1000\t36770\t123993',
          '1k\t-1\t-1',
          '',
          'Memory load latency',
          '"stride=128',
          '0.00391 2.5',
          '',
          '"stride=16',
          '0.00391 9.5',
        ].join('\n'),
      ),
    ]);
    expect(trial?.source).toMatchObject({ program: 'lmbench 2.0', version: 'Beta2.3 20010502085147' });
    const readings = trial?.readings ?? [];
    expect(valueOf(readings, 'page-fault')).toBe(2);
    expect(valueOf(readings, 'file-create-0k')).toBe(36770);
    expect(valueOf(readings, 'file-delete-0k')).toBe(123993);
    expect(valueOf(readings, 'mem-latency-4kb')).toBe(2.5);
  });

  it('a row that a tool could not measure is missing, with its line', () => {
    const [trial] = recognize([
      text('x.0', '[lmbench3.0 results for Linux x]\nSimple read: -1\nSimple write: 0.5 microseconds\n'),
    ]);
    expect(trial?.readings).toContainEqual({
      metric: 'read',
      missing: 'expected a number and a unit of time, found "-1"',
      at: { file: 'x.0', line: 2 },
    });
  });

  it('a remote host is not the local one', () => {
    const results =
      '[lmbench3.0 results for Linux x]\nTCP latency using alpha: 90.5 microseconds\nTCP latency using localhost: 9.5 microseconds\n';
    expect(valueOf(recognize([text('x.0', results)])[0]?.readings ?? [], 'tcp')).toBe(9.5);
  });
});

describe('outputs of single tools', () => {
  it('all fixtures make one trial', () => {
    const names = readdirSync(new URL('fixtures/', import.meta.url)).filter(
      (name) => !['bad_usage.stderr', 'full_os_subset.stderr'].includes(name),
    );
    const trials = recognize(names.map(fixture));
    expect(trials).toHaveLength(1);
    const readings = trials[0]?.readings ?? [];
    expect(valueOf(readings, 'mmap-64mb')).toBe(138);
    expect(valueOf(readings, 'bw-mem-bcopy-64mb')).toBe(3766.85e6);
    expect(valueOf(readings, 'bw-mmap-read-256mb')).toBe(14406.71e6);
    expect(valueOf(readings, 'ctx-16p-64k')).toBe(4.79);
    expect(trials[0]?.source).toMatchObject({ 'ENOUGH (us)': '1000000', LOOP_O: '0.00001300' });
  });

  it('the same metric again is another trial, in any order', () => {
    const fork = (file: string, value: number): RawText => text(file, `Process fork+exit: ${value} microseconds\n`);
    const exec = (file: string, value: number): RawText => text(file, `Process fork+execve: ${value} microseconds\n`);
    const trials = recognize([fork('f1', 1), fork('f2', 2), exec('e1', 10), exec('e2', 20)]);
    expect(trials.map(({ files }) => files)).toEqual([
      ['f1', 'e1'],
      ['f2', 'e2'],
    ]);
    expect(trials.map(({ readings }) => valueOf(readings, 'exec-process'))).toEqual([10, 20]);
  });

  it('lat_mmap is known by its six decimals, without a name', () => {
    expect(valueOf(recognize([text('out.txt', '67.108864 138\n')])[0]?.readings ?? [], 'mmap-64mb')).toBe(138);
  });

  it('a missing ring row is a missing reading when the name shows which', () => {
    const [trial] = recognize([text('lat_ctx_64k_16.stderr', '\n"size=64k ovr=1.65\n')]);
    expect(trial?.readings).toEqual([
      {
        metric: 'ctx-16p-64k',
        missing: 'no result, but ""size=64k ovr=1.65"',
        at: { file: 'lat_ctx_64k_16.stderr', line: 2 },
      },
    ]);
  });

  it.each([
    [
      'a bandwidth without a telling name',
      text('a/out.txt', '67.11 17111.55\n'),
      /^a\/out\.txt:1: expected a file name .*bw_file_rd.*, found "67\.11 17111\.55", which may come from several/,
    ],
    [
      'a usage message',
      fixture('bad_usage.stderr'),
      /^bad_usage\.stderr:1: expected the output of an lmbench tool.*"Usage: /,
    ],
    ['another program', text('iperf.json', '{"start":{}}\n'), /^iperf\.json:1: expected the output of an lmbench tool/],
    [
      'a command, named like its output',
      text('lat_proc_fork.cmd', './lat_proc fork\n'),
      /^lat_proc_fork\.cmd:1: expected/,
    ],
    ['nothing', text('empty', ''), /^empty:1: .* found an empty file$/],
    [
      'results without a result',
      text('x.0', '[lmbench3.0 results for Linux x]\n'),
      /^x\.0:1: expected a row of results .* found none/,
    ],
    ['constants only', fixture('enough.stdout'), /^enough\.stdout:1: expected a result of lmbench, found none/],
  ])('%s is refused', (_, file, message) => {
    expect(() => recognize([file])).toThrow(message);
  });

  it('unlabelled rows among labelled results are left out, and listed', () => {
    const [trial] = recognize([
      text('log', 'Pipe latency: 5.5 microseconds\n0.524288 4109\nSimple stat: 2.5 microseconds\n'),
    ]);
    expect(trial?.readings.map(({ metric }) => metric)).toEqual(['pipe', 'stat']);
    expect(trial?.source).toHaveProperty('not read in log', 'line 2: "0.524288 4109"');
  });

  it('no file is no trial', () => {
    expect(recognize([])).toEqual([]);
  });
});

describe('a results file of lmbench', () => {
  const whole = [
    '[lmbench3.0 results for Linux vm 6.1]',
    '[Fri Nov 20 18:32:38 UTC 2026]',
    'integer mul: 1.19 nanoseconds',
    'double bogomflops: 2.50 nanoseconds',
    'Process fork+exit: 282.86 microseconds',
    'Frobnication latency: 12.5 microseconds',
    '"size=64k ovr=1.64',
    '16 4.79',
    '[Fri Nov 20 18:52:38 UTC 2026]',
    '',
  ].join('\n');
  const read = (text: string) => recognize([{ text, file: 'vm.0', firstLine: 1 }])[0];
  const values = (text: string) =>
    Object.fromEntries(read(text)?.readings.map((one) => [one.metric, 'value' in one ? one.value : null]) ?? []);

  it('has operations in nanoseconds', () => {
    expect(values(whole)).toMatchObject({ 'integer-mul': 1.19, 'double-bogomflops': 2.5, 'ctx-16p-64k': 4.79 });
  });

  it('lists the rows that are not read', () => {
    expect(read(whole)?.findings).toEqual([
      expect.objectContaining({ found: 'line 6: "Frobnication latency: 12.5 microseconds"', verdict: 'differs' }),
    ]);
  });

  it('has a finding without its closing date, and takes no number from a line without its end', () => {
    const cut = whole.slice(0, whole.indexOf('.79') + 2);
    expect(read(cut)?.findings).toContainEqual(
      expect.objectContaining({ expected: 'its closing date', found: 'cut at line 8: "16 4.7"' }),
    );
    expect(values(cut)).toMatchObject({ 'fork-process': 282.86, 'ctx-16p-64k': null });
  });
});

it('an output of a tool that is cut in its last number is refused', () => {
  const raw = { text: '67.108864 24', file: 'lat_mmap_64m.stderr', firstLine: 1 };
  expect(() => recognize([raw])).toThrow(/^lat_mmap_64m\.stderr:1: expected a whole line, found "67\.108864 24"/);
  expect(recognize([{ ...raw, text: '67.108864 248\n' }])[0]?.readings).toMatchObject([{ value: 248 }]);
});
