import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuestTrial } from '../../../harness/types.js';
import { metrics } from '../../../suites/workloads/disturbed.js';
import { osdbBesideDd } from '../../../suites/workloads/osdb-beside-dd.js';
import { damaged } from '../printed.js';
import { printing, readingsOf, realTrial, withGuest, withStep } from './trials.js';

const real = realTrial(osdbBesideDd, 'smp');
const load = (change: (guest: GuestTrial) => GuestTrial): GuestTrial[] => withGuest(real, 1, change);
const shifted = (ns: number): GuestTrial[] => load((guest) => ({ ...guest, clock: { offsetNs: ns, boundNs: 0 } }));

describe('a database disturbed by a load', () => {
  it('has its rate, and that of the load meanwhile', () => {
    const readings = readingsOf(osdbBesideDd, real);
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    expect(readings['rows-per-second']).toBeCloseTo(50_000 / (real[0]?.raw.steps[6]?.wallSeconds ?? 0), 6);
    // 29 to 34 calls of 16 MiB fall into 0.92 s of the database.
    expect(readings['dd-write']).toBeGreaterThan(3e8);
    expect(readings['dd-write']).toBeLessThan(4e8);
  });

  it.each([
    ['began late', shifted(5e8), /^guest 1: dd began \d+\.\d ms after the database$/],
    ['ended early', shifted(-9e8), /^guest 1: dd ended \d+\.\d ms before the database$/],
    [
      'paused',
      load((guest) => printing(guest, 'write-on', (text) => text.replace(/(began 1 4 .*\n[^]*)(?=began 2 3 )/, ''))),
      /^guest 1: expected copy 4 of pass 1, found "began 2 3 \d+"$/,
    ],
    [
      'hung in one call',
      load((guest) => printing(guest, 'write-on', (text) => text.slice(0, text.indexOf('\n') + 1))),
      /^guest 1: no call of dd came to its end while the database was measured$/,
    ],
    [
      'failed',
      load((guest) => withStep(guest, 'write-on', (step) => ({ ...step, outcome: { status: 'exited', code: 28 } }))),
      /^guest 1: step write-on exited with code 28/,
    ],
    ['is not there', real.slice(0, 1), /^expected a database and a load, found 1 guests$/],
  ])('has no value when the load %s', (_, guests, why) => {
    const readings = readingsOf(osdbBesideDd, guests);
    expect(Object.keys(readings)).toEqual(Object.keys(metrics));
    for (const reason of Object.values(readings)) expect(reason).toMatch(why);
  });

  it('has none when the load stopped between two calls', () => {
    // Everything after the fifth call happens half a second later.
    let calls = 0;
    const guests = load((guest) =>
      printing(guest, 'write-on', (text) =>
        text.replace(/^(began \d+ \d+|ended) (\d+)$/gm, (_, what: string, ns: string) => {
          if (what !== 'ended') calls += 1;
          return `${what} ${calls > 5 ? BigInt(ns) + 500_000_000n : ns}`;
        }),
      ),
    );
    expect(readingsOf(osdbBesideDd, guests)['dd-write']).toMatch(/^guest 1: dd paused for [45]\d\d\.\d ms$/);
  });

  it('has values that are finite, or a reason, for any output of the load', () => {
    const text = real[1]?.raw.steps.find(({ name }) => name === 'write-on')?.stdout.text ?? '';
    fc.assert(
      fc.property(damaged([text]), (stdout) => {
        for (const value of Object.values(
          readingsOf(
            osdbBesideDd,
            load((guest) => printing(guest, 'write-on', () => stdout)),
          ),
        )) {
          expect(typeof value === 'string' ? value !== '' : Number.isFinite(value) && value > 0).toBe(true);
        }
      }),
    );
  });
});
