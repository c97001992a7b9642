import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { INTERRUPTED, exitCodeOf, watchVerdict } from '../../harness/cli/exit-code.js';
import { watchInterrupts } from '../../harness/cli/interrupt.js';
import { BenchError } from '../../harness/errors.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { printerOn } from './captured-printer.js';
import { closed, lost } from './run-events.js';

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

  it('of an unexpected error', () => expect(exitCodeOf(new TypeError('x'))).toBe(1));
});

it('the first signal requests a clean end, one that comes a second later or more exits at once', () => {
  let now = 5000;
  const exits: number[] = [];
  const source = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const { printer, stderr } = printerOn(false);
  const { signal, stop } = watchInterrupts(source, printer, () => now);
  expect(signal.aborted).toBe(false);
  source.emit('SIGINT');
  expect(signal.aborted).toBe(true);
  expect(exits).toEqual([]);
  expect(stderr.text()).toMatch(/^bench: interrupted: .*\n$/);
  // As timeout(1) does: to the process, and to its group.
  source.emit('SIGINT');
  now = 5999;
  source.emit('SIGTERM');
  expect(exits).toEqual([]);
  expect(stderr.text().match(/interrupted/g)).toHaveLength(1);
  now = 6000;
  source.emit('SIGTERM');
  expect(exits).toEqual([130]);
  stop();
  expect(source.eventNames()).toEqual([]);
});
