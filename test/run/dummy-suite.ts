import type { Profile, RawTrial, Reading, Step, Suite } from '../../harness/types.js';

/** A suite for tests of the harness's own logic: one shell step a metric, `value` lines read back. */
export function dummySuite(
  options: { id?: string; trials?: number; steps?: readonly Step[]; metrics?: readonly string[] } = {},
): Suite {
  const profile: Profile = {
    summary: 'a test',
    trials: options.trials ?? 3,
    expectedSeconds: 1,
    scratchBytes: 1_000_000,
  };
  const names = options.metrics ?? ['answer'];
  return {
    id: options.id ?? 'dummy',
    title: 'Dummy',
    version: 1,
    about: 'prints a number',
    caches: 'irrelevant',
    metrics: Object.fromEntries(names.map((name) => [name, { label: name, unit: 'us', better: 'lower' } as const])),
    profiles: { paper: profile, quick: profile },
    needs: { packages: [], files: [] },
    install: () =>
      Promise.resolve({
        tools: { sh: { path: '/bin/sh', origin: 'target', version: 'any' } },
        env: {},
        data: {},
      }),
    steps: () =>
      options.steps ?? [
        {
          name: 'answer',
          phase: 'measure',
          argv: ['/bin/sh', '-c', 'echo value 42'],
          limitSeconds: 10,
          yields: ['answer'],
        },
      ],
    parse: (raw) => names.map((name) => readValue(raw, name)),
  };
}

function readValue(raw: RawTrial, metric: string): Reading {
  const step = raw.steps.find(({ name }) => name === metric);
  const value = /^value (\d+)$/m.exec(step?.stdout.text ?? '')?.[1];
  if (step === undefined || value === undefined) return { metric, missing: 'no value was printed' };
  return { metric, value: Number(value), tool: 'sh', at: { file: step.stdout.file, line: step.stdout.firstLine } };
}
