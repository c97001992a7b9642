import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gates, readGates, voidedBy, type GateId, type GateView } from '../../../harness/run/gates/index.js';
import type { Simultaneity } from '../../../harness/types.js';

const together = (
  measured: Partial<Simultaneity>,
  more: { readonly crowded?: boolean; readonly overlapLimit?: number } = {},
): GateView => {
  const { crowded = false, ...workload } = more;
  const simultaneity = { guests: 2, releaseSkewNs: 0, startSkewNs: 0, overlap: 1, boundNs: 0, ...measured };
  return { guests: [], together: { workload, simultaneity, crowded } };
};
const verdicts = (view: GateView, thresholds: Partial<Record<GateId, number>>): Record<string, string> =>
  Object.fromEntries(readGates(view, thresholds).map(({ gate, verdict }) => [gate, verdict]));

describe('gates', () => {
  it.each([
    ['guests that start within a millisecond', together({ startSkewNs: 999_999 }), {}, { skew: 'ok', overlap: 'ok' }],
    ['guests that start further apart', together({ startSkewNs: 1_000_001 }), {}, { skew: 'void', overlap: 'ok' }],
    ['the same with another threshold', together({ startSkewNs: 1_000_001 }), { skew: 2 }, { skew: 'ok' }],
    ['more guests than CPUs', together({ startSkewNs: 5e7 }, { crowded: true }), {}, { skew: 'ok' }],
    ['these, released apart', together({ releaseSkewNs: 2e6 }, { crowded: true }), {}, { skew: 'void' }],
    ['clocks that may be wrong by as much', together({ startSkewNs: 5e6, boundNs: 4e6 }), {}, { skew: 'ok' }],
    ['clocks that may not', together({ startSkewNs: 5e6, boundNs: 3e6 }), {}, { skew: 'void' }],
    ['95 percent of overlap', together({ overlap: 0.95 }), {}, { overlap: 'ok' }],
    ['less', together({ overlap: 0.949 }), {}, { overlap: 'void' }],
    ['less where fixed work is done', together({ overlap: 0.6 }, { overlapLimit: 50 }), {}, { overlap: 'ok' }],
    [
      'the plan above the workload',
      together({ overlap: 0.6 }, { overlapLimit: 50 }),
      { overlap: 70 },
      { overlap: 'void' },
    ],
  ])('of %s', (_, view, thresholds, expected) => {
    expect(verdicts(view, thresholds)).toMatchObject(expected);
  });

  it('do not read simultaneity where one suite runs in one guest', () => {
    expect(readGates({ guests: [] })).toEqual([]);
  });

  it('void exactly when a reading is beyond its limit, with which gate and by how much', () => {
    const skews = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(skews, fc.double({ min: 0, max: 1, noNaN: true }), (startSkewNs, overlap) => {
        const readings = readGates(together({ startSkewNs, overlap }));
        const why = voidedBy(readings);
        expect(why !== undefined).toBe(startSkewNs > 1e6 || overlap * 100 < 95);
        expect(why?.includes('skew: ') ?? false).toBe(startSkewNs > 1e6);
        expect(why?.includes('(limit 95 %)') ?? false).toBe(overlap * 100 < 95);
      }),
    );
  });

  it('have unique names and an explanation', () => {
    expect(new Set(gates.map(({ id }) => id)).size).toBe(gates.length);
    expect(gates.filter(({ about }) => about.length < 40)).toEqual([]);
  });
});
