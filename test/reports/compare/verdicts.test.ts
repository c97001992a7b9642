import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSeries, whyNotComparable } from '../../../reports/compare/compare-series.js';
import { judgeRows } from '../../../reports/compare/verdicts.js';
import type { Series } from '../../../reports/analysis/summarize.js';
import type { ComparedRow } from '../../../reports/model/comparison.js';
import { normals } from '../../calibrate/sampling.js';
import { rowOf, seriesOf } from './series.js';

const FAST = [100, 101, 99, 100.5];
const SLOW = [120, 121, 119, 120.5];
const only = ([row]: readonly ComparedRow[]): ComparedRow => {
  if (row === undefined) throw new Error('there is no row');
  return row;
};

describe('the verdict of a row', () => {
  it.each([
    ['us', 'lower', FAST, SLOW, 'slower', 'worse'],
    ['us', 'lower', SLOW, FAST, 'faster', 'better'],
    ['B/s', 'higher', FAST, SLOW, 'faster', 'better'],
    ['1/s', 'higher', SLOW, FAST, 'slower', 'worse'],
    ['percent', 'lower', FAST, SLOW, 'higher', 'worse'],
    ['percent', 'higher', SLOW, FAST, 'lower', 'worse'],
    ['B', 'lower', SLOW, FAST, 'lower', 'better'],
    // A rate of losses is better when it is lower, and then it is not faster.
    ['1/s', 'lower', FAST, SLOW, 'higher', 'worse'],
    ['us', 'lower', FAST, FAST, 'no difference shown', null],
  ] as const)('%s, better %s, of %j and %j is %s', (unit, better, a, b, verdict, change) => {
    const row = only(judgeRows([rowOf(seriesOf('x', a), seriesOf('x', b), { unit, better })]));
    expect(row).toMatchObject({ verdict, change });
  });

  it('is equivalent where the interval lies within the noise floor, whichever side is A', () => {
    const [a, b] = [
      seriesOf('x', FAST),
      seriesOf(
        'x',
        FAST.map((value) => value * 1.01),
      ),
    ];
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      expect(only(judgeRows([rowOf(one, other, { noiseFloor: 5 })])).verdict).toBe('equivalent');
      expect(only(judgeRows([rowOf(one, other, { noiseFloor: 1 })])).verdict).toBe('no difference shown');
    }
  });

  it('is not judged from two trials, and has a ratio all the same', () => {
    const row = only(judgeRows([rowOf(seriesOf('x', FAST), seriesOf('x', [120, 121]))]));
    expect(row).toMatchObject({ verdict: 'not judged', low: null, p: null, holmP: null, change: null });
    expect(row.noInterval).toEqual({ side: 'B', reason: 'too few' });
    expect(row.ratio).toBeCloseTo(120.5 / 100.125, 12);
  });

  it('needs more where there are more rows: one of p 0.04 is shown alone, and not among two', () => {
    const shown = rowOf(seriesOf('x', FAST), seriesOf('x', SLOW), { p: 0.04 });
    const other = rowOf(seriesOf('y', FAST), seriesOf('y', FAST), { p: 0.9 });
    expect(only(judgeRows([shown])).verdict).toBe('slower');
    expect(judgeRows([shown, other]).map(({ holmP }) => holmP)).toEqual([0.08, 0.9]);
    expect(judgeRows([shown, other]).map(({ verdict }) => verdict)).not.toContain('slower');
  });

  it('orders differences first, then by the size of the effect', () => {
    const rows = judgeRows([
      rowOf(
        seriesOf('small', FAST),
        seriesOf(
          'small',
          FAST.map((value) => value * 1.04),
        ),
      ),
      rowOf(seriesOf('few', FAST), seriesOf('few', [900, 901])),
      rowOf(seriesOf('wide', FAST), seriesOf('wide', [50, 150, 400, 20])),
      rowOf(
        seriesOf('half', FAST),
        seriesOf(
          'half',
          FAST.map((value) => value / 2),
        ),
      ),
    ]);
    expect(rows.map(({ metric }) => metric)).toEqual(['half', 'small', 'wide', 'few'].map((name) => `lmbench/${name}`));
  });
});

describe('two series', () => {
  const a = seriesOf('x', FAST);
  const clock = { kind: 'cgroup', words: 'the count of the control group' } as const;
  it.each<readonly [string, Partial<Series>]>([
    ['profile', { system: { ...a.system, profile: 'quick' } }],
    ['emulation', { system: { ...a.system, emulated: true } }],
    ['suite version', { suiteVersion: 2 }],
    ['tool', { tool: { ...a.tool, origin: 'project' } }],
    ['clock', { clock }],
    ['not positive', { values: Float64Array.of(1, 0, 1) }],
  ])('of another %s are not comparable, in either order', (reason, changes) => {
    const b = seriesOf('x', FAST, changes);
    expect(whyNotComparable(a, b)?.reason).toBe(reason);
    expect(whyNotComparable(b, a)?.reason).toBe(reason);
    expect(whyNotComparable(b, b)?.reason ?? 'comparable').toBe(reason === 'not positive' ? reason : 'comparable');
  });

  it('have a p value below 0.05 exactly where the interval excludes 1', () => {
    const values = fc.array(fc.double({ min: 50, max: 60, noNaN: true }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const { low, high, p } = compareSeries(
          seriesOf('x', one, { resolution: 0.01 }),
          seriesOf('x', other, { resolution: 0.01 }),
        );
        if (low === null || high === null || p === null) throw new Error('no interval');
        fc.pre(Math.abs(p - 0.05) > 1e-6);
        expect(low > 1 || high < 1).toBe(p < 0.05);
      }),
    );
  });

  it('the other way round have the reciprocal ratio and interval, and the same p', () => {
    const values = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const [x, y] = [seriesOf('x', one, { resolution: 0.01 }), seriesOf('x', other, { resolution: 0.01 })];
        const [there, back] = [compareSeries(x, y), compareSeries(y, x)];
        expect(there.ratio * back.ratio).toBeCloseTo(1, 9);
        expect((there.low ?? 0) * (back.high ?? 0)).toBeCloseTo(1, 9);
        expect((there.high ?? 0) * (back.low ?? 0)).toBeCloseTo(1, 9);
        expect(there.p).toBeCloseTo(back.p ?? -1, 9);
      }),
    );
  });
});

describe('two measurements of one thing', () => {
  it.each([3, 5, 10])('differ in any of 20 metrics in at most one of 20 comparisons: %d trials a side', (n) => {
    const simulations = 400;
    const normal = normals(`comparison ${n}`);
    const draw = (): number[] => Array.from({ length: n }, () => 100 * (1 + 0.05 * normal()));
    let alarms = 0;
    for (let simulation = 0; simulation < simulations; simulation += 1) {
      const rows = Array.from({ length: 20 }, (_, at) => rowOf(seriesOf(`m${at}`, draw()), seriesOf(`m${at}`, draw())));
      if (judgeRows(rows).some(({ verdict }) => verdict !== 'no difference shown')) alarms += 1;
    }
    expect(alarms / simulations).toBeLessThanOrEqual(0.05);
    // And the test is no dead one: a difference of ten per cent is found.
    const found = judgeRows([
      rowOf(
        seriesOf('x', Array.from(draw())),
        seriesOf(
          'x',
          draw().map((value) => value * 1.5),
        ),
      ),
    ]);
    expect(only(found).verdict).toBe('slower');
  });
});
