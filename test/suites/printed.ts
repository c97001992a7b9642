import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { RawStep, RawText, RawTrial, Reading, StepStatus } from '../../harness/types.js';

/** What a step printed and how it ended, as far as a test cares. */
export interface Printed {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly outcome?: StepStatus;
  readonly wallSeconds?: number;
}

const DONE: StepStatus = { status: 'exited', code: 0 };

/** A raw trial whose steps printed this: each begins at line 10 (standard output) and 1000 of its raw file. */
export function trialOf(steps: Readonly<Record<string, Printed>>): RawTrial {
  return {
    profile: 'quick',
    installation: { tools: {}, env: {}, data: {} },
    steps: Object.entries(steps).map(
      ([name, { stdout = '', stderr = '', outcome = DONE, wallSeconds = 10 }]): RawStep => ({
        name,
        phase: 'measure',
        outcome,
        wallSeconds,
        stdout: { text: stdout, file: `raw/${name}`, firstLine: 10 },
        stderr: { text: stderr, file: `raw/${name}`, firstLine: 1000 },
      }),
    ),
  };
}

/** A real output in the folder of the tests of a suite. */
export function fixtureOf(suite: string, name: string): RawText {
  const text = readFileSync(new URL(`${suite}/fixtures/${name}`, import.meta.url), 'utf8');
  return { text, file: name, firstLine: 1 };
}

/** Values by metric; what is missing is its reason. */
export const shown = (readings: readonly Reading[]): Record<string, number | string> =>
  Object.fromEntries(readings.map((reading) => [reading.metric, 'value' in reading ? reading.value : reading.missing]));

/** Anything that a guest could send: real outputs with pieces cut out, doubled or replaced, and noise. */
export function damaged(texts: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom('', '0', '-1', 'nan', 'inf', '1e999', '\n', '\r', ' '), fc.string());
  const edited = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(60), piece).map(([text, at, length, put]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + put + text.slice(from + length);
  });
  return fc.oneof(edited, edited, fc.string({ maxLength: 200 }));
}

/** Whether these are the readings of exactly these metrics, each a finite value above zero with its resolution, or a reason. */
export function areWhole(readings: readonly Reading[], metrics: Readonly<Record<string, unknown>>): boolean {
  return (
    readings.length === Object.keys(metrics).length &&
    new Set(readings.map(({ metric }) => metric)).size === readings.length &&
    readings.every(
      (reading) =>
        reading.metric in metrics &&
        ('value' in reading
          ? Number.isFinite(reading.value) &&
            reading.value > 0 &&
            Number.isFinite(reading.resolution) &&
            (reading.resolution ?? -1) >= 0
          : reading.missing !== ''),
    )
  );
}
