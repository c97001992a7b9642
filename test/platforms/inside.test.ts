import { describe, expect, it } from 'vitest';
import { readShare } from './inside.js';

describe('the share of a CPU that a loop got', () => {
  it.each([
    ['timeout ended in time', '100.00 102.00\n0m0.00s 0m0.00s\n0m0.48s 0m0.02s', 0.25],
    ['timeout ended late on a slow machine', '100.00 104.00\n0m0.05s 0m0.05s\n0m0.88s 0m0.02s', 0.25],
    ['more than a minute', '50.50 130.50\n0m0.00s 0m0.00s\n1m4.00s 0m16.00s', 1],
  ])('is taken of the time that passed in the guest: %s', (_, text, share) => {
    expect(readShare(text)).toBeCloseTo(share, 6);
  });

  it.each(['', '100.00 102.00', '0m0.00s 0m0.00s\n0m0.48s 0m0.02s', '100.00 100.00\n0m0.00s 0m0.00s\n0m0.48s 0m0.02s'])(
    'needs instants and times, which %j lacks',
    (text) => {
      expect(() => readShare(text)).toThrow('no times');
    },
  );
});
