import { readFileSync } from 'node:fs';
import type { Installation, RawStep, RawText, RawTrial, StepStatus, Tool } from '../../../harness/types.js';
import { TOOLS } from '../../../suites/lmbench/call.js';

/** A real output of lmbench, captured on Debian 12 with ENOUGH=50000. */
export function fixture(name: string): RawText {
  const text = readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
  return { text, file: name, firstLine: 1 };
}

function tool(path: string, origin: Tool['origin']): Tool {
  return { path, origin, version: 'a test', linkage: '1' };
}

/** A guest with all of lmbench, with the probes, or with both. */
export function installation(has: { lmbench?: readonly string[]; probes?: boolean }): Installation {
  const tools = (has.lmbench ?? []).map((name) => [name, tool(`/opt/lmbench/${name}`, 'target')] as const);
  const probes = ['bench-probe', 'bench-child'].map((name) => [name, tool(`/bench/${name}`, 'project')] as const);
  return {
    tools: Object.fromEntries([...tools, ...(has.probes === true ? probes : [])]),
    env: { ENOUGH: '1000000', TIMING_O: '0', LOOP_O: '0.00001300' },
    data: {},
  };
}

export const withLmbench = installation({ lmbench: TOOLS });
export const withProbes = installation({ probes: true });

const DONE: StepStatus = { status: 'exited', code: 0 };

interface Printed {
  readonly stderr?: string;
  readonly stdout?: string;
  readonly outcome?: StepStatus;
}

/** A raw trial in which each named step printed what is given; file and lines as the raw file would have them. */
export function trial(
  steps: Readonly<Record<string, Printed>>,
  about: Partial<Pick<RawTrial, 'profile' | 'installation'>> = {},
): RawTrial {
  return {
    profile: about.profile ?? 'quick',
    installation: about.installation ?? withLmbench,
    steps: Object.entries<Printed>({ hello: { stdout: 'Hello world\n' }, ...steps }).map(
      ([name, { stderr = '', stdout = '', outcome = DONE }]): RawStep => ({
        name,
        phase: name === 'hello' ? 'prepare' : 'measure',
        outcome,
        wallSeconds: 1,
        stdout: { text: stdout, file: 'raw/t0001.1.txt', firstLine: 10 },
        stderr: { text: stderr, file: 'raw/t0001.1.txt', firstLine: 20 },
      }),
    ),
  };
}
