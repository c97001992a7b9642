import { expect, it } from 'vitest';
import { relativeWidth } from '../../reports/statistics/power.js';
import { normals, population, shareError } from './sampling.js';
import { drawUntil, stoppingTable } from './stopping.js';

const SIMULATIONS = 500;
const room = 4 * shareError(0.95, SIMULATIONS);

it('simulates the rule by which a run ends', () => {
  const { draw } = population('lognormal', 100, 0.05, normals('rule'));
  const all: number[] = [];
  const kept = { name: 'kept', mean: 100, draw: () => all[all.push(draw()) - 1] ?? 0 };
  for (let run = 0; run < 50; run += 1) {
    const values = drawUntil(kept, 5, 0.07);
    const widths = values.map((_, index) => relativeWidth(values.slice(0, index + 1)) ?? Infinity);
    expect(values.length === 30 || (widths.at(-1) ?? 1) <= 0.07).toBe(true);
    expect(widths.slice(4, -1).every((width) => width > 0.07)).toBe(true);
  }
});

it.each(stoppingTable('test', SIMULATIONS))(
  '$interval, $shape, at least $least trials, width $widthOverCv CV: coverage is what the note states',
  ({ least, share }) => {
    const lowest = least < 5 ? 0.87 : least < 10 ? 0.9 : 0.92;
    expect(share).toBeGreaterThan(lowest - room);
    expect(share).toBeLessThan(0.96 + room);
  },
);
