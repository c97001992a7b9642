import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { INTERRUPTED, exitCodeOf, watchVerdict } from '../../harness/cli/exit-code.js';
import { watchInterrupts } from '../../harness/cli/interrupt.js';
import { makePrinter, type Outlet } from '../../harness/cli/printer.js';
import { watchProgress, writeDuration } from '../../harness/cli/progress.js';
import { BenchError } from '../../harness/errors.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import type { Outcome, TrialRecord } from '../../harness/types.js';

/** A stream that keeps what is written. */
function outlet(properties: { isTTY?: boolean; columns?: number } = {}): Outlet & { readonly text: () => string } {
  let text = '';
  const stream = new EventEmitter();
  return Object.assign(stream, properties, {
    text: () => text,
    write: (chunk: string | Uint8Array) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      return true;
    },
  }) as unknown as Outlet & { text: () => string };
}

function printerOn(terminal: boolean, options: { verbose?: boolean; color?: boolean } = {}) {
  const properties = terminal ? { isTTY: true, columns: 40 } : {};
  const [stdout, stderr] = [outlet(properties), outlet(properties)];
  const printer = makePrinter({ stdout, stderr, verbose: options.verbose ?? false, color: options.color ?? false });
  return { printer, stdout, stderr };
}

describe('the printer', () => {
  it('keeps what was asked for and everything else apart', () => {
    const { printer, stdout, stderr } = printerOn(false);
    printer.out('result\n');
    printer.line('remark');
    printer.problem(new BenchError({ stage: 'connect', host: 'alpha', message: 'no answer' }));
    expect(stdout.text()).toBe('result\n');
    expect(stderr.text()).toBe('remark\nbench: host alpha, stage connect: no answer\n');
  });

  it('says mistakes of usage without a stage, one line each', () => {
    const { printer, stderr } = printerOn(false);
    printer.problem(new BenchError({ stage: 'config', message: 'first\nsecond', hint: 'do this' }));
    printer.problem(new BenchError({ stage: 'config', target: 'lxc-up', message: 'third' }));
    expect(stderr.text()).toBe('bench: first\nbench: second; do this\nbench: target lxc-up: third\n');
  });

  it.each([
    [false, /^bench: broken\n$/],
    [true, /^bench: broken\n {4}at [\s\S]+ {2}caused by deeper\n {4}at /],
  ])('shows where an error came from only when verbose: %s', (verbose, expected) => {
    const { printer, stderr } = printerOn(false, { verbose });
    printer.problem(new Error('broken', { cause: new Error('deeper') }));
    expect(stderr.text()).toMatch(expected);
  });

  it('makes control characters of hosts visible in every line', () => {
    const { printer, stderr } = printerOn(true);
    printer.line('a\u001b[2Jb\u0007\u202ec');
    expect(stderr.text()).toBe('a\\u001b[2Jb\\u0007\\u202ec\n');
  });

  it('passes raw bytes through a pipe and not to a terminal', () => {
    const bytes = Uint8Array.from([0x1b, 0x5b, 0x48, 0xff, 0x0a]);
    const piped = printerOn(false);
    piped.printer.raw(bytes);
    expect(Buffer.from(piped.stdout.text(), 'latin1')).toEqual(Buffer.from(bytes));
    const shown = printerOn(true);
    shown.printer.raw(bytes);
    expect(shown.stdout.text()).toBe('\\u001b[H\uFFFD\n');
  });

  it('paints on a terminal only, and only when colour is wanted', () => {
    const texts = [
      [true, true],
      [true, false],
      [false, true],
    ].map(([terminal, color]) => {
      const { printer, stderr } = printerOn(terminal === true, { color: color === true });
      printer.line('well', 'good');
      return stderr.text();
    });
    expect(texts).toEqual(['\u001b[32mwell\u001b[0m\n', 'well\n', 'well\n']);
  });

  it('keeps the live line at the bottom, cut to the width, and off a pipe', () => {
    const { printer, stderr } = printerOn(true);
    printer.live('x'.repeat(100));
    printer.line('above');
    printer.live('');
    const cut = 'x'.repeat(39);
    expect(stderr.text()).toBe(`\r\u001b[2K${cut}\r\u001b[2Kabove\n${cut}\r\u001b[2K`);
    const piped = printerOn(false);
    piped.printer.live('nothing');
    expect(piped.stderr.text()).toBe('');
  });

  it('stops writing when the reader is gone', () => {
    const { printer, stdout } = printerOn(false);
    printer.out('one\n');
    (stdout as unknown as EventEmitter).emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    printer.out('two\n');
    expect(stdout.text()).toBe('one\n');
  });
});

