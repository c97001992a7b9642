import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeDuration, writeSpan } from '../../../harness/cli/duration.js';
import { asJsonLines, watchProgress } from '../../../harness/cli/progress/index.js';
import { progressLine } from '../../../harness/cli/progress/line.js';
import { advance, progressAt, type ProgressEvent, type ProgressState } from '../../../harness/cli/progress/state.js';
import { BenchError } from '../../../harness/errors.js';
import { TRIAL_STAGES, type RunEvent } from '../../../harness/run/session/events.js';
import type { Outcome, TrialRecord } from '../../../harness/types.js';
import { printerOn } from '../captured-printer.js';
import { closed, lost } from '../run-events.js';

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
const rest = { low: 60, likely: 120, high: 300 };
const counts = { position: 1, trials: 2, done: 0, rest };
const started: RunEvent = {
  kind: 'trial-started',
  trial: 't0001',
  attempt: 1,
  target: 'lxc-up',
  benchmark: 'lmbench',
  expected: { low: 30, likely: 40, high: 90 },
  ...counts,
};
const ended = (outcome: Outcome, attempt = 1): RunEvent => ({
  kind: 'trial-ended',
  record: record(outcome, attempt),
  readings: [
    { metric: 'fork-process', value: 1, at: { file: 'raw/x', line: 1 }, tool: 'x' },
    { metric: 'pipe', missing: 'no such row' },
  ],
  seconds: 30.4,
  ...counts,
});

const opened: RunEvent = { kind: 'opened', run: 'r', directory: 'runs/r', trials: 2, done: 0, rest };
const busy: RunEvent = { kind: 'stage', trial: 't0001', stage: 'waiting for quiet', detail: 'CPU 1 is 39 % busy' };
const building: RunEvent = { kind: 'step', what: 'host here: building the agent' };

/** The state after events, one a second from 0. */
const after = (...events: readonly ProgressEvent[]): ProgressState =>
  events.reduce((state, event, at) => advance(state, event, at * 1000), progressAt(0));

describe('the log of a run', () => {
  it('is one line for each event in a pipe', () => {
    const { printer, stderr } = printerOn(false);
    const { show, stop } = watchProgress(printer, () => 0);
    for (const event of [opened, started, busy, ended({ status: 'collected', artifacts: [] })]) show(event);
    show(ended({ status: 'void', reason: 'steal 12 %', artifacts: [] }, 2));
    show(lost);
    show(closed({ collected: 1, voided: 1 }));
    stop();
    expect(stderr.text().trimEnd().split('\n')).toEqual([
      'run r: 2 trials, 0 done, in runs/r',
      '[1/2] lxc-up lmbench: started, 1 to 7 min left',
      '[1/2] lxc-up lmbench (30 s; 1 to 5 min left): collected, 1 value, 1 missing (pipe)',
      '[1/2] lxc-up lmbench attempt 2 (30 s; 1 to 5 min left): void: steal 12 %, 1 value, 1 missing (pipe)',
      'bench: host alpha, stage connect: no answer',
      '1 collected, 0 failed, 1 void, 0 skipped',
    ]);
  });

  it('counts what was not measured of a run that was interrupted', () => {
    const { printer, stderr } = printerOn(false);
    watchProgress(printer, () => 0).show(closed({ collected: 1, interrupted: true }));
    expect(stderr.text()).toBe('1 collected, 0 failed, 0 void, 0 skipped, 1 not measured yet\n');
  });

  it('has a line for work outside of trials once it has taken two seconds', () => {
    let now = 0;
    const { printer, stderr } = printerOn(false);
    const { show, tick, stop } = watchProgress(printer, () => now);
    onTestFinished(stop);
    show(building);
    now = 1900;
    tick();
    expect(stderr.text()).toBe('');
    now = 2000;
    tick();
    now = 3000;
    tick();
    expect(stderr.text()).toBe('host here: building the agent\n');
  });
});

