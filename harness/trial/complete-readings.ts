import type { Metric, Reading } from '../types.js';

/**
 * Completes what a parser returned: one reading for each metric, values first. Every metric that the trial promised is
 * either a value or missing with its reason. A metric that was read twice, is not finite, or is not in `metrics` is
 * missing too: which of two values is right cannot be known.
 */
export function completeReadings(
  promised: readonly string[],
  readings: readonly Reading[],
  metrics: Readonly<Record<string, Metric>>,
): readonly Reading[] {
  const values = new Map<string, Extract<Reading, { value: number }>>();
  const missing = new Map<string, Extract<Reading, { missing: string }>>();
  for (const reading of readings) {
    const { metric, at } = reading;
    const why = reasonMissing(reading, values.get(metric), metrics);
    if (why === undefined && 'value' in reading) {
      if (!missing.has(metric)) values.set(metric, reading);
      continue;
    }
    values.delete(metric);
    missing.set(metric, { metric, missing: why ?? 'no value', ...(at === undefined ? {} : { at }) });
  }
  for (const metric of promised) {
    if (values.has(metric) || missing.has(metric)) continue;
    missing.set(metric, { metric, missing: 'the trial should have yielded it and its output has no such row' });
  }
  return [...values.values(), ...missing.values()];
}

/** Why a reading has no usable value; undefined when it has one. */
function reasonMissing(
  reading: Reading,
  earlier: Extract<Reading, { value: number }> | undefined,
  metrics: Readonly<Record<string, Metric>>,
): string | undefined {
  if ('missing' in reading) return reading.missing;
  if (earlier !== undefined) return `read twice, in line ${earlier.at.line} and in line ${reading.at.line}`;
  if (!Number.isFinite(reading.value)) return `not a number in line ${reading.at.line}`;
  if (!Object.hasOwn(metrics, reading.metric)) return 'not a metric of its suite';
  return undefined;
}
