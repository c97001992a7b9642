import { readFileSync } from 'node:fs';
import type { Installation, RawStep, RawText, RawTrial, Step, StepStatus } from '../../../harness/types.js';

/** A real output of pgbench: of release 15 unless the name contains another. */
export function fixture(name: string): RawText {
  return { text: readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'), file: name, firstLine: 1 };
}

export const installation: Installation = {
  tools: {
    pgbench: { path: '/opt/pg/bin/pgbench', origin: 'target', version: '15.18', linkage: '24' },
    postgres: { path: '/opt/pg/bin/postgres', origin: 'target', version: '15.18', linkage: '40' },
  },
  env: {},
  data: { bindir: '/opt/pg/bin', owner: 'postgres' },
};

export interface Printed {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly outcome?: StepStatus;
  readonly wallSeconds?: number;
}

/** What the steps print that `parse` looks at, when 50,000 transactions and 2,000 logged ones go well. */
export const good = {
  'served-before': { stdout: 'rows-found 15003\nrows-scanned 1099994\nblocks-not-cached 9434\n' },
  'read-rows': { stdout: fixture('fixed.stdout').text, wallSeconds: 3.25 },
  'served-after': { stdout: 'rows-found 65003\nrows-scanned 1099994\nblocks-not-cached 9434\n' },
  'time-rows': { stdout: fixture('per-command.stdout').text, wallSeconds: 0.3 },
  latencies: {
    stdout: [
      'transactions 2000',
      'odd-lines 0',
      'first-began-us 1795248109000000',
      'last-ended-us 1795248109180000',
      'latency-us 40 999',
      'latency-us 41 1',
      'latency-us 900 900',
      'latency-us 1500 80',
      'latency-us 70000 20',
      '',
    ].join('\n'),
  },
} as const satisfies Record<string, Printed>;

const DONE: StepStatus = { status: 'exited', code: 0 };
const PHASES: Readonly<Record<string, Step['phase']>> = {
  'served-before': 'prepare',
  'read-rows': 'measure',
  'served-after': 'measure',
  'time-rows': 'measure',
};

/** A raw trial whose steps printed this, each beginning at line 10 (standard output) and 1000 of the raw file. */
export function trial(steps: Readonly<Record<string, Printed>>): RawTrial {
  return {
    profile: 'quick',
    installation,
    steps: Object.entries(steps).map(
      ([name, { stdout = '', stderr = '', outcome = DONE, wallSeconds = 1 }]): RawStep => ({
        name,
        phase: PHASES[name] ?? 'cleanup',
        outcome,
        wallSeconds,
        stdout: { text: stdout, file: `raw/${name}`, firstLine: 10 },
        stderr: { text: stderr, file: `raw/${name}`, firstLine: 1000 },
      }),
    ),
  };
}
