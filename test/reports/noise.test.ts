import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { Arm, LoadedRun } from '../../harness/types.js';
import {
  buildReport,
  fitsNoise,
  loadAssets,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderTerminal,
  reportJsonSchema,
  type Report,
} from '../../reports/index.js';
import { smallestDifference } from '../../reports/statistics/power.js';
import { ROWS, suite } from './suite.js';
import { demoRun, syntheticRun, type Recipe } from './synthetic.js';

const ARMS: readonly Arm[] = ['a', 'b', 'detached'];

/** A run of one target whose trials are arms in turn. */
function noiseRun(trials: number, recipe: Partial<Recipe> = {}): LoadedRun {
  const run = syntheticRun({ id: 'noise', targets: [{ id: 'linux-up' }], trials: 3 * trials, ...recipe });
  const planned = run.stored.plan.trials.map((trial, index) => ({ ...trial, arm: ARMS[index % 3] as Arm }));
  return { ...run, stored: { ...run.stored, plan: { ...run.stored.plan, noise: true, trials: planned } } };
}

const build = (...runs: readonly LoadedRun[]): Report => buildReport(runs, { suites: [suite] });
const only = ({ noise: [floor] }: Report): Report['noise'][number] => {
  if (floor === undefined) throw new Error('the report has no noise floor');
  return floor;
};

