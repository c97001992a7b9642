import { buildReport, type Report } from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

/** What a hostile host may call itself and print. */
const USUAL = `"><script>alert(1)</script>'&\`|{{title}}\u202e\u0007\n=cmd()|' /C calc'!A0`;

/** Texts that a tool, a host or a label may be, each an attack on some format. */
export const CORPUS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg/onload=alert(1)>",
  '</style></title><script>alert(1)</script>',
  '<!-- ]]> -->',
  '&lt;b&gt; &amp;amp;',
  '{{constructor}} {{> page}} ${1}',
  'javascript:alert(1)',
  '[x](http://example.com) ![y](//example.com/z.png) | `a` |',
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  '\t=1+1',
  '\r\n=1+1',
  " =cmd()|' /C calc'!A0",
  '\u001b[2J\u001b[31mred\u001b[0m',
  '\u001b]8;;http://example.com\u0007link\u001b]8;;\u0007',
  '\u009b31m\u0000\u0008\u007f',
  '\u202eevil\u202c \u2066x\u2069 \u200f',
  '\u2028\u2029\ufeff',
] as const;

/** A report whose every text from a host is an attack. */
export function hostileReport(HOSTILE: string = USUAL): Report {
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
