import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import {
  buildReport,
  loadAssets,
  renderHtml,
  renderMarkdown,
  renderTerminal,
  type Report,
} from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun, type Recipe } from './synthetic.js';

const TARGETS = [{ id: 'linux-up' }, { id: 'lxc-up' }];

/** A run whose plan has every second block in the other order: block 1 begins with lxc-up, block 2 with linux-up. */
function balancedRun(recipe: Partial<Recipe> = {}): LoadedRun {
  const run = demoRun({ targets: TARGETS, trials: 6, ...recipe });
  const { plan } = run.stored;
  const blocks = [...new Set(plan.trials.map(({ block }) => block))];
  const trials = blocks.flatMap((block) => {
    const own = plan.trials.filter((trial) => trial.block === block);
    return block % 2 === 0 ? own : own.toReversed();
  });
  return { ...run, stored: { ...run.stored, plan: { ...plan, trials } } };
}

/** Makes whatever is second in its block half as slow again. */
function drift(target: string, block: number, _metric: string, text: string): string {
  const isSecond = (target === 'lxc-up') === (block % 2 === 0);
  return isSecond ? text.replace(/(?<= )\d+\.\d+(?=\s)/, (value) => String(Number(value) * 1.5)) : text;
}

const build = (run: LoadedRun): Report => buildReport([run], { suites: [suite] });

async function formats(report: Report): Promise<string[]> {
  const html = renderHtml(report, await loadAssets(), { linkBase: '.' });
  return [html, renderMarkdown(report), renderTerminal(report, { width: 1000 })];
}

describe('the order of a run', () => {
  it('is counted by position, and tested metric by metric with Holm’s correction', async () => {
    const { order, ...report } = build(balancedRun());
    expect(order?.benchmarks).toHaveLength(1);
    const [lmbench] = order?.benchmarks ?? [];
    expect(lmbench?.systems.map(({ counts }) => counts)).toEqual([
      [3, 3],
      [3, 3],
    ]);
    expect(lmbench?.balanced).toBe(true);
    expect(order?.warning).toBe(false);
    for (const { p, holmP, n } of lmbench?.effects ?? []) {
      expect(n).toBe(12);
      expect(holmP ?? 0).toBeGreaterThanOrEqual(p ?? 1);
    }
    for (const text of await formats({ ...report, order })) expect(text).toContain(order?.statement);
  });

  it('is warned of where a target always came first', () => {
    const report = build(demoRun({ targets: TARGETS, trials: 4 }));
    expect(report.order?.benchmarks[0]?.systems.map(({ counts }) => counts)).toEqual([
      [4, 0],
      [0, 4],
    ]);
    expect(report.order).toMatchObject({ warning: true, benchmarks: [{ balanced: false }] });
    expect(report.order?.statement).toMatch(/unbalanced in lmbench.*cannot be tested/);
    expect(renderMarkdown(report)).toContain('unbalanced; cannot be tested');
  });

  it('is warned of where whatever is second is slower', () => {
    const { order } = build(balancedRun({ output: drift }));
    expect(order?.warning).toBe(true);
    expect(order?.statement).toMatch(/significant effect in \d+ of \d+ metrics/);
  });

  it('is null where one target was measured', () => {
    expect(build(demoRun({ targets: [{ id: 'linux-up' }] })).order).toBeNull();
  });
});
