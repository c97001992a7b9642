import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolutionOf } from '../../suites/parsing.js';
import { added, clocked, counted, divided, exact, readQuantity, scaled } from '../../suites/quantity.js';

describe('the resolution of a printed number', () => {
  it.each([
    ['12.30', 0.01],
    ['7', 1],
    ['0.000083', 1e-6],
    ['8.3e-05', 1e-6],
    ['1.5e3', 100],
    ['1E3', 1000],
    ['2e+2', 100],
  ])('%s', (text, resolution) => {
    expect(resolutionOf(text)).toBe(resolution);
  });

  it('is at least as far as two numbers with as many digits are apart', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(6), (digits, decimals) => {
        const [one, next] = [digits, digits + 1].map((value) => (value / 10 ** decimals).toFixed(decimals));
        const step = Number(next) - Number(one);
        expect(Math.abs(step / resolutionOf(one ?? '') - 1)).toBeLessThan(1e-4);
      }),
    );
  });
});

describe('quantities', () => {
  it('keep their relative resolution in another unit', () => {
    expect(scaled(readQuantity('137.5'), 1e6)).toEqual({ value: 137.5e6, resolution: 1e5 });
  });

  it('of a quotient have that of both parts', () => {
    expect(divided(exact(100), readQuantity('4.0'))).toEqual({ value: 25, resolution: 0.625 });
    expect(divided(counted(0), clocked(2))).toEqual({ value: 0, resolution: 0.5 });
    const { value, resolution } = divided({ value: 30, resolution: 0.3 }, { value: 2, resolution: 0.02 });
    expect(resolution / value).toBeCloseTo(0.01 * Math.SQRT2, 12);
  });

  it('of a sum grow as errors do', () => {
    expect(added([readQuantity('0.3'), readQuantity('0.40')])).toEqual({
      value: 0.7,
      resolution: Math.hypot(0.1, 0.01),
    });
    expect(added([])).toEqual({ value: 0, resolution: 0 });
  });
});