const record = (outcome: Outcome, attempt = 1): TrialRecord => ({
  schema: 'bench-record/2',
  trial: 't0001',
  attempt,
  block: 1,
  target: 'lxc-up',
  benchmark: 'lmbench',
  profile: 'quick',
  origin: 'measured',
  started: '2026-01-01T00:00:00.000Z',
  ended: '2026-01-01T00:00:30.000Z',
  expects: [],
  findings: [],
  outcome,
});
const place = { position: 1, trials: 2, remainingSeconds: 75 };
const started: RunEvent = {
  kind: 'trial-started',
  trial: 't0001',
  attempt: 1,
  target: 'lxc-up',
  suite: 'lmbench',
  ...place,
};
const ended = (outcome: Outcome, attempt = 1): RunEvent => ({
  kind: 'trial-ended',
  record: record(outcome, attempt),
  readings: [
    { metric: 'fork-process', value: 1, at: { file: 'raw/x', line: 1 }, tool: 'x' },
    { metric: 'pipe', missing: 'no such row' },
  ],
  seconds: 30.4,
  ...place,
});
const closed = (counts: Partial<Extract<RunEvent, { kind: 'closed' }>>): RunEvent => ({
  kind: 'closed',
  run: 'r',
  collected: 0,
  failed: 0,
  voided: 0,
  skipped: 0,
  unneeded: 0,
  interrupted: false,
  ...counts,
});
const lost: RunEvent = { kind: 'problem', problem: { stage: 'connect', host: 'alpha', message: 'no answer' } };

describe('progress', () => {
  it('is a line an event in a pipe', () => {
    const { printer, stderr } = printerOn(false);
    const { tell } = watchProgress(printer, () => 0);
    tell({ kind: 'opened', run: 'r', directory: 'runs/r', trials: 2, done: 0 });
    tell(started);
    tell(ended({ status: 'collected', artifacts: [] }));
    tell(ended({ status: 'void', reason: 'steal 12 %', artifacts: [] }, 2));
    tell(lost);
    tell(closed({ collected: 1, voided: 1 }));
    expect(stderr.text().trimEnd().split('\n')).toEqual([
      'run r: 2 trials, 0 done before, in runs/r',
      '[1/2] lxc-up lmbench: started, 1 min 15 s remaining',
      '[1/2] lxc-up lmbench (30 s; 1 min 15 s remaining): collected, 1 value, 1 missing (pipe)',
      '[1/2] lxc-up lmbench attempt 2 (30 s; 1 min 15 s remaining): void: steal 12 %, 1 value, 1 missing (pipe)',
      'bench: host alpha, stage connect: no answer',
      '1 collected, 0 failed, 1 void, 0 skipped',
    ]);
  });

  it('counts down on a terminal', () => {
    let now = 0;
    const { printer, stderr } = printerOn(true);
    const { tell, tick } = watchProgress(printer, () => now);
    tell(started);
    now = 70_000;
    tick();
    now = 100_000;
    tick();
    expect(stderr.text().split('\r\u001b[2K').slice(1)).toEqual([
      '[1/2] lxc-up lmbench, 1 min 15 s remain',
      '[1/2] lxc-up lmbench, 5 s remaining',
      '[1/2] lxc-up lmbench, 0 s remaining',
    ]);
  });

  it.each([
    [-3, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 0 min'],
    [86_399, '24 h 0 min'],
  ])('writes %d seconds as %s', (seconds, text) => expect(writeDuration(seconds)).toBe(text));
});

describe('exit codes', () => {
  it.each<{ what: string; code: number; events: readonly RunEvent[] }>([
    { what: 'all collected', code: 0, events: [closed({ collected: 2 })] },
    { what: 'a trial failed', code: 1, events: [closed({ collected: 1, failed: 1 })] },
    { what: 'a trial stayed void', code: 1, events: [closed({ voided: 1 })] },
    { what: 'a host was lost', code: 3, events: [lost, closed({ collected: 1, skipped: 1 })] },
    {
      what: 'a host could not be cleaned up',
      code: 1,
      events: [
        { kind: 'problem', problem: { stage: 'stop', host: 'alpha', message: 'busy' } },
        closed({ collected: 2 }),
      ],
    },
    { what: 'interrupted', code: INTERRUPTED, events: [lost, closed({ interrupted: true })] },
  ])('of a run: $what', ({ code, events }) => {
    const verdict = watchVerdict();
    for (const event of events) verdict.see(event);
    expect(verdict.exitCode()).toBe(code);
  });

  it.each([
    ['config', 2],
    ['connect', 3],
    ['lock', 3],
    ['prepare', 3],
    ['measure', 1],
    ['store', 1],
  ] as const)('of an error of stage %s', (stage, code) => {
    expect(exitCodeOf(new BenchError({ stage, message: 'x' }))).toBe(code);
  });

  it('of an error that nobody thought of', () => expect(exitCodeOf(new TypeError('x'))).toBe(1));
});

it('the first signal asks for a clean end, the second ends at once', () => {
  const exits: number[] = [];
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const { printer, stderr } = printerOn(false);
  const { signal, stop } = watchInterrupts(source, printer);
  expect(signal.aborted).toBe(false);
  source.emit('SIGINT');
  expect(signal.aborted).toBe(true);
  expect(exits).toEqual([]);
  expect(stderr.text()).toMatch(/^bench: ending: .*\n$/);
  source.emit('SIGTERM');
  expect(exits).toEqual([130]);
  stop();
  expect(source.eventNames()).toEqual([]);
});
