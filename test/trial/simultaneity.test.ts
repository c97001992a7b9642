import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simultaneityOf, toCommonNs, type TimedGuest } from '../../harness/trial/simultaneity.js';

const guest = (releasedNs: bigint, startedNs: bigint, endedNs: bigint, more: Partial<TimedGuest> = {}): TimedGuest => ({
  timing: {
    releasedNs: String(releasedNs),
    awakeNs: String(releasedNs),
    startedNs: String(startedNs),
    endedNs: String(endedNs),
    steps: {},
  },
  clock: { offsetNs: 0, boundNs: 0 },
  ...more,
});

describe('simultaneity', () => {
  it('is exact where instants have more digits than a double', () => {
    const parts = [
      guest(9_999_999_999_999_990n, 9_999_999_999_999_991n, 9_999_999_999_999_999n),
      guest(9_999_999_999_999_991n, 9_999_999_999_999_993n, 9_999_999_999_999_997n),
    ];
    expect(simultaneityOf(parts)).toEqual({ guests: 2, releaseSkewNs: 1, startSkewNs: 2, overlap: 0.5, boundNs: 0 });
  });

  it('converts guests to one clock, with a bound of the error', () => {
    const parts = [
      guest(1_000n, 1_100n, 2_000n, { clock: { offsetNs: 0, boundNs: 0 } }),
      guest(5_000n, 5_100n, 6_000n, { clock: { offsetNs: -4_000.4, boundNs: 30 } }),
      guest(200n, 300n, 1_200n, { clock: { offsetNs: 800, boundNs: 50 } }),
    ];
    expect(simultaneityOf(parts)).toEqual({ guests: 3, releaseSkewNs: 0, startSkewNs: 0, overlap: 1, boundNs: 80 });
  });

  it('leaves out loads', () => {
    const parts = [guest(10n, 11n, 20n), guest(0n, 1n, 500n, { role: 'load' })];
    expect(simultaneityOf(parts)).toEqual({ guests: 1, releaseSkewNs: 0, startSkewNs: 0, overlap: 1, boundNs: 0 });
  });

  it('is 0 where one ended before another began, and where nothing took any time', () => {
    expect(simultaneityOf([guest(0n, 1n, 5n), guest(0n, 9n, 12n)]).overlap).toBe(0);
    expect(simultaneityOf([guest(0n, 1n, 1n)]).overlap).toBe(0);
  });

  it.each([
    ['only loads', [guest(0n, 1n, 2n, { role: 'load' })], /at least one guest that is no load/],
    ['no guest', [], /at least one guest/],
    [
      'an offset that is none',
      [guest(0n, 1n, 2n, { clock: { offsetNs: Number.NaN, boundNs: 0 } })],
      /offset of a clock/,
    ],
  ])('refuses %s', (_, parts, why) => {
    expect(() => simultaneityOf(parts)).toThrow(why);
  });

  it.each(['', '-1', '1.5', '0x1', ' 1', '1'.repeat(21)])('takes %j for no instant', (text) => {
    expect(() => toCommonNs(text, { offsetNs: 0, boundNs: 0 })).toThrow(/expected an instant/);
  });

  const instant = fc.bigInt({ min: 0n, max: 10n ** 18n });
  const guests = fc.array(
    fc.tuple(instant, instant, instant).map(([released, started, ran]) => guest(released, started, started + ran)),
    { minLength: 1, maxLength: 8 },
  );

  it('lies within its bounds, and knows no order of the guests', () => {
    fc.assert(
      fc.property(guests, (parts) => {
        const { overlap, startSkewNs, releaseSkewNs } = simultaneityOf(parts);
        expect(overlap).toBeGreaterThanOrEqual(0);
        expect(overlap).toBeLessThanOrEqual(1);
        expect(Math.min(startSkewNs, releaseSkewNs)).toBeGreaterThanOrEqual(0);
        expect(simultaneityOf(parts.toReversed())).toEqual(simultaneityOf(parts));
      }),
    );
  });

  it('is the same wherever the common clock began', () => {
    fc.assert(
      fc.property(guests, fc.integer({ min: 0, max: 10 ** 15 }), (parts, offsetNs) => {
        const shifted = parts.map((part) => ({ ...part, clock: { offsetNs, boundNs: 0 } }));
        expect(simultaneityOf(shifted)).toEqual(simultaneityOf(parts));
      }),
    );
  });

  it('never grows with another guest', () => {
    fc.assert(
      fc.property(guests, guests, (some, more) => {
        expect(simultaneityOf([...some, ...more]).overlap).toBeLessThanOrEqual(simultaneityOf(some).overlap);
      }),
    );
  });
});