describe('the live line', () => {
  const waiting = after(opened, building, started, busy);

  it.each<readonly [columns: number, line: string]>([
    [
      120,
      '[>                       ] 0/2 lxc-up lmbench: waiting for quiet: CPU 1 is 39 % busy (2 s), 5 s, 1 to 7 min left',
    ],
    [110, '[>                       ] 0/2 lxc-up lmbench: waiting for quiet, 5 s, 1 to 7 min left'],
    [79, '[>         ] 0/2 lxc-up lmbench: waiting for quiet, 5 s, 1 to 7 min left'],
    [70, '[>         ] 0/2 lxc-up lmbench: waiting for quiet, 1 to 7 min left'],
    [60, '0/2 lxc-up lmbench: waiting for quiet, 1 to 7 min left'],
    [52, '0/2 lxc-up lmbench: waiting for quiet, 1-7 min left'],
    [39, '0/2 lxc-up lmbench, 1-7 min left'],
    [19, '0/2, 1-7 min left'],
    [10, '0/2'],
    [2, '0%'],
    [1, ''],
  ])('of %d columns', (columns, line) => expect(progressLine(waiting, 5000, columns)).toBe(line));

  it.each<readonly [what: string, state: ProgressState, now: number, line: string]>([
    ['nothing is shown before the first event', progressAt(0), 0, ''],
    ['a step, and for how long', after(building), 7000, 'host here: building the agent (7 s)'],
    [
      'a step of a run',
      after(opened, building),
      7000,
      '[>         ] 0/2: host here: building the agent (6 s), 7 s, 1 to 5 min left',
    ],
    [
      'the attempt',
      after(opened, { ...started, attempt: 2 }),
      1000,
      '[>         ] 0/2 lxc-up lmbench, attempt 2, 1 s, 1 to 7 min left',
    ],
    [
      'what is left shrinks',
      after(opened, started),
      61_000,
      '[>         ] 0/2 lxc-up lmbench, 1 min 1 s, 1 to 6 min left',
    ],
    [
      'the last trial takes too long',
      after({ ...started, rest: { low: 0, likely: 0, high: 0 } }),
      91_000,
      '[>         ] 0/2 lxc-up lmbench, 1 min 31 s, longer than expected',
    ],
    [
      'no time is left to count after an interrupt',
      after(opened, started, { kind: 'interrupted' }),
      5000,
      '[>         ] 0/2: stopping: removing guests, releasing locks (3 s), 5 s',
    ],
    ['the end', after(opened, started, closed({})), 9000, ''],
  ])('%s', (_what, state, now, line) => expect(progressLine(state, now, 100)).toBe(line));

  it('fits every width, in one column a character, and keeps the count', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 });
    const seconds = fc.double({ min: 0, max: 1e6, noNaN: true });
    const span = fc.record({ low: seconds, likely: seconds, high: seconds });
    const count = fc.nat(1e6).chain((trials) => fc.record({ done: fc.nat(trials), trials: fc.constant(trials) }));
    const event = fc.oneof(
      fc.record({ kind: fc.constant('step' as const), what: text }),
      fc
        .tuple(
          count,
          fc.record({
            target: text,
            benchmark: text,
            attempt: fc.integer({ min: 1, max: 3 }),
            expected: span,
            rest: span,
          }),
        )
        .map(([counted, rest]) => ({
          kind: 'trial-started' as const,
          trial: 't0001',
          position: 1,
          ...counted,
          ...rest,
        })),
      fc.record({
        kind: fc.constant('stage' as const),
        trial: fc.constant('t0001'),
        stage: fc.constantFrom(...TRIAL_STAGES),
        detail: text,
      }),
      fc.constant({ kind: 'interrupted' as const }),
    );
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        count,
        fc.integer({ min: 1, max: 200 }),
        fc.nat(1e9),
        (events, counted, columns, now) => {
          const first: RunEvent = {
            kind: 'opened',
            run: 'r',
            directory: 'd',
            ...counted,
            rest: { low: 1, likely: 2, high: 3 },
          };
          const state = after(first, ...events);
          const line = progressLine(state, now, columns);
          expect(line).toMatch(/^[ -~°]*$/);
          expect(line.length).toBeLessThanOrEqual(columns);
          const number = `${state.count?.done}/${state.count?.trials}`;
          if (number.length <= columns) expect(line).toContain(number);
        },
      ),
    );
  });

  it('is drawn on a terminal, and not after the end', () => {
    let now = 0;
    const { printer, stderr } = printerOn(true);
    const { show, tick, stop } = watchProgress(printer, () => now);
    show(started);
    now = 70_000;
    tick();
    stop();
    expect(stderr.text().split('\r\u001b[2K').slice(1)).toEqual([
      '0/2 lxc-up lmbench, 1 to 7 min left',
      '0/2 lxc-up lmbench, 1 to 6 min left',
      '',
    ]);
  });

  it('ticks by itself', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { printer, stderr } = printerOn(true);
    const { show, stop } = watchProgress(printer, () => Date.now());
    show(building);
    vi.advanceTimersByTime(3000);
    expect(stderr.text()).toContain('building the agent (3 s)');
    stop();
    const drawn = stderr.text();
    vi.advanceTimersByTime(3000);
    expect(stderr.text()).toBe(drawn);
  });
});

