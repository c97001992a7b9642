import { observations } from '../../reports/analysis/levels.js';
import { describe, expect, it } from 'vitest';
import { pairByBlock } from '../../reports/analysis/paired.js';
import { ratioTo } from '../../reports/analysis/normalize.js';
import { summarize, type Series } from '../../reports/analysis/summarize.js';
import { buildReport } from '../../reports/index.js';
import type { System, Trial } from '../../reports/model/types.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

const system = { origin: 'measured', host: 'h', shape: { cpus: [0, 1] }, runs: ['r'] } as unknown as System;
const tool = { name: 't', origin: 'target', version: '1', linkage: null } as const;

/** Values by block; null where a trial has none. Trials of the first target come first. */
function pairOf(own: readonly (number | null)[], base: readonly (number | null)[], resolution = 0) {
  const trials: Trial[] = [];
  const seriesOf = (all: readonly (number | null)[]): Series => {
    const samples = all.flatMap((value, block) => {
      if (value === null) return [];
      trials.push({ run: 'r', block } as unknown as Trial);
      const at = { trial: trials.length - 1, file: 0, line: 1, spread: null };
      return [{ ...at, benchmark: 's', suiteVersion: 1, metric: 'm', value, resolution: null, tool, clock: null }];
    });
    const observed = observations(samples.map(({ value }) => ({ value, boot: null, freshGuest: null })));
    return { system, suite: 's', suiteVersion: 1, metric: 'm', tool, clock: null, samples, ...observed, resolution };
  };
  return { own: seriesOf(own), base: seriesOf(base), trials };
}

describe('the interval of a mean', () => {
  it('of a positive quantity is positive, however its values spread', () => {
    const { interval, form } = summarize(pairOf([0.2, 0.3, 3.4], []).own, undefined);
    expect(form).toBe('log');
    expect(interval?.low).toBeGreaterThan(0);
  });

  it('of a share ends at what is possible', () => {
    const { own } = pairOf([99, 100, 60], []);
    expect(summarize(own, { share: 'whole' })).toMatchObject({ form: 'student', interval: { high: 100 } });
    expect(summarize(own, { share: 'one CPU' }).interval?.high).toBeGreaterThan(100);
    expect(summarize(pairOf([199, 200, 160], []).own, { share: 'one CPU' }).interval?.high).toBe(200);
  });

  it('of counts that are 0 begins at 0', () => {
    expect(summarize(pairOf([0, 0, 3], []).own, undefined)).toMatchObject({ form: 'student', interval: { low: 0 } });
  });

  it('of equal values is that of their rounding, and absent where it is unknown', () => {
    expect(summarize(pairOf([2, 2, 2], [], 0).own, undefined)).toMatchObject({
      interval: null,
      noInterval: 'no spread',
    });
    const { interval } = summarize(pairOf([2, 2, 2], [], 0.01).own, undefined);
    expect(interval?.low).toBeLessThan(2);
    expect(interval?.high).toBeGreaterThan(2);
  });
});

describe('the interval of a ratio', () => {
  it('is absent with a reason where one side has none', () => {
    const { own, base, trials } = pairOf([1, 2, 3], [2, 2, 2]);
    expect(ratioTo(own, base, trials)).toMatchObject({
      interval: null,
      noInterval: { side: 'baseline', reason: 'no spread' },
    });
    expect(ratioTo(base, own, trials).noInterval).toEqual({ side: 'own', reason: 'no spread' });
  });
});

describe('the analysis by blocks', () => {
  it('finds a difference that drifts over blocks hide', () => {
    const drift = [100, 150, 80, 200, 120, 90];
    const { own, base, trials } = pairOf(
      drift.map((value, at) => value * (1.1 + at / 1000)),
      drift,
    );
    const ratio = ratioTo(own, base, trials);
    expect(ratio.interval?.low).toBeLessThan(1);
    expect(ratio.paired?.blocks).toBe(6);
    expect(ratio.paired?.interval.low).toBeGreaterThan(1.09);
    expect(ratio.paired?.interval.high).toBeLessThan(1.12);
  });

  it('uses complete blocks only, and needs five of them', () => {
    const { own, base, trials } = pairOf([1, 2, null, 4, 5, 6], [2, 5, 3, null, 4, 9]);
    expect(pairByBlock(own, base, trials)).toBeNull();
    const more = pairOf([1, 2, null, 4, 5, 6, 7], [2, 5, 3, null, 4, 9, 2]);
    expect(pairByBlock(more.own, more.base, more.trials)?.blocks).toBe(5);
  });

  it('is in the cells, with a note where only one of the two finds a difference', () => {
    const report = buildReport([demoRun({ trials: 8 })], { suites: [suite] });
    const paired = report.cells.filter((cell) => cell.paired !== null);
    expect(paired.length).toBeGreaterThan(0);
    for (const { paired: found, ratioLow, ratioHigh, notes } of paired) {
      const excludes = (low: number, high: number): boolean => low > 1 || high < 1;
      const differs = excludes(found?.low ?? 0, found?.high ?? 0) !== excludes(ratioLow ?? 0, ratioHigh ?? 0);
      expect(notes.some((note) => note.kind === 'paired analysis differs' && note.in === 'difference')).toBe(differs);
    }
  });
});
