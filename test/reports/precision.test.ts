import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  buildReport,
  loadAssets,
  renderCsv,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderTerminal,
  reportJsonSchema,
  type Cell,
  type Report,
} from '../../reports/index.js';
import { precisionOf } from '../../reports/analysis/precision.js';
import type { Series } from '../../reports/analysis/summarize.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

const reportOf = (noise: number, trials: number): Report => {
  const targets = [{ id: 'linux-up' }, { id: 'lxc-up', slowdown: 1.1 }];
  return buildReport([syntheticRun({ id: 'run-precision', targets, trials, noise })], { suites: [suite] });
};
const spread = reportOf(0.25, 3);
const quiet = reportOf(0.005, 5);
const values = ({ cells }: Report): readonly Cell[] => cells.filter(({ state }) => state === 'value');

/** A series of which only its values matter. */
function seriesOf(list: readonly number[], resolution = 0): Series {
  const samples = list.map((value) => ({ value }));
  const levels = { level: 'trial', boots: null, starts: null, trials: list.length, variance: null };
  const system = { origin: 'measured', shape: { cpus: [0] } };
  return { system, samples, values: Float64Array.from(list), levels, resolution } as unknown as Series;
}

describe('the precision of a series', () => {
  it.each([
    // The example of the issue: 824.9 with an interval of 264.4 on either side.
    [[718, 832, 925], 'very imprecise', 12.6],
    [[100, 104, 96], 'precise', 4],
    [[100, 106, 94], 'imprecise', 6],
    [[100, 112], 'imprecise', 8],
  ] as const)('of %j is %s', (list, grade, cv) => {
    const found = precisionOf(seriesOf(list), undefined);
    expect(found?.grade).toBe(grade);
    expect(found?.cv).toBeCloseTo(cv, 0);
    expect(found?.observations).toBe(list.length);
  });

  it('has no number for one trial, around zero and for published values', () => {
    expect(precisionOf(seriesOf([5]), undefined)).toBeNull();
    expect(precisionOf(seriesOf([0, 0, 0]), undefined)).toBeNull();
    const printed = seriesOf([1, 2, 3]);
    const published = { ...printed, system: { ...printed.system, origin: 'published' } } as Series;
    expect(precisionOf(published, undefined)).toBeNull();
  });

  it('follows the resolution of the tool: equal values that were rounded coarsely are very imprecise', () => {
    expect(precisionOf(seriesOf([2, 2, 2], 1), undefined)).toMatchObject({ grade: 'very imprecise', cv: 0 });
    expect(precisionOf(seriesOf([200, 200, 200], 1), undefined)).toMatchObject({ grade: 'precise', cv: 0 });
  });
});

describe('imprecise values', () => {
  const imprecise = values(spread).filter(({ precision }) => precision?.grade !== 'precise');

  it('have a note with their coefficient of variation and number of trials, and their ratios one with both sides', () => {
    expect(imprecise.length).toBeGreaterThan(10);
    for (const cell of imprecise) {
      const own = cell.notes.find((note) => note.kind === 'imprecise');
      expect(own).toMatchObject({ cv: cell.precision?.cv, observations: 3, grade: cell.precision?.grade });
    }
    for (const cell of values(spread)) {
      const isPrecise = cell.notes.every(({ kind }) => kind !== 'imprecise');
      expect(isPrecise, cell.metric).toBe(cell.precision?.grade === 'precise');
      const base = values(spread).find(
        ({ metric, exhibit, target }) => metric === cell.metric && exhibit === cell.exhibit && target === 'linux-up',
      );
      const sides = [cell, base].filter((side) => side?.precision?.grade !== 'precise');
      const hasNote = cell.notes.some(({ kind }) => kind === 'imprecise ratio');
      expect(hasNote, cell.metric).toBe(cell.target !== 'linux-up' && sides.length > 0);
    }
  });

  it('are counted once, however many exhibits show them', () => {
    const counted = new Set(imprecise.map(({ system, metric }) => `${system} ${metric}`)).size;
    const all = new Set(values(spread).map(({ system, metric }) => `${system} ${metric}`)).size;
    expect(spread.precision).toMatchObject({ imprecise: counted, values: all, cvLimit: 5, halfWidthLimit: 25 });
    expect(spread.precision.veryImprecise).toBeGreaterThan(0);
    expect(spread.precision.statement).toMatch(/ of \d+ measured values are imprecise .*--ci-width/);
  });

  it('are marked in every format, and "all complete" is not the last word', async () => {
    const count = `${spread.precision.imprecise} of ${spread.precision.values}`;
    const page = renderHtml(spread, await loadAssets(), { linkBase: '..' });
    const body = page.replace(/<style>[^]*<\/style>/, '');
    expect(body.match(/class="imprecise(?: very)?"/g)).toHaveLength(imprecise.length);
    expect(body).toContain(`${count} measured values are imprecise`);
    expect(renderMarkdown(spread)).toContain(`${count} measured values are imprecise`);
    expect(renderMarkdown(spread)).toMatch(/, CV \d+ %, n = 3, ± \d+ %/);
    const text = renderTerminal(spread, { width: 100 });
    expect(text.replaceAll('\n', ' ')).toContain(`${count} measured values are imprecise`);
    expect(text).toMatch(/\] ~~? /);
    expect(text.replaceAll('\n', ' ')).toMatch(
      /~~ very imprecise, 95 % interval wider than ± 25 %: .* \(CV \d+ %, n = 3,/,
    );
    expect(renderCsv(spread)).toMatch(/very imprecise: CV \d+ %/);
    const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(
      reportJsonSchema,
    );
    expect(validate(JSON.parse(renderJson(spread))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    expect(spread.headlines.at(-1)).toContain(`all complete; ${count} values are imprecise`);
  });
});

it('precise values have no mark, and the report states that there is none', () => {
  expect(quiet.precision).toMatchObject({ imprecise: 0, unknown: 0 });
  expect(quiet.precision.statement).toContain('at most 5 %');
  expect(values(quiet).flatMap(({ notes }) => notes.filter(({ kind }) => kind.startsWith('imprecise')))).toEqual([]);
  expect(renderTerminal(quiet, { width: 100 })).not.toMatch(/\] ~/);
});

it('the precision of single trials is not known, and the report states so', () => {
  const single = reportOf(0.25, 1);
  expect(single.precision).toMatchObject({ values: 0, imprecise: 0 });
  expect(single.precision.statement).toContain('The precision of');
  expect(single.headlines.at(-1)).toContain('precision unknown');
});
