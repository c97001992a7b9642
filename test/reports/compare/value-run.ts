import type { LoadedRun } from '../../../harness/types.js';
import { syntheticRun, type Recipe } from '../synthetic.js';

/** What the tool of a metric prints for a value. */
const PRINTED: Readonly<Record<string, (value: number) => string>> = {
  'fork-process': (value) => `Process fork+exit: ${value} microseconds\n`,
  'exec-process': (value) => `Process fork+execve: ${value} microseconds\n`,
  'sh-process': (value) => `Process fork+/bin/sh -c: ${value} microseconds\n`,
  'ctx-2p-0k': (value) => `2 ${value}\n`,
  'ctx-16p-64k': (value) => `16 ${value}\n`,
  'mmap-64mb': (value) => `67.108864 ${value}\n`,
  'mmap-256mb': (value) => `268.435456 ${value}\n`,
};

/** Metrics that a `valueRun` can have. */
export const METRICS: readonly string[] = Object.keys(PRINTED);

/** A run of one native target whose trials printed exactly these values; metrics may have unlike numbers of trials. */
export function valueRun(
  id: string,
  values: Readonly<Record<string, readonly number[]>>,
  recipe: Partial<Recipe> = {},
): LoadedRun {
  return syntheticRun({
    id,
    targets: [{ id: 'linux-up' }],
    trials: Math.max(...Object.values(values).map((own) => own.length)),
    output: (_target, trial, metric) => {
      const value = values[metric]?.[trial];
      return value === undefined ? '' : (PRINTED[metric]?.(value) ?? '');
    },
    ...recipe,
  });
}
