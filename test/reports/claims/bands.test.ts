import { describe, expect, it, test } from 'vitest';
import {
  about,
  ALMOST_DOUBLE,
  asExcess,
  asShortfall,
  between,
  orMore,
  upTo,
  within,
} from '../../../reports/claims/bands.js';
import { claims } from '../../../reports/claims/registry.js';
import { isInside } from '../../../reports/statistics/equivalence.js';
import { exactly, magnitude } from '../../../reports/statistics/observed.js';

describe('printed numbers', () => {
  test.each([
    ['about 1 %', about(1), 0.5, 1.5],
    ['about 7 %', about(7), 6.5, 7.5],
    ['about 39 %', about(39), 37.05, 40.95],
    ['a gain of 1 %', about(-1), -1.5, -0.5],
    ['25-35 %', between(25, 35), 23.75, 36.75],
    ['within 1 %', within(1), -1.5, 1.5],
    ['within 4 %', within(4), -4.5, 4.5],
    ['up to 40 %', upTo(40), -Infinity, 42],
    ['5.9, to a tenth', about(5.9, 0.1), 5.605, 6.195],
    ['approximately 2 or greater', orMore(2, 0), 1.9, Infinity],
  ])('%s', (_words, { low, high }, expectedLow, expectedHigh) => {
    expect(low).toBeCloseTo(expectedLow, 10);
    expect(high).toBeCloseTo(expectedHigh, 10);
  });

  it('as ratios', () => {
    expect(asExcess(within(1))).toEqual({ low: 0.985, high: 1.015 });
    expect(asShortfall(about(40)).low).toBeCloseTo(0.58, 12);
    expect(asShortfall(about(40)).high).toBeCloseTo(0.62, 12);
  });
});

/** The only band of a claim, or that of its check number `at`. */
function band(id: string, at = 0) {
  const found = claims.find((claim) => claim.id === id)?.checks[at]?.band;
  if (found === undefined) throw new Error(`no band ${id}`);
  return found;
}

describe('rules match their sentences', () => {
  const holds = (id: string, value: number, at = 0): boolean => isInside({ low: value, high: value }, band(id, at));

  test.each([
    ['a gain of 1 % demands a gain', 'f8-xen-smp', [-1, -0.6], [0, 1, 4, -4]],
    ['an overhead of 1 % is not one of 4 %', 'f6b-compile-xen-up', [0.99], [0.96, 1, 0.93]],
    ['an overhead of 7 % is not one of 4 %', 'f6b-compile-xen-smp', [0.93, 1 / 1.07], [0.96, 0.99]],
    ['an overhead of 39 % is 0.61 and not 1/1.39', 'f6b-osdb-xen-smp', [0.61], [1 / 1.39, 0.5]],
    ['within 4 % is in either direction', 'f6b-osdb-vserver', [0.96, 1.04], [0.94, 1.06]],
    ['almost double is not double and more', 't2-sh-xen-double', [1.956, 1.85], [2.1, 1.7]],
    ['up to 6 points in the worst case demands that one is off', 't3-xen', [6, 5.9], [0, 1, 9.49]],
    ['approximately 2x or greater has no upper end', 't2-approx-2x', [1.936, 3.14], [1.58]],
    ['little overhead is no more than the margin', 't2-ctx-vserver', [0.9, 1.04], [1.127]],
    ['up to 49 % of what it takes on Linux', 't2-sh-49', [1.49], [1.956, 1.3]],
  ])('%s', (_what, id, inside, outside) => {
    for (const value of inside) expect(holds(id, value), String(value)).toBe(true);
    for (const value of outside) expect(holds(id, value), String(value)).toBe(false);
  });

  it('no loss of time satisfies both overheads of the compile', () => {
    for (let loss = 0; loss < 0.12; loss += 0.001) {
      expect(holds('f6b-compile-xen-up', 1 - loss) && holds('f6b-compile-xen-smp', 1 - loss)).toBe(false);
    }
  });

  it('words for twice are bands around no number of the table', () => {
    expect(ALMOST_DOUBLE).toEqual({ low: 1.8, high: 2 });
  });

  test.each([
    ['f6a-dbench-smp', ['Linux-UP', 'VServer-UP']],
    ['f6b-compile-xen-smp', ['Linux-UP']],
    ['f6b-osdb-xen-smp', ['Linux-SMP']],
    ['f5-xen-smp-below-linux-up', ['Linux-UP']],
    ['f5-vserver-smp', ['Linux-SMP', 'Linux-SMP']],
    ['f7-vserver-smp-above', ['Xen3-SMP', 'Xen3-SMP', 'Xen3-SMP', 'Xen3-SMP']],
  ])('%s is relative to what its sentence names', (id, expected) => {
    const found = claims
      .find((claim) => claim.id === id)
      ?.checks.flatMap((check) => ('quantity' in check && 'to' in check.quantity ? [check.quantity.to] : []));
    expect(found).toEqual(expected);
  });

  it('a reservation that is met exactly is not off', () => {
    expect(magnitude(exactly({ low: -0.2, high: 0.1 })).interval(0.95)).toEqual({ low: 0, high: 0.2 });
    expect(magnitude(exactly({ low: -6.2, high: -5.8 })).interval(0.95)).toEqual({ low: 5.8, high: 6.2 });
  });
});