describe('a target compared with itself', () => {
  it('has a column for each arm, and arm a is the baseline', () => {
    const { systems } = build(noiseRun(4));
    expect(systems.map(({ label, baseline }) => [label, baseline])).toEqual([
      ['linux-up (a)', true],
      ['linux-up (b)', false],
      ['linux-up (detached)', false],
    ]);
  });

  it('has a floor for every metric that no two arms of equal trials go below', () => {
    const { metrics, label, runs } = only(build(noiseRun(6)));
    expect({ label, runs }).toEqual({ label: 'linux-up', runs: ['noise'] });
    expect(metrics.length).toBe(ROWS.length);
    for (const { trials, again, floor, verdict, detached } of metrics) {
      expect(trials).toEqual({ a: 6, b: 6, detached: 6 });
      expect(verdict).toBe('no difference');
      expect(floor).toBeGreaterThan(0);
      // The one is of the mean of a, the other of that of both.
      expect(floor).toBeGreaterThanOrEqual(0.98 * Math.abs(again?.percent ?? Infinity));
      expect(again?.low).toBeLessThan(again?.percent ?? -Infinity);
      expect(detached?.high).toBeGreaterThan(detached?.percent ?? Infinity);
    }
  });

  it('claims no difference between equal arms in at least 94 % of simulated runs', () => {
    const simulated = 100;
    const claims = Array.from({ length: simulated }, (_, seed) =>
      only(build(noiseRun(5, { id: `simulated-${seed}` }))),
    );
    const silent = claims.filter(({ metrics }) => metrics.every(({ verdict }) => verdict === 'no difference'));
    expect(silent.length / simulated).toBeGreaterThanOrEqual(0.94);
  });

  it('names the metric that differs on an unsteady machine', () => {
    const [name] = Object.keys(suite.metrics);
    const slower = noiseRun(6, { id: 'slower', targets: [{ id: 'linux-up', slowdown: 1.2 }] });
    const run = noiseRun(6, { id: 'slower' });
    const raw = new Map(run.raw);
    const records = run.records.map((record, index) => {
      const other = slower.records[index];
      if (index % 3 !== 1 || other === undefined || other.outcome.status !== 'collected') return record;
      for (const { path } of other.outcome.artifacts) raw.set(path, slower.raw.get(path) ?? new Uint8Array());
      return other;
    });
    const { metrics, statement } = only(build({ ...run, records, raw }));
    const changed = metrics.find(({ metric }) => metric === `${suite.id}/${name}`);
    expect(changed?.verdict).toBe('difference');
    expect(changed?.again?.percent).toBeGreaterThan(10);
    expect(statement).toContain('not steady');
  });

  it('reports nothing from too few trials', () => {
    const { metrics, statement } = only(build(noiseRun(2)));
    expect(new Set(metrics.map(({ verdict, floor }) => `${verdict} ${floor}`))).toEqual(new Set(['unknown null']));
    expect(statement).toContain('Fewer than 3 trials');
  });

  it('is compared with its own arm a also in a report with a run without arms, which keeps its own baseline', () => {
    const { cells, systems } = build(demoRun({ baseline: 'linux-up' }), noiseRun(5));
    const keyOf = (label: string): string => systems.find((system) => system.label === label)?.key ?? label;
    const ratiosOf = (label: string): readonly (number | null)[] =>
      cells.filter(({ system, state }) => system === keyOf(label) && state === 'value').map(({ ratio }) => ratio);
    expect(ratiosOf('linux-up (a)').length).toBeGreaterThan(0);
    expect(new Set(ratiosOf('linux-up (a)'))).toEqual(new Set([1]));
    const plain = systems.find(({ target, arm, baseline }) => target === 'linux-up' && arm === null && baseline);
    expect(new Set(ratiosOf(plain?.label ?? ''))).toEqual(new Set([1]));
  });

  it('marks differences below its floors in a report of other runs, of the same host and profile only', async () => {
    const run = demoRun({ baseline: 'linux-up' });
    const source = { run: noiseRun(5, { noise: 0.05 }), how: 'newest' as const };
    const marked = buildReport([run], { suites: [suite], noise: source });
    const plain = build(run);
    const floors = new Map(only(build(source.run)).metrics.map((metric) => [metric.metric as string, metric]));
    const below = marked.cells.filter(({ notes }) => notes.some((note) => note.kind === 'below noise floor'));
    expect(below.length).toBeGreaterThan(0);
    expect(below.length).toBeLessThan(marked.cells.length);
    for (const cell of marked.cells) {
      const far = cell.ratio === null ? Infinity : 100 * Math.abs(cell.ratio - 1);
      const noise = floors.get(cell.metric);
      const apart = Math.abs(noise?.again?.percent ?? 0);
      // Of as many trials as the cell and its baseline have, and not of the noise run's.
      const floor = noise?.variation
        ? smallestDifference({ variation: noise.variation, apart: apart / (1 + apart / 200) }, cell.n ?? 0, cell.n ?? 0)
        : undefined;
      const isBaseline = marked.systems.find(({ key }) => key === cell.system)?.baseline === true;
      const holds = cell.ratio !== null && !isBaseline && cell.origin === 'measured';
      if (holds && floor !== undefined) {
        expect(Math.abs((cell.noiseFloor ?? 0) / floor - 1)).toBeLessThan(0.05);
        expect(below.includes(cell)).toBe(far <= (cell.noiseFloor ?? 0));
      } else expect(cell.noiseFloor).toBeNull();
    }
    expect(marked.floors).toMatchObject({ run: 'noise', how: 'newest', below: below.length });
    expect(renderHtml(marked, await loadAssets(), { linkBase: '.' })).toContain('≤ noise floor');
    expect(renderMarkdown(marked)).toContain('≤ noise floor');
    expect(plain.floors).toBeNull();
    const quick = buildReport([demoRun({ profile: 'quick' })], { suites: [suite], noise: source });
    expect(quick.floors?.below).toBe(0);
  });

  it.each([
    ['the baseline of the runs', {}, true],
    ['another host', { targets: [{ id: 'linux-up', host: 'beta' }] }, false],
    ['another shape', { targets: [{ id: 'linux-up', shape: { cpus: [0] } }] }, false],
    ['another profile', { profile: 'quick' as const }, false],
  ])('is chosen where it is of %s: %j: %s', (_what, recipe, expected) => {
    const runs = [syntheticRun({ targets: [{ id: 'linux-up' }, { id: 'lxc-up', platform: 'lxc' }], trials: 1 })];
    expect(fitsNoise(noiseRun(1, recipe).stored.plan, runs, undefined)).toBe(expected);
  });

  it('is in every format, and in none without a noise run', async () => {
    const report = build(noiseRun(4));
    const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(
      reportJsonSchema,
    );
    expect(validate(JSON.parse(renderJson(report))), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    const assets = await loadAssets();
    const formats = (of: Report): readonly string[] => [
      renderHtml(of, assets, { linkBase: '.' }),
      renderMarkdown(of),
      renderTerminal(of, { width: 120 }),
    ];
    for (const text of formats(report)) {
      expect(text).toContain('Noise floor');
      expect(text).toContain('no difference at the 5 % level');
      expect(text).toContain('Smallest resolvable');
    }
    for (const text of formats(build(demoRun()))) expect(text).not.toContain('Noise floor');
  });
});
