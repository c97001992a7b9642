import { expect, it } from 'vitest';
import { buildReport } from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

it('claims no difference between two equal targets in at least 94 % of seeded simulations', () => {
  const simulations = 200;
  let silent = 0;
  for (let seed = 0; seed < simulations; seed += 1) {
    const run = demoRun({ id: `alike-${seed}`, trials: 6, targets: [{ id: 'linux-up' }, { id: 'twin-up' }] });
    const { cells } = buildReport([run], { suites: [suite], exhibits: ['table-2'] });
    const tested = cells.filter(({ exhibit, difference }) => exhibit === 'table-2' && difference !== null);
    expect(tested).toHaveLength(7);
    if (tested.every(({ difference }) => (difference?.holmP ?? 1) >= 0.05)) silent += 1;
  }
  expect(silent / simulations).toBeGreaterThanOrEqual(0.94);
  // As exact as it claims to be, and not merely timid.
  expect(silent).toBeLessThan(simulations);
}, 120_000);