describe('progress as JSON', () => {
  const hostile = 'a\nb\u001b[2J\u0085\u202e"\ud800{}';

  it('is one object a line, whatever names are', () => {
    const { printer, stderr } = printerOn(true);
    const { show } = watchProgress(printer, () => 0, 'json');
    const events: readonly ProgressEvent[] = [
      { ...opened, directory: hostile },
      { kind: 'step', what: hostile },
      { kind: 'preparing', what: hostile },
      { ...started, target: hostile },
      { ...busy, detail: hostile },
      ended({ status: 'void', reason: hostile, artifacts: [] }),
      { kind: 'problem', problem: { stage: 'connect', host: hostile, message: hostile } },
      { kind: 'interrupted' },
      closed({ collected: 1 }),
    ];
    for (const event of events) show(event);
    const text = stderr.text();
    expect(text).toMatch(/^[ -~\n]*$/);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ event }) => event)).toEqual([
      ...['opened', 'step', 'note', 'trial-started', 'stage', 'trial-ended', 'problem', 'interrupted', 'closed'],
    ]);
    expect(lines.every(({ at }) => at === '1970-01-01T00:00:00.000Z')).toBe(true);
    expect(lines[2]?.['message']).toBe(hostile);
    expect(lines[5]).toEqual({
      ...{ event: 'trial-ended', at: '1970-01-01T00:00:00.000Z', trial: 't0001', attempt: 1, target: 'lxc-up' },
      ...{ benchmark: 'lmbench', position: 1, done: 0, trials: 2, seconds: 30.4, status: 'void', reason: hostile },
      ...{ values: 1, missing: 1, rest },
    });
  });

  it('has the other lines of stderr as notes and problems', () => {
    const { printer, stderr } = printerOn(false);
    const lines = asJsonLines(printer, () => 0);
    lines.line('left out: lxc-up');
    lines.live('nothing');
    lines.problem(new BenchError({ stage: 'lock', message: 'held' }));
    expect(
      stderr
        .text()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toEqual([
      { event: 'note', at: '1970-01-01T00:00:00.000Z', message: 'left out: lxc-up' },
      {
        ...{ event: 'problem', at: '1970-01-01T00:00:00.000Z', message: 'stage lock: held' },
        problem: { stage: 'lock', message: 'held' },
      },
    ]);
  });
});

describe('durations', () => {
  it.each([
    [-3, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h 0 min'],
    [86_399, '24 h 0 min'],
  ])('writes %d seconds as %s', (seconds, text) => expect(writeDuration(seconds)).toBe(text));

  it.each([
    [0, 0, '0 s'],
    [-5, 3.2, '0 to 4 s'],
    [40, 99, '40 to 99 s'],
    [40, 100, '0 to 2 min'],
    [240, 540, '4 to 9 min'],
    [538, 540, '8 to 9 min'],
    [540, 540, '9 min'],
    [3000, 20_000, '0 to 6 h'],
  ])('writes %d to %d seconds as %s', (low, high, text) => expect(writeSpan({ low, high })).toBe(text));
});
