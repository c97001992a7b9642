import { describe, expect, it } from 'vitest';
import { watchProgress, writeDuration } from '../../harness/cli/progress.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import type { Outcome, TrialRecord } from '../../harness/types.js';
import { printerOn } from './captured-printer.js';
import { closed, lost } from './run-events.js';

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
const counts = { position: 1, trials: 2, remainingSeconds: 75 };
const started: RunEvent = {
  kind: 'trial-started',
  trial: 't0001',
  attempt: 1,
  target: 'lxc-up',
  benchmark: 'lmbench',
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

describe('progress', () => {
  it('is one line for each event in a pipe', () => {
    const { printer, stderr } = printerOn(false);
    const { show } = watchProgress(printer, () => 0);
    show({ kind: 'opened', run: 'r', directory: 'runs/r', trials: 2, done: 0 });
    show(started);
    show(ended({ status: 'collected', artifacts: [] }));
    show(ended({ status: 'void', reason: 'steal 12 %', artifacts: [] }, 2));
    show(lost);
    show(closed({ collected: 1, voided: 1 }));
    expect(stderr.text().trimEnd().split('\n')).toEqual([
      'run r: 2 trials, 0 done, in runs/r',
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
    const { show, tick } = watchProgress(printer, () => now);
    show(started);
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
