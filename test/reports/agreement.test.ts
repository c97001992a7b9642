import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { buildReport, type Cell, type Report } from '../../reports/index.js';
import { suites, workloads } from '../../suites/index.js';
import { figureSuites, PAPER, paperRun } from './figure-scenes.js';
import { publicationRun } from './publications.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

/** Every cell with every comparison of a claim on the same quantity. */
function pairs({ cells, claims }: Report): { cell: Cell; claim: Report['claims'][number]; verdict: string }[] {
  return cells.flatMap((cell) =>
    claims.flatMap((claim) =>
      claim.checks.flatMap((check) => {
        const shown = [cell.ratio, cell.relative, cell.request?.deviation ?? null];
        const same =
          check.metric === cell.metric &&
          check.target === cell.target &&
          shown.some((value) => value !== null && Math.abs(value / check.observed - 1) < 1e-9);
        return same ? [{ cell, claim, verdict: check.verdict }] : [];
      }),
    ),
  );
}

/** That no cell and claim on one quantity have opposite verdicts, unless the cell names the claim with the reason. */
function expectAgreement(report: Report): number {
  const judged = pairs(report).filter(({ cell }) => cell.verdict === 'reproduced' || cell.verdict === 'contradicted');
  for (const { cell, claim, verdict } of judged) {
    const where = `${cell.metric} on ${cell.target}, ${claim.id}`;
    if (cell.verdict === 'reproduced' && verdict === 'contradicted') {
      expect(claim.paper.verdict, where).toBe('contradicted');
      expect(cell.why, where).toMatch(/and by the numbers of the paper as well/);
    }
    if (cell.verdict === 'contradicted' && verdict === 'reproduced') {
      expect(cell.why, where).toMatch(/claim \S+, whose band is wider, holds|by claim \S+, whose band is narrower/);
    }
  }
  return judged.length;
}

const factor = fc.oneof(
  fc.constantFrom(0.98, 1, 1.005, 1.012, 1.03, 1.127, 1.49, 1.78, 1.9, 1.956, 2, 3.14),
  fc.double({ min: 0.5, max: 4, noNaN: true }),
);

describe('a cell and the claim on it', () => {
  it('never contradict one another, whatever was measured in Table 2', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        factor,
        factor,
        fc.constantFrom(0.001, 0.01, 0.03),
        fc.integer({ min: 3, max: 6 }),
        (vserver, xen, noise, trials) => {
          const targets = [
            { id: 'linux-up' },
            { id: 'vserver-up', platform: 'vserver', slowdown: vserver },
            { id: 'xen3-up', platform: 'xen', slowdown: xen },
          ] as const;
          judged += expectAgreement(buildReport([syntheticRun({ targets, trials, noise })], { suites: [suite] }));
        },
      ),
      { numRuns: 40 },
    );
    expect(judged).toBeGreaterThan(200);
  });

  it('never contradict one another in the figures', () => {
    fc.assert(
      fc.property(factor, fc.constantFrom(...PAPER.slice(1).map(({ id }) => id)), (value, id) => {
        const targets = PAPER.map((target) =>
          target.id === id
            ? {
                ...target,
                factors: { 'dd/write': value, 'kernel-compile/elapsed': value, 'osdb/rows-per-second': value },
              }
            : target,
        );
        expectAgreement(buildReport([paperRun({ targets })], { suites: figureSuites }));
      }),
      { numRuns: 10 },
    );
  });

  const imported = buildReport([publicationRun('soltesz2007')], { suites, workloads });
  const value = (metric: string, target: string): number | null =>
    imported.cells.find((cell) => cell.metric === metric && cell.target === target && cell.state === 'value')?.center ??
    null;

  it('of imported values have one source: a claim is decided by the numbers in the cells', () => {
    expectAgreement(imported);
    const ratio = (metric: string, own: string, base: string): number =>
      (value(`lmbench/${metric}`, own) ?? NaN) / (value(`lmbench/${metric}`, base) ?? NaN);
    const why = (id: string): string => imported.claims.find((claim) => claim.id === id)?.why ?? '';
    expect(why('t2-sh-49')).toContain(ratio('sh-process', 'xen3-up', 'linux-up').toPrecision(4));
    expect(why('t2-ctx-vserver')).toContain(ratio('ctx-16p-64k', 'vserver-up', 'linux-up').toPrecision(4));
    const worst = (value('table-3-weight/guest-0', 'xen3-up') ?? NaN) - 25;
    expect(why('t3-xen')).toContain(Math.abs(worst).toFixed(2));
  });

  test.each(imported.claims.map((claim) => [claim.id, claim] as const))(
    '%s has a verdict by the values that were imported, or why it has none',
    (_, { verdict, why, paper }) => {
      expect(verdict).toBe(paper.verdict);
      expect(['reproduced', 'contradicted', 'inconclusive', 'not judged']).toContain(verdict);
      expect(why).toMatch(/^Nothing was measured; by the paper’s own numbers: ./);
    },
  );
});

describe('the verdicts of one exhibit', () => {
  it('are contradicted only after adjustment for their number', () => {
    const targets = [{ id: 'linux-up' }, { id: 'xen3-up', platform: 'xen', slowdown: 2.6 }] as const;
    const seen = new Set<string>();
    for (let run = 0; run < 12; run += 1) {
      const report = buildReport([syntheticRun({ id: `run-${run}`, targets, trials: 3, noise: 0.05 })], {
        suites: [suite],
        exhibits: ['table-2'],
      });
      for (const { verdict, why, bandP, bandHolmP } of report.cells) {
        if (bandP === null || bandHolmP === null) continue;
        seen.add(verdict);
        expect(bandHolmP).toBeGreaterThanOrEqual(bandP);
        const byClaim = why?.includes('by claim') ?? false;
        if (verdict === 'contradicted' && !byClaim) expect(bandHolmP).toBeLessThanOrEqual(0.05);
        if (verdict === 'inconclusive' && !byClaim && bandP <= 0.05)
          expect(why).toContain('not after Holm’s adjustment');
      }
    }
    expect([...seen].sort()).toEqual(['contradicted', 'inconclusive']);
  });

  it('have a note with how many intervals are expected to miss', () => {
    const targets = [{ id: 'linux-up' }, { id: 'xen3-up', platform: 'xen', slowdown: 2.6 }] as const;
    const { exhibits } = buildReport([syntheticRun({ targets, trials: 3 })], { suites: [suite] });
    expect(exhibits[0]?.notes).toContainEqual({
      ...{ kind: 'multiplicity', intervals: 7, verdicts: 7 },
      expectedToMiss: expect.closeTo(0.35, 9) as number,
    });
  });
});
