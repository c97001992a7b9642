import { holm, mannWhitneyTest, welchTest } from '../../reports/statistics/tests.js';
import { draws, normals, population, SHAPES, type Shape } from './sampling.js';

/** How often an exhibit of two equal systems has a difference that is marked. */
export interface AlarmRate {
  readonly test: 'Welch' | 'Mann-Whitney';
  readonly shape: Shape;
  readonly cells: number;
  readonly n: number;
  readonly share: number;
  readonly simulations: number;
}

const TESTS = { Welch: welchTest, 'Mann-Whitney': mannWhitneyTest } as const;

/** A/A: two samples of one population in every cell, Holm's adjustment over the exhibit, at 5 %. */
export function alarmTable(seed: string, simulations: number): AlarmRate[] {
  const rows: AlarmRate[] = [];
  for (const test of ['Welch', 'Mann-Whitney'] as const) {
    for (const shape of SHAPES) {
      for (const cells of [1, 7, 40]) {
        for (const n of [3, 5, 10]) {
          const normal = normals(`${seed} alarms ${test} ${shape} ${cells} ${n}`);
          const one = population(shape, 100, 0.05, normal);
          let alarms = 0;
          for (let simulation = 0; simulation < simulations; simulation += 1) {
            const ps = Array.from({ length: cells }, () => TESTS[test](draws(one, n), draws(one, n)) ?? 1);
            if (holm(ps).some((p) => p < 0.05)) alarms += 1;
          }
          rows.push({ test, shape, cells, n, share: alarms / simulations, simulations });
        }
      }
    }
  }
  return rows;
}
