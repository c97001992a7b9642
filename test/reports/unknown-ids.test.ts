import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, exporters, loadAssets } from '../../reports/index.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

/** A run of a later version: its platform, a gate that voided a trial, and a control are none of this version. */
function laterRun(): LoadedRun {
  const run = syntheticRun({
    trials: 3,
    baseline: 'linux-up',
    targets: [{ id: 'linux-up' }, { id: 'zone-up', platform: 'zones', slowdown: 1.2 }],
    journal: [
      {
        at: '2026-11-21T07:00:00.000Z',
        event: 'facts',
        of: 'controls of host alpha',
        facts: { 'cache-slices': 'requested one, found two' },
      },
    ],
  });
  const records = run.records.map((record) => {
    const detail = 'the bus was at 91 %';
    if (record.trial !== 't0002' || record.outcome.status === 'skipped') return record;
    const { artifacts } = record.outcome;
    return {
      ...record,
      gates: [{ gate: 'bus-load', value: 91, limit: 50, verdict: 'void' as const, detail }],
      outcome: { status: 'void' as const, reason: `gate bus-load: ${detail}`, artifacts },
    };
  });
  return { ...run, records };
}

describe('ids of a stored run that this version does not have', () => {
  const report = buildReport([laterRun()], { suites: [suite] });

  it('leave the numbers as they are: the platform and the gate keep their ids', () => {
    const system = report.systems.find(({ target }) => target === 'zone-up');
    expect(system).toMatchObject({ platform: 'zones' });
    expect(report.cells.filter((cell) => cell.target === 'zone-up' && (cell.n ?? 0) > 0)).not.toEqual([]);
    expect(report.trials.find(({ trial }) => trial === 't0002')?.gates).toMatchObject([{ gate: 'bus-load' }]);
  });

  it.each(exporters.map((exporter) => [exporter.id, exporter] as const))('are shown in %s', async (id, exporter) => {
    const text = await exporter.render(report, { assets: loadAssets, linkBase: '.', width: 120 });
    expect(text).toContain('zone-up');
    if (id === 'html' || id === 'json') {
      expect(text).toContain('zones');
      expect(text).toContain('bus-load');
      expect(text).toContain('cache-slices');
    }
  });
});
