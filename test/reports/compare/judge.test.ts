import { describe, expect, it } from 'vitest';
import { compareRuns, describeViolation, fits, judgeComparison, type Policy } from '../../../reports/index.js';
import { suite } from '../suite.js';
import { demoRun, syntheticRun } from '../synthetic.js';
import { valueRun } from './value-run.js';

const comparison = compareRuns(
  { given: 'A', runs: [demoRun({ id: 'a', trials: 5 })] },
  {
    given: 'B',
    runs: [
      demoRun({
        id: 'b',
        trials: 5,
        targets: [
          { id: 'linux-up', slowdown: { 'fork-process': 1.2, 'sh-process': 0.8, 'bw-pipe': 0.9 } },
          { id: 'lxc-up', platform: 'lxc', slowdown: { 'ctx-16p-64k': 1.09, 'sh-process': 1.03, 'page-fault': 1.02 } },
        ],
        outcome: (target) => (target === 'lxc-up' ? { status: 'void', reason: 'busy', artifacts: [] } : undefined),
      }),
    ],
  },
  { suites: [suite], workloads: [] },
);
const rule = { metric: '*', target: '*', direction: 'worse', missing: 'fail' } as const;
const at = (percent: number): Policy[number]['limit'] => ({ kind: 'percent', percent });
const judged = (...policy: readonly Partial<Policy[number]>[]): string[] =>
  judgeComparison(
    comparison,
    policy.map((one) => ({ ...rule, limit: at(5), ...one })),
  ).map(({ kind, metric, target, limit }) => `${limit} ${kind} ${metric} ${target}`);

describe('a limit', () => {
  const up = { target: 'linux-up' };

  it('in percent is exceeded by a difference for the worse that is shown, by the direction of the metric', () => {
    expect(judged(up)).toEqual(['0 limit lmbench/fork-process linux-up', '0 limit lmbench/bw-pipe linux-up']);
    expect(judged({ ...up, limit: at(15) })).toEqual(['0 limit lmbench/fork-process linux-up']);
    expect(judged({ ...up, limit: at(25) })).toEqual([]);
  });

  it('of any direction is exceeded by changes for the better, too', () => {
    expect(judged({ ...up, direction: 'any', metric: '*process', limit: at(15) })).toEqual([
      '0 limit lmbench/sh-process linux-up',
      '0 limit lmbench/fork-process linux-up',
    ]);
  });

  it('beyond noise is exceeded by a shown difference, unless it is below the noise floor', () => {
    const limit = { kind: 'noise' } as const;
    expect(judged({ ...up, limit })).toEqual(judged({ ...up, limit: at(1) }));
    const rows = comparison.rows.map((row) => ({ ...row, noiseFloor: 15 }));
    const found = judgeComparison({ ...comparison, rows }, [{ ...rule, ...up, limit }]);
    expect(found.map(({ metric }) => metric)).toEqual(['lmbench/fork-process']);
  });

  it('of several that fit the first applies', () => {
    expect(judged({ ...up, metric: 'lmbench/fork-*', limit: at(30) }, up)).toEqual([
      '1 limit lmbench/bw-pipe linux-up',
    ]);
  });

  it('on what is void is a violation for each metric, unless it ignores that', () => {
    const box = { target: 'lxc-*' };
    const found = judged(box);
    expect(found.length).toBe(11);
    expect(found[0]).toBe('0 missing lmbench/bw-pipe lxc-up');
    expect(judged({ ...box, missing: 'ignore' })).toEqual([]);
  });

  it('on what neither side has is a violation, unless it ignores that, or an earlier one has taken its rows', () => {
    expect(judged({ metric: 'osdb/*' })).toEqual(['0 nothing osdb/* *']);
    expect(judged({ metric: 'osdb/*', missing: 'ignore' })).toEqual([]);
    expect(judged({ ...up, limit: at(50) }, { ...up, metric: 'lmbench/pipe' })).toEqual([]);
  });
});

it('what has too few trials or is not comparable is a violation', () => {
  const [a, b] = [valueRun('a', { 'fork-process': [1, 2, 3] }), valueRun('b', { 'fork-process': [1, 2] })];
  const quick = syntheticRun({ id: 'q', targets: [{ id: 'linux-up' }], trials: 3, profile: 'quick' });
  const kinds = (runs: readonly [typeof a, typeof b]): unknown => {
    const [one, other] = runs.map((run) => ({ given: run.id, runs: [run] }));
    if (one === undefined || other === undefined) throw new Error('two sides');
    const found = compareRuns(one, other, { suites: [suite], workloads: [] });
    const policy = [{ ...rule, metric: 'lmbench/fork-process', limit: at(5) }];
    return judgeComparison(found, policy).map((violation) => describeViolation(violation));
  };
  expect(kinds([a, b])).toEqual([
    'lmbench/fork-process of linux-up: not judged: no interval: B has fewer than 3 trials',
  ]);
  expect(kinds([a, quick])).toEqual([
    'lmbench/fork-process of linux-up: not comparable: A was measured at the paper profile, B at the quick profile',
  ]);
});

it('a violation is one line with its evidence', () => {
  const [first] = judgeComparison(comparison, [
    { ...rule, metric: 'lmbench/fork-process', target: 'linux-up', limit: at(5) },
  ]);
  expect(first && describeViolation(first)).toMatch(
    /^lmbench\/fork-process of linux-up: slower by \+\d+\.\d %: \d+\.\d to \d+\.\d µs, ratio 1\.\d{3} \[1\.\d{3} – 1\.\d{3}\], p < 0\.001 of 11 \(Holm\), n 5, 5; limit 5 %$/,
  );
});

it.each([
  ['lmbench/*', 'lmbench/fork-process', true],
  ['*', '', true],
  ['lxc-?p', 'lxc-up', true],
  ['lxc-?p', 'lxc-smp', false],
  ['a.c', 'abc', false],
  ['a(b', 'a(b', true],
  ['LXC', 'lxc', false],
])('the pattern %s on %s: %s', (pattern, name, expected) => {
  expect(fits(pattern, name)).toBe(expected);
});
