import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream, uniform } from '../../harness/random.js';
import { observations, type Leveled } from '../../reports/analysis/levels.js';
import { buildReport, loadAssets, renderHtml, renderMarkdown, type Report } from '../../reports/index.js';
import { varianceComponents } from '../../reports/statistics/components.js';
import { mean } from '../../reports/statistics/descriptive.js';
import { studentInterval } from '../../reports/statistics/intervals.js';
import { suite } from './suite.js';
import { demoRun, syntheticRun } from './synthetic.js';

describe('varianceComponents', () => {
  it.each([
    // By hand: MSB 13.5, MSW 1, n0 3.
    [
      'equal groups',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      12.5 / 3,
      1,
      false,
    ],
    // MSB (3 * 0.75^2 + 1 * 2.25^2) / 1 = 6.75, MSW 1, n0 4 - 10 / 4 = 1.5.
    ['groups of three and one', [[1, 2, 3], [5]], 5.75 / 1.5, 1, false],
    [
      'groups with equal means',
      [
        [1, 3],
        [2, 2],
        [0, 4],
      ],
      0,
      10 / 3,
      true,
    ],
    [
      'groups without spread',
      [
        [1, 1],
        [2, 2],
      ],
      0.5,
      0,
      false,
    ],
  ])('of %s', (_, groups, between, within, clipped) => {
    const found = varianceComponents(groups);
    expect(found?.between).toBeCloseTo(between, 12);
    expect(found?.within).toBeCloseTo(within, 12);
    expect(found?.clipped).toBe(clipped);
  });

  it.each([
    ['one group', [[1, 2, 3]]],
    ['one value in each', [[1], [2], [3]]],
    ['an empty group', [[1, 2], []]],
    ['nothing', []],
  ])('does not exist for %s', (_, groups) => {
    expect(varianceComponents(groups)).toBeUndefined();
  });

  it('is never negative, whatever the values', () => {
    const group = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(group, { minLength: 2, maxLength: 6 }), (groups) => {
        const found = varianceComponents(groups);
        expect(found?.between ?? 0).toBeGreaterThanOrEqual(0);
        expect(found?.within ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('finds what values were drawn with, on average', () => {
    const next = randomStream('components');
    const found = Array.from({ length: 2000 }, () => varianceComponents(draw(next, [4, 2, 6, 4, 1], 2, 1)));
    expect(mean(found.map((one) => one?.within ?? NaN))).toBeCloseTo(1, 1);
    // Clipping at 0 pulls the mean up by little where boots vary by twice as much.
    expect(Math.abs(mean(found.map((one) => one?.between ?? NaN)) - 4)).toBeLessThan(0.25);
  });
});

function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(uniform(next) || 1e-12)) * Math.cos(2 * Math.PI * uniform(next));
}

/** Values around 100 in boots of these sizes, with standard deviations between and within boots. */
function draw(next: () => number, sizes: readonly number[], between: number, within: number): number[][] {
  return sizes.map((size) => {
    const center = 100 + between * normal(next);
    return Array.from({ length: size }, () => center + within * normal(next));
  });
}

const leveled = (groups: readonly (readonly number[])[], freshGuest: boolean | null = true): Leveled[] =>
  groups.flatMap((values, at) => values.map((value) => ({ value, boot: `boot-${at}`, freshGuest })));

describe('observations', () => {
  it('are the means of boots from three boots on', () => {
    const { values, levels } = observations(leveled([[1, 2, 3], [4, 6], [9]]));
    expect([...values]).toEqual([2, 5, 9]);
    expect(levels).toMatchObject({ level: 'boot', boots: 3, starts: 6, trials: 6, variance: { clipped: false } });
    expect((levels.variance?.boot ?? 0) + (levels.variance?.trial ?? 0)).toBeCloseTo(1, 12);
  });

  it('are trials with fewer boots, of which the variance is shown all the same', () => {
    const { values, levels } = observations(
      leveled(
        [
          [1, 2, 3],
          [4, 6],
        ],
        false,
      ),
    );
    expect([...values]).toEqual([1, 2, 3, 4, 6]);
    expect(levels).toMatchObject({ level: 'trial', boots: 2, starts: 2, trials: 5 });
    expect(levels.variance?.boot).toBeGreaterThan(0.5);
  });

  it('are trials where some boot is not known', () => {
    const trials = [...leveled([[1], [2], [3]], null), { value: 4, boot: null, freshGuest: null }];
    expect(observations(trials).levels).toEqual({
      level: 'trial',
      boots: null,
      starts: null,
      trials: 4,
      variance: null,
    });
  });

  it('state that the variance of boots was estimated as negative', () => {
    expect(
      observations(
        leveled([
          [1, 3],
          [2, 2],
          [0, 4],
        ]),
      ).levels.variance,
    ).toEqual({ boot: 0, trial: 1, clipped: true });
  });

  it('give intervals that cover the mean over boots in 93 to 97 % of cases; those of trials do so in fewer than 80 %', () => {
    const next = randomStream('levels');
    const rounds = 2000;
    let covered = { boot: 0, trial: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const groups = draw(next, [4, 4, 4, 4, 4], 1, 1);
      const covers = (values: ArrayLike<number>): number => {
        const interval = studentInterval(values);
        return typeof interval === 'object' && interval.low <= 100 && 100 <= interval.high ? 1 : 0;
      };
      covered = {
        boot: covered.boot + covers(observations(leveled(groups)).values),
        trial: covered.trial + covers(groups.flat()),
      };
    }
    expect(covered.boot / rounds).toBeGreaterThan(0.93);
    expect(covered.boot / rounds).toBeLessThan(0.97);
    expect(covered.trial / rounds).toBeLessThan(0.8);
  });
});

describe('a report', () => {
  const assets = loadAssets();
  const reportOf = (boots: number): Report =>
    buildReport([demoRun({ trials: 6, bootOf: (_, trial) => `boot-${trial % boots}` })], { suites: [suite] });
  const cellOf = ({ cells }: Report, target: string) =>
    cells.find((cell) => cell.target === target && cell.exhibit === 'table-2');

  it('shows boots, starts and trials behind each cell, and the share of boots in the variance', async () => {
    const report = reportOf(3);
    expect(cellOf(report, 'lxc-up')).toMatchObject({ n: 6, levels: { level: 'boot', boots: 3, starts: 6, trials: 6 } });
    expect(cellOf(report, 'linux-up')).toMatchObject({
      n: 6,
      levels: { level: 'boot', boots: 3, starts: 3, trials: 6 },
    });
    const page = renderHtml(report, await assets, { linkBase: '..' });
    expect(page).toMatch(/n (=|&#x3D;) 6 in 3 boots/);
    expect(page).toMatch(/\d+ % of variance from boots/);
    const text = renderMarkdown(report).replaceAll('\\', '');
    expect(text).toContain('lxc-up: 6 trials in 6 starts and 3 boots; the interval is that of the means of boots');
    expect(text).toContain('linux-up: 6 trials in 3 boots; the interval is that of the means of boots');
    expect(text).toMatch(/lxc-up: boots have [0-9 to]+ % of the variance, starts and trials the rest/);
  });

  it('states of one boot that its interval does not cover others', () => {
    const report = reportOf(1);
    expect(cellOf(report, 'lxc-up')?.levels).toEqual({
      level: 'trial',
      boots: 1,
      starts: 6,
      trials: 6,
      variance: null,
    });
    expect(renderMarkdown(report)).toContain('does not cover what varies from boot to boot');
  });

  it('notes a ratio whose sides are replicated at unlike levels', () => {
    const run = demoRun({ trials: 6, bootOf: (target, trial) => `${target}-${target === 'lxc-up' ? trial % 3 : 0}` });
    const report = buildReport([run], { suites: [suite] });
    expect(cellOf(report, 'lxc-up')?.notes).toContainEqual({
      kind: 'other level',
      own: { level: 'boot', boots: 3, trials: 6 },
      baseline: { level: 'trial', boots: 1, trials: 6 },
    });
    expect(renderMarkdown(report)).toContain('replicated by 3 boots, its baseline by 6 trials in 1 boot');
    for (const { notes } of reportOf(3).cells) expect(notes.map(({ kind }) => kind)).not.toContain('other level');
  });

  it('names boots where boots would decide a claim or a verdict, and trials where trials would', () => {
    const paperLike = (boots: number): Report =>
      buildReport(
        [
          syntheticRun({
            targets: [
              { id: 'linux-up' },
              { id: 'vserver-up', platform: 'vserver', slowdown: 1.012 },
              { id: 'xen3-up', platform: 'xen', slowdown: 3 },
            ],
            trials: 6,
            noise: 0.03,
            bootOf: (_, trial) => `boot-${trial % boots}`,
          }),
        ],
        { suites: [suite] },
      );
    const whys = ({ claims, cells }: Report): string[] =>
      [...claims.flatMap(({ checks }) => checks.map(({ why }) => why)), ...cells.map(({ why }) => why)].flatMap(
        (why) => (why?.includes('would decide it, if') === true ? [why] : []),
      );
    expect(whys(paperLike(3)).length).toBeGreaterThan(2);
    for (const why of whys(paperLike(3))) expect(why).toMatch(/about \d+ boots of 2 trials a side would decide it/);
    expect(whys(paperLike(1)).length).toBeGreaterThan(2);
    for (const why of whys(paperLike(1))) expect(why).toMatch(/about \d+ trials a side would decide it/);
  });

  it('has wider intervals from three boots than from six trials', () => {
    const width = (report: Report): number => {
      const { low = 0, high = 0 } = cellOf(report, 'lxc-up') ?? {};
      return (high ?? 0) - (low ?? 0);
    };
    expect(width(reportOf(3))).toBeGreaterThan(0);
    expect(width(reportOf(3))).not.toBeCloseTo(width(reportOf(2)), 6);
  });
});
