import { buildReport, type Report } from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

/** What a hostile host may call itself and print. */
const HOSTILE = `"><script>alert(1)</script>'&\`|{{title}}\u202e\u0007\n=cmd()|' /C calc'!A0`;

/** A report whose every text from a host is an attack. */
export function hostileReport(): Report {
  const run = demoRun({
    trials: 3,
    targets: [
      { id: 'linux-up' },
      { id: 'lxc-up', platform: 'lxc', host: HOSTILE, label: HOSTILE, slowdown: 1.1, toolOrigin: 'project' },
    ],
    journal: [
      {
        at: '2026-11-21T07:00:00Z',
        event: 'facts',
        of: HOSTILE,
        facts: { [HOSTILE]: HOSTILE, plain: { deep: [HOSTILE] } },
      },
      { at: '2026-11-21T07:00:00Z', event: 'deviation', what: HOSTILE },
      { at: HOSTILE, event: 'opened', by: HOSTILE },
    ],
    damage: [HOSTILE],
    outcome: (target, trial) =>
      target === 'lxc-up' && trial === 0 ? { status: 'void', reason: HOSTILE, artifacts: [] } : undefined,
  });
  const records = run.records.map((record) => ({
    ...record,
    started: record.trial === 't0003' ? HOSTILE : record.started,
    findings: [{ check: HOSTILE, expected: HOSTILE, found: HOSTILE, verdict: 'differs' as const, hint: HOSTILE }],
    source: { [HOSTILE]: HOSTILE },
    ...(record.outcome.status === 'collected'
      ? {
          outcome: {
            status: 'collected' as const,
            artifacts: [
              ...record.outcome.artifacts,
              { path: '../../../etc/passwd', bytes: 1, sha256: HOSTILE },
              { path: `javascript:alert(1)//${HOSTILE}`, bytes: 1, sha256: '' },
            ],
          },
        }
      : {}),
  }));
  return buildReport([{ ...run, records }], { suites: [suite] });
}
