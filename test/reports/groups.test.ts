import { describe, expect, it } from 'vitest';
import { buildReport, renderMarkdown, type Report } from '../../reports/index.js';
import type { GroupSummary } from '../../reports/model/groups.js';
import type { Exhibit } from '../../reports/model/document.js';
import { factorInterval } from '../../reports/statistics/weighted.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';
import type { Recipe, RecipeTarget } from './synthetic.js';

const TARGETS: readonly RecipeTarget[] = [
  { id: 'linux-up' },
  { id: 'lxc-up', platform: 'lxc', slowdown: 1.02 },
  { id: 'docker-up', platform: 'docker', slowdown: 1.04 },
  { id: 'kvm-up', platform: 'kvm', slowdown: 1.5 },
];

function reportOf(targets: readonly RecipeTarget[] = TARGETS, overrides: Partial<Recipe> = {}): Report {
  return buildReport([demoRun({ targets, ...overrides })], { suites: [suite], exhibits: ['table-2'] });
}

const table = ({ exhibits }: Report): Exhibit => {
  const found = exhibits.find(({ id }) => id === 'table-2');
  if (found === undefined) throw new Error('no table');
  return found;
};

function groupOf(report: Report, kind: GroupSummary['kind']): GroupSummary {
  const found = table(report).groups.find((group) => group.kind === kind);
  if (found === undefined) throw new Error(`no group ${kind}`);
  return found;
}

describe('groups of systems', () => {
  const report = reportOf();

  it('have the geometric mean of the relative performance of their cells, as a reader can compute it', () => {
    const container = groupOf(report, 'container');
    const own = report.cells.filter(
      ({ exhibit, target }) => exhibit === 'table-2' && ['lxc-up', 'docker-up'].includes(target),
    );
    const logs = own.map(({ relative }) => Math.log(relative ?? Number.NaN));
    expect(container.center).toBeCloseTo(Math.exp(logs.reduce((sum, one) => sum + one, 0) / logs.length), 9);
    expect(container).toMatchObject({ rows: 7, ratios: 14 });
    expect(container.systems).toHaveLength(2);
    const values = own.map(({ relative }) => relative ?? Number.NaN);
    expect(container.least.value).toBe(Math.min(...values));
    expect(container.most.value).toBe(Math.max(...values));
  });

  it('are apart by kind, with an interval around the mean', () => {
    const { center, low, high } = groupOf(report, 'hypervisor');
    expect(center).toBeCloseTo(1 / 1.5, 1);
    expect(low).toBeLessThan(center);
    expect(high).toBeGreaterThan(center);
  });

  it('have an interval that covers the truth in about 95 of 100 runs', () => {
    const runs = 120;
    let covered = 0;
    for (let index = 0; index < runs; index += 1) {
      const { low, high } = groupOf(reportOf(TARGETS, { id: `run-${index}`, noise: 0.05 }), 'hypervisor');
      if ((low ?? 2) <= 1 / 1.5 && 1 / 1.5 <= (high ?? 0)) covered += 1;
    }
    // Binomial: 120 runs at 0.95 are below 104 in one of a thousand.
    expect(covered).toBeGreaterThanOrEqual(104);
    expect(covered).toBeLessThanOrEqual(120);
  });

  it('are none where there is one system alone, and have no interval from two trials', () => {
    expect(table(reportOf(TARGETS.slice(0, 2))).groups).toEqual([]);
    expect(groupOf(reportOf(TARGETS, { trials: 2 }), 'container')).toMatchObject({ low: null, high: null });
  });

  it('are a summary in words', () => {
    expect(renderMarkdown(report)).toMatch(
      /Containers \(2: lxc-up, docker-up\), 14 in 7 rows, summary: geometric mean of relative performance 0\.9/,
    );
  });
});

describe('an interval of a weighted sum', () => {
  it('adds errors of one group and squares of others', () => {
    const part = { weight: 0.5, error: 0.02, freedom: 1e6 };
    const together = factorInterval([[part, part]]);
    const apart = factorInterval([[part], [part]]);
    expect(Math.log(together?.high ?? 1)).toBeCloseTo(1.96 * 0.02, 4);
    expect(Math.log(apart?.high ?? 1)).toBeCloseTo((1.96 * 0.02) / Math.SQRT2, 4);
    expect(factorInterval([])).toBeNull();
  });
});
