import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CpuClock, GuestTrial } from '../../../harness/types.js';
import { osdb2 } from '../../../suites/workloads/osdb-at-once.js';
import { fairnessOf, metrics } from '../../../suites/workloads/throughput.js';
import { damaged } from '../printed.js';
import { printing, readingsOf, realTrial, withGuest, withStep } from './trials.js';

const GROUP: CpuClock = { kind: 'cgroup', words: 'cgroup v2 cpu.stat' };
/** A guest that used so many seconds of CPU time by the accounting of its platform. */
const using = (guest: GuestTrial, seconds: number, source = GROUP): GuestTrial => {
  const at = { file: `raw/t.g${guest.assignment.guest}.cpu-after.json`, line: 1 };
  const cpuTime = {
    before: { seconds: 7, stepSeconds: 1e-6, source },
    after: { seconds: 7 + seconds, stepSeconds: 1e-6, source },
    at,
  };
  return { ...guest, raw: { ...guest.raw, cpuTime } };
};
const real = realTrial(osdb2, 'up').map((guest) => using(guest, 2));
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

  it('has the CPU time of all guests by the rows of all, with its clock', () => {
    const uneven = withGuest(real, 1, (guest) => using(guest, 3));
    expect(readingsOf(osdb2, uneven)['cpu-per-row']).toBeCloseTo(5e6 / 100_000, 6);
    const [reading] = osdb2.parse(uneven).filter(({ metric }) => metric === 'cpu-per-row');
    expect(reading).toMatchObject({ clock: GROUP, at: { file: 'raw/t.g0.cpu-after.json', line: 1 } });
    expect((reading as { resolution: number }).resolution).toBeCloseTo((1e6 * Math.SQRT2 * 1e-6) / 100_000, 12);
  });

  it.each([
    [
      'was not read',
      (guest: GuestTrial) => ({ ...guest, raw: { ...guest.raw, cpuTime: undefined } }),
      /^guest 1: .* was not read$/,
    ],
    ['did not increase', (guest: GuestTrial) => using(guest, 0), /^guest 1: CPU time changed by 0 s/],
    [
      'is of another clock',
      (guest: GuestTrial) => using(guest, 2, { kind: 'proc-stat', words: '/proc/stat of CPUs 1' }),
      /^CPU time was read from cgroup v2 cpu.stat, and from \/proc\/stat of CPUs 1$/,
    ],
  ])('has rates, but no CPU time, where that of one guest %s', (_, change, why) => {
    const { 'cpu-per-row': cpu, ...rates } = readingsOf(
      osdb2,
      withGuest(real, 1, change as (guest: GuestTrial) => GuestTrial),
    );
    expect(cpu).toMatch(why);
    for (const rate of Object.values(rates)) expect(rate).toBeGreaterThan(0);
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
