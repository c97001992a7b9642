import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, renderMarkdown, renderTerminal } from '../../reports/index.js';
import { formatValue, scaleFor, sentence } from '../../reports/narrative/format.js';
import { ratioAxis, ratioClauses } from '../../reports/narrative/headline-ratios.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

const time = { unit: 's', better: 'lower' } as const;
const rate = { unit: 'B/s', better: 'higher' } as const;
const size = { unit: 'B', better: 'lower' } as const;

describe('ratios in a sentence', () => {
  const write = (...rows: readonly [number, typeof time | typeof rate | typeof size][]): string =>
    ratioClauses(
      rows.map(([ratio, cell]) => ({ ratio, cell })),
      rows.length === 1 ? 'the row of T' : `the ${rows.length} rows of T`,
      'native',
    );

  it.each([
    [write([1.25, time]), 'the row of T takes 1.25 times as long as on native'],
    [write([1.25, rate]), 'the row of T is 1.25 times as large (higher is better) as on native'],
    [write([1.1, size], [2, size]), 'the 2 rows of T are 1.10 to 2.00 times as large (lower is better) as on native'],
    [write([1.251, time], [1.2514, time]), 'the 2 rows of T take 1.25 times as long as on native'],
    [
      write([1.1, time], [1.2, time], [0.8, rate]),
      'of the 3 rows of T, 2 times take 1.10 to 1.20 times as long as on native, ' +
        '1 value is 0.80 times as large (higher is better) as on native',
    ],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });

  it('have an axis that names their direction', () => {
    expect(ratioAxis([time, time])).toBe('Time relative to the baseline (logarithmic, lower is better)');
    expect(ratioAxis([rate])).toBe('Ratio to the baseline (logarithmic, higher is better)');
    expect(ratioAxis([size])).toBe('Ratio to the baseline (logarithmic, lower is better)');
    expect(ratioAxis([time, rate])).toContain('by row');
  });
});

it.each([
  [[512], '512', 'B'],
  [[1023.4], '1023', 'B'],
  [[1536], '1.500', 'KiB'],
  [[3 * 2 ** 20, 10 * 2 ** 20], '3.000', 'MiB'],
  [[0], '0', 'B'],
])('sizes of %j bytes are shown as %s %s', (values, text, label) => {
  const scale = scaleFor('B', values);
  expect([formatValue(values[0] ?? 0, scale), scale.label]).toEqual([text, label]);
});

it('a sentence ends with one full stop', () => {
  expect([sentence('Warm'), sentence('Warm.'), sentence('Warm?')]).toEqual(['Warm.', 'Warm.', 'Warm?']);
});

describe('a suite that no exhibit shows', () => {
  const own = { ...suite, id: 'own', caches: 'Warm.' };
  const made = syntheticRun({ id: 'run-own', targets: [{ id: 'linux-up' }, { id: 'lxc-up' }], trials: 3 });
  const run = JSON.parse(JSON.stringify(made).replaceAll(`"${suite.id}"`, '"own"')) as LoadedRun;
  const report = buildReport([{ ...run, raw: made.raw }], { suites: [own] });

  it('is in the text report', () => {
    const text = renderTerminal(report, { width: 100 });
    expect(text).toContain('The whole suite:');
    expect(text).toMatch(/^\S.*µs +\d/m);
  });

  it('has no columns of a paper, and no two full stops', () => {
    const written = renderMarkdown(report);
    expect(written).not.toMatch(/^\| Metric .*paper/m);
    expect(written).not.toMatch(/[^.]\.\.(?!\.)/);
  });
});

it('a run that ended by its precision has a note at its values, with what simulations found', () => {
  const run = syntheticRun({ id: 'run-adaptive', targets: [{ id: 'linux-up' }], trials: 6 });
  const precision = { ciWidth: 0.1, minTrials: 5, maxTrials: 30 };
  const adaptive = { ...run, stored: { ...run.stored, plan: { ...run.stored.plan, precision } } };
  const report = buildReport([adaptive], { suites: [suite] });
  const values = report.cells.filter(({ state }) => state === 'value');
  expect(values.length).toBeGreaterThan(0);
  for (const { notes } of values) {
    expect(notes).toContainEqual({ kind: 'adaptive stopping', ciWidth: 10, minTrials: 5 });
  }
  const text = renderTerminal(report, { width: 100 }).replaceAll('\n', ' ');
  expect(text).toContain('--ci-width 10%, at least 5');
  expect(text).toContain('in as few as 90 % of runs');
});
