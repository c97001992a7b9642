import { describe, expect, it } from 'vitest';
import { describeCauses } from '../../harness/cli/ending.js';
import { nextCommand, resumeCommand, type Ended, type FollowedRun } from '../../harness/cli/run-end.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import type { GateReading, Outcome, TrialRecord } from '../../harness/types.js';
import { dummyRecord } from '../run/dummy-record.js';
import { dummySuite } from '../run/dummy-suite.js';

const target = { id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} } as const;
const plan = makePlan({ seed: 3, profile: 'quick', trials: 4, suites: [dummySuite()], targets: [target] });
const stored = { run: 'r', created: '2026-01-02T03:04:05.000Z', hash: '', plan };

const record = (trial: string, outcome: Outcome, gates: readonly GateReading[] = [], attempt = 1): TrialRecord =>
  dummyRecord({ trial, attempt, outcome, ...(gates.length === 0 ? {} : { gates: [...gates] }) });
const collected: Outcome = { status: 'collected', artifacts: [] };
const failed = (message: string, hint?: string): Outcome => ({
  status: 'failed',
  problem: { stage: 'install', message, ...(hint === undefined ? {} : { hint }) },
  artifacts: [],
});
const busy = (value: number): [Outcome, GateReading[]] => {
  const detail = `CPU 1: ${value} % used by others: qemu (812) ${value} %`;
  const reading: GateReading = { gate: 'foreign-load', value, limit: 5, verdict: 'void', detail };
  return [{ status: 'void', reason: `foreign-load: ${detail} (limit 5 %)`, artifacts: [] }, [reading]];
};

describe('what became of trials without values', () => {
  it.each<readonly [what: string, records: readonly TrialRecord[], lines: readonly (string | RegExp)[]]>([
    ['nothing, when all were collected', [record('t0001', collected)], []],
    [
      'trials that a gate voided, by gate, with the furthest beyond its limit, and the remedy',
      [record('t0001', ...busy(12)), record('t0002', ...busy(39)), record('t0003', collected)],
      [
        '2 trials void: foreign-load: CPU 1: 39 % used by others: qemu (812) 39 %',
        /^ {2}what to do: wait until the programs that are named have ended/,
      ],
    ],
    [
      'a run in which all was void',
      [record('t0001', ...busy(12)), record('t0001', ...busy(39), 2)],
      ['nothing was measured:', /^1 trial void: foreign-load: CPU 1: 39 %/, /^ {2}what to do: /],
    ],
    ['not attempts that were repeated', [record('t0001', ...busy(12)), record('t0001', collected, [], 2)], []],
    [
      'failures, by message without its numbers, with the hint',
      [
        record('t0001', collected),
        record('t0002', failed('no gcc after 3 s', 'install gcc')),
        record('t0003', failed('no gcc after 4 s', 'install gcc')),
      ],
      ['2 trials failed: stage install: no gcc after 3 s', '  what to do: install gcc'],
    ],
  ])('has %s', (_what, records, lines) => {
    const found = describeCauses({ id: 'r', records, stored }, []);
    expect(found).toEqual(
      lines.map((line) => (typeof line === 'string' ? line : (expect.stringMatching(line) as string))),
    );
  });

  it('has the problems that kept trials from beginning, each once', () => {
    const problem = { stage: 'connect', host: 'alpha', message: 'refused' } as const;
    expect(describeCauses({ id: 'r', records: [record('t0001', collected)], stored }, [problem, problem])).toEqual([
      '3 trials not measured:',
      '  host alpha, stage connect: refused',
    ]);
  });
});

describe('the command that follows a run', () => {
  const options: FollowedRun = { hosts: 'hosts.json', runsDir: 'runs', reboot: false, json: false, verbose: false };
  const ended: Ended = { run: 'r', interrupted: false, collected: 1, skipped: 0, problems: [] };
  const argv = ['run', '--suite', 'cpu', '--runs-dir', 'my runs'];

  it.each<readonly [what: string, ended: Partial<Ended>, line: string]>([
    ['interrupted', { interrupted: true, skipped: 1 }, 'to resume: bench run --resume r'],
    ['with skipped trials', { skipped: 1 }, 'next, once that is mended: bench run --resume r'],
    ['without any value', { collected: 0 }, "next, once that is mended: bench run --suite cpu --runs-dir 'my runs'"],
    ['that was measured', {}, 'next: bench report r'],
  ])('of one %s', (_what, how, line) => expect(nextCommand({ ...ended, ...how }, options, argv)).toBe(line));

  it('of a resumed run without any value is no command that would repeat nothing', () => {
    expect(nextCommand({ ...ended, collected: 0 }, options, ['run', '--resume', 'r'])).toBe(
      'next, once that is mended: a new `bench run` with the options of the first one',
    );
  });

  it('keeps the options, quoted for a shell', () => {
    expect(
      resumeCommand('r', {
        hosts: "it's.json",
        runsDir: 'my runs',
        reboot: true,
        quietWait: 0,
        json: true,
        verbose: true,
        progress: 'log',
        report: 'r.html',
      }),
    ).toBe(
      "bench run --resume r --hosts 'it'\\''s.json' --runs-dir 'my runs' --quiet-wait 0 --report r.html --progress log --reboot --json --verbose",
    );
  });
});
