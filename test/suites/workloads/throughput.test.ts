import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestTrial } from '../../../harness/types.js';
import { osdb2 } from '../../../suites/workloads/osdb-at-once.js';
import { fairnessOf, metrics } from '../../../suites/workloads/throughput.js';
import { damaged } from '../printed.js';
import { printing, readingsOf, realTrial, withGuest, withStep } from './trials.js';

const real = realTrial(osdb2, 'up');
const spanSeconds = (guests: readonly GuestTrial[]): number => {
  const times = guests.map(({ timing }) => timing.steps['read-rows']);
  const [starts, ends] = [times.map((time) => Number(time?.startNs)), times.map((time) => Number(time?.endNs))];
  return (Math.max(...ends) - Math.min(...starts)) / 1e9;
};

describe('the throughput of several databases', () => {
  it('is their work by the time to the last finish', () => {
    const readings = readingsOf(osdb2, real);
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    expect(readings['rows-per-second']).toBeCloseTo(100_000 / spanSeconds(real), 0);
    expect(readings['lowest-guest']).toBeLessThan(readings['highest-guest'] as number);
    expect(readings['fairness']).toBeGreaterThan(99);
    expect(readings['fairness']).toBeLessThan(100);
  });

  it('is less by as much as one guest ends later', () => {
    const later = withGuest(real, 1, (guest) => ({ ...guest, clock: { offsetNs: 1e9, boundNs: 0 } }));
    const [before, after] = [real, later].map((guests) => readingsOf(osdb2, guests)['rows-per-second'] as number);
    const seconds = (rate = 0): number => 100_000 / rate;
    expect(seconds(after) - seconds(before)).toBeGreaterThan(0.9);
    expect(seconds(after) - seconds(before)).toBeLessThan(1.1);
  });

  it.each([
    [
      'failed',
      (guest: GuestTrial) => withStep(guest, 'read-rows', (step) => ({ ...step, outcome: { status: 'limit' } })),
      /^guest 1: step read-rows exceeded its time limit/,
    ],
    [
      'was ended as if it were a load',
      (guest: GuestTrial) => withStep(guest, 'read-rows', (step) => ({ ...step, outcome: { status: 'finished' } })),
      /^guest 1: step read-rows was ended on request, as only a load may be/,
    ],
    [
      'read nothing that the server knows of',
      (guest: GuestTrial) => printing(guest, 'served-after', (text) => text.replace(/rows-found \d+/, 'rows-found 7')),
      /^guest 1: 50000 transactions should have found as many rows/,
    ],
    [
      'has no instants',
      (guest: GuestTrial) => ({ ...guest, timing: { ...guest.timing, steps: {} } }),
      /^guest 1: step read-rows has no instants/,
    ],
  ])('is missing when one guest %s', (_, change, why) => {
    const readings = readingsOf(osdb2, withGuest(real, 1, change));
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    for (const reason of Object.values(readings)) expect(reason).toMatch(why);
  });

  it('is finite or missing for any output of a guest', () => {
    const texts = real.flatMap(({ raw }) => raw.steps.map(({ stdout }) => stdout.text)).filter((text) => text !== '');
    fc.assert(
      fc.property(damaged(texts), fc.constantFrom('read-rows', 'served-before', 'served-after'), (text, name) => {
        const guests = withGuest(real, 0, (guest) => printing(guest, name, () => text));
        for (const value of Object.values(readingsOf(osdb2, guests))) {
          expect(typeof value === 'string' ? value !== '' : Number.isFinite(value) && value > 0).toBe(true);
        }
      }),
    );
  });
});

describe("Jain's fairness index", () => {
  const rates = fc.array(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), { minLength: 1, maxLength: 16 });

  it.each([
    [[5], 1],
    [[7, 7, 7], 1],
    [[1, 0, 0, 0], 0.25],
    [[1, 3], 16 / 20],
    [[1e300, 1e300], 1],
  ])('of %j is %d', (of, index) => {
    expect(fairnessOf(of)).toBeCloseTo(index, 12);
  });

  it.each([[[]], [[0, 0, 0]], [[1, Number.NaN]], [[1, Infinity]]])('of %j is unknown', (of) => {
    expect(fairnessOf(of)).toBeUndefined();
  });

  it('lies between 1/n and 1, in any unit and order', () => {
    fc.assert(
      fc.property(rates, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (of, unit) => {
        const index = fairnessOf(of) ?? Number.NaN;
        expect(index).toBeGreaterThanOrEqual(1 / of.length - 1e-9);
        expect(index).toBeLessThanOrEqual(1);
        expect(fairnessOf(of.map((rate) => rate * unit))).toBeCloseTo(index, 9);
        expect(fairnessOf(of.toReversed())).toBeCloseTo(index, 9);
      }),
    );
  });
});
