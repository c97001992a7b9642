import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../harness/host/limits.js';
import type { Workload } from '../../../harness/types.js';
import { suites } from '../../../suites/index.js';
import { workloads as registered } from '../../../suites/workloads/index.js';

const workloads: readonly Workload[] = registered;

const shapes = [{ cpus: [0] }, { cpus: [0, 1] }, { cpus: [1, 2, 5, 7] }];
const suiteIds: readonly string[] = suites.map(({ id }) => id);

describe.each(workloads)('the workload $id', (workload) => {
  it('has an id that no suite has', () => {
    expect(suiteIds).not.toContain(workload.id);
    expect(workloads.filter(({ id }) => id === workload.id)).toHaveLength(1);
  });

  it.each(shapes)('numbers its guests from 0 and gives each a suite, $cpus', (shape) => {
    const assignments = workload.assign(shape);
    expect(assignments.map(({ guest }) => guest)).toEqual(assignments.map((_, index) => index));
    for (const { suite } of assignments) expect(suiteIds).toContain(suite);
    expect(assignments.some(({ role }) => role !== 'load')).toBe(true);
  });
});

const of = (id: string) => {
  const found = workloads.find((workload) => workload.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe('the quarter of Table 3', () => {
  it.each([1, 2] as const)('is exact in the weights of control groups of version %d', (version) => {
    const values = of('table-3-weight')
      .assign({ cpus: [0] })
      .map(({ limits }) => limitsOf({ cpus: [0], ...limits }, () => version))
      .map((limits) => Number(limits.find(({ check }) => check === 'CPU weight')?.writes[0]?.[1]));
    expect((values[0] ?? 0) / values.reduce((sum, value) => sum + value, 0)).toBe(0.25);
  });

  it.each(shapes)('is of all CPUs, $cpus', (shape) => {
    const caps = of('table-3-cap')
      .assign(shape)
      .map(({ limits }) => limits?.cpuCap ?? 0);
    expect(caps[0]).toBe(shape.cpus.length / 4);
    expect(caps.reduce((sum, cap) => sum + cap, 0)).toBeCloseTo(shape.cpus.length, 10);
    expect(of('table-3-weight').assign(shape)[0]?.limits?.cpuReservation).toBe(shape.cpus.length / 4);
  });

  it('needs platforms that enforce what it sets', () => {
    expect(['table-3-equal', 'table-3-weight', 'table-3-cap'].map((id) => of(id).enforced)).toEqual([
      [],
      ['weight'],
      ['cap'],
    ]);
  });
});

it('the databases of Figure 7 are one, two, four and eight', () => {
  expect([1, 2, 4, 8].map((count) => of(`osdb-${count}`).assign({ cpus: [0] }).length)).toEqual([1, 2, 4, 8]);
});
