import type { Reading, TrialRecord } from '../../harness/types.js';
import type { Measured } from '../model/measured.js';
import type { Trial } from '../model/types.js';

type Value = Extract<Reading, { value: number }>;

/** The readings of one attempt, sorted into usable values and metrics without one. */
export interface Completed {
  readonly values: readonly Value[];
  readonly missing: Trial['missing'];
}

/**
 * Holds readings against what the trial promised. Every name in `expects` ends up with a value or as missing; a
 * metric that was read twice, is not finite, or is not of the suite is missing too: which of two values was meant is
 * not for a report to guess.
 */
export function completeReadings(
  record: TrialRecord,
  expects: readonly string[],
  readings: readonly Reading[],
  measured: Measured | undefined,
): Completed {
  if (record.outcome.status !== 'collected') return { values: [], missing: [] };
  const values = new Map<string, Value>();
  const missing = new Map<string, { why: string; line: number | null }>();
  for (const reading of readings) {
    const earlier = values.get(reading.metric);
    const why = refusal(reading, earlier, measured);
    if (why === undefined && !('missing' in reading)) {
      if (!missing.has(reading.metric)) values.set(reading.metric, reading);
      continue;
    }
    values.delete(reading.metric);
    missing.set(reading.metric, { why: why ?? 'no value', line: reading.at?.line ?? null });
  }
  for (const name of expects) {
    if (values.has(name) || missing.has(name)) continue;
    missing.set(name, { why: 'the trial should have yielded it and its output has no such row', line: null });
  }
  return {
    values: [...values.values()],
    missing: [...missing].map(([metric, { why, line }]) => ({ metric, why, line })),
  };
}

/** Why a reading cannot be used, or undefined when it can. */
function refusal(reading: Reading, earlier: Value | undefined, measured: Measured | undefined): string | undefined {
  if ('missing' in reading) return reading.missing;
  if (earlier !== undefined) return `read twice, in line ${earlier.at.line} and in line ${reading.at.line}`;
  if (!Number.isFinite(reading.value)) return `not a number in line ${reading.at.line}`;
  if (measured?.metrics[reading.metric] === undefined) return 'not a metric of its suite';
  return undefined;
}
