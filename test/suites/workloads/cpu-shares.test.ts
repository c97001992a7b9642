import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestTrial } from '../../../harness/types.js';
import { metrics, parse } from '../../../suites/workloads/cpu-shares.js';
import { table3Cap, table3Weight } from '../../../suites/workloads/table-3.js';
import { damaged } from '../printed.js';
import { printing, readingsOf, realTrial, withGuest } from './trials.js';

const weighed = realTrial(table3Weight, 'up');
const capped = realTrial(table3Cap, 'smp');
const shift = (guest: GuestTrial, ns: number): GuestTrial => ({
  ...guest,
  timing: {
    ...guest.timing,
    steps: Object.fromEntries(
      Object.entries(guest.timing.steps).map(([name, { startNs, endNs }]) => [
        name,
        { startNs: String(BigInt(startNs) + BigInt(ns)), endNs: String(BigInt(endNs) + BigInt(ns)) },
      ]),
    ),
  },
  clock: { offsetNs: -ns, boundNs: 1000 },
});

describe('CPU shares of a real trial', () => {
  it('by weight on one CPU are in the proportion of the weights', () => {
    const readings = readingsOf(table3Weight, weighed) as Record<string, number>;
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    const { 'guest-0': own = 0, 'others-mean': mean = 0, total = 0, deviation } = readings;
    // What else ran on the machine took from all of them alike.
    expect(own / mean).toBeCloseTo(7 / 3, 1);
    expect(total).toBeCloseTo(own + 7 * mean, 6);
    expect(deviation).toBeCloseTo(Math.abs(own - 25), 6);
    expect(readings['others-lowest']).toBeLessThanOrEqual(mean);
    expect(readings['others-highest']).toBeGreaterThanOrEqual(mean);
  });

  it('on two CPUs are percent of one, of what two have', () => {
    const readings = readingsOf(table3Cap, capped) as Record<string, number>;
    const { 'guest-0': own = 0, 'others-mean': mean = 0, total = 0, deviation } = readings;
    expect(own).toBeLessThanOrEqual(50.5);
    expect(total).toBeCloseTo((own + 7 * mean) / 2, 6);
    expect(deviation).toBeCloseTo(Math.abs(own - 50), 6);
  });

  it('come from the line that the raw file has them on', () => {
    for (const reading of parse(weighed, 0.25)) {
      expect(reading).toMatchObject({ at: { file: 'table-3-weight.up.g0.txt' }, tool: 'hourglass' });
    }
  });

  it('are the same when a guest has another clock', () => {
    const own = readingsOf(table3Weight, weighed)['guest-0'];
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 5), max: 10 ** 8 }), (slots) => {
        const ns = slots * 10_000_000;
        const guests = withGuest(weighed, 0, (guest) => {
          const there = printing(guest, 'hourglass', (text) => moved(text, ns));
          return shift(there, ns);
        });
        expect(readingsOf(table3Weight, guests)['guest-0']).toBe(own);
      }),
      { numRuns: 20 },
    );
  });
});

/** A report with its instants moved by whole slots. */
function moved(text: string, ns: number): string {
  return text.replace(
    /("(?:startNs|endNs|firstNs|lastNs|slotsFromNs)":")(\d+)"/g,
    (_, name: string, digits: string) => {
      return `${name}${BigInt(digits) + BigInt(ns)}"`;
    },
  );
}

describe('CPU shares are missing', () => {
  it.each([
    [
      'when a guest printed nothing',
      (guest: GuestTrial) => printing(guest, 'hourglass', () => ''),
      /^guest 3: expected/,
    ],
    [
      'when a guest has more CPUs than the others',
      () => ({ ...(capped[3] as GuestTrial) }),
      /expected guests of 1 CPUs/,
    ],
    [
      'when a guest claims another time than its step took',
      (guest: GuestTrial) => printing(guest, 'hourglass', (text) => moved(text, 60e9)),
      /^guest 3: hourglass reports times outside its step/,
    ],
    [
      'when the guests did not run together',
      (guest: GuestTrial) => ({ ...guest, clock: { offsetNs: 3e9, boundNs: 0 } }),
      /^the guests ran together for 1\.\d{3} s of 5\.000 s$/,
    ],
    [
      'when the guests ran one after the other',
      (guest: GuestTrial) => ({ ...guest, clock: { offsetNs: -9e9, boundNs: 0 } }),
      /^the guests ran together for -4\.\d{3} s of 5\.000 s$/,
    ],
  ])('%s', (_, change, why) => {
    const readings = readingsOf(table3Weight, withGuest(weighed, 3, change));
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    for (const reason of Object.values(readings)) expect(reason).toMatch(why);
  });

  it('when there is one guest, or none', () => {
    expect(parse(weighed.slice(0, 1), 0.25)[0]).toMatchObject({ missing: 'expected several guests, found one' });
    expect(parse([], 0.25)[0]).toMatchObject({ missing: 'the trial has no guests' });
  });

  it('or finite for any output of a guest', () => {
    const real = weighed[0]?.raw.steps.map(({ stdout }) => stdout.text) ?? [];
    fc.assert(
      fc.property(damaged(real), (text) => {
        const readings = parse(
          withGuest(weighed, 0, (guest) => printing(guest, 'hourglass', () => text)),
          0.25,
        );
        expect(readings).toHaveLength(6);
        for (const reading of readings) if ('value' in reading) expect(Number.isFinite(reading.value)).toBe(true);
      }),
    );
  });
});
