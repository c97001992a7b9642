import { trialsNeeded, type Needed } from '../../reports/index.js';
import { EXIT } from '../errors.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { allSuites, allWorkloads } from './registries.js';
import { loadRuns } from './runs.js';

export interface DetectOptions {
  readonly runsDir: string;
  /** A relative difference: 0.02 is 2 %. */
  readonly detect: number;
  readonly target: readonly string[];
  readonly suite: readonly string[];
  readonly workload: readonly string[];
  readonly json: boolean;
}

/** `bench plan --detect 2%`: the number of trials that detects such a difference, by the variance in stored runs. */
export async function planDetect(
  { printer }: Context,
  options: DetectOptions,
  names: readonly string[],
): Promise<number> {
  const { target, suite, workload, detect: difference } = options;
  const benchmarks = [...suite, ...workload];
  const runs = await loadRuns(options.runsDir, names, (line) => printer.line(line, 'bad'));
  const needed = trialsNeeded(runs, [...allSuites, ...allWorkloads], difference).filter(
    (one) =>
      (benchmarks.length === 0 || benchmarks.includes(one.suite)) &&
      (target.length === 0 || target.includes(one.system)),
  );
  if (options.json) {
    printer.out(jsonText({ difference, needed, suggested: suggestionsOf(needed), spread: spreadsOf(needed) }));
    return EXIT.done;
  }
  printer.out(
    alignColumns([
      ['target', 'benchmark', 'metric', 'trials so far', 'variation', 'trials per side'],
      ...needed.map((one) => [
        one.system,
        one.suite,
        one.metric,
        String(one.seen),
        variationText(one),
        trialsText(one),
      ]),
    ]),
  );
  for (const { suite: id, trials } of suggestionsOf(needed)) {
    printer.line(
      `to detect a difference of ${Number((100 * difference).toFixed(3))} % in every metric: --suite ${id} --trials ${trials}`,
    );
  }
  for (const { suite: id, boots, trials, assumed } of spreadsOf(needed)) {
    const cost = assumed ? ', with an assumed cost of a boot' : '';
    printer.line(`cheapest by the variance between boots${cost}: --suite ${id} --boots ${boots} --trials ${trials}`);
  }
  if (needed.length === 0) printer.line('these runs have no measurement of it');
  return EXIT.done;
}

/** For each benchmark the largest number of trials that one of its metrics needs. */
function suggestionsOf(needed: readonly Needed[]): readonly { readonly suite: string; readonly trials: number }[] {
  return [...new Set(needed.map(({ suite }) => suite))].flatMap((suite) => {
    const known = needed.flatMap((one) => (one.suite === suite && typeof one.trials === 'number' ? [one.trials] : []));
    return known.length === 0 ? [] : [{ suite, trials: Math.max(...known) }];
  });
}

/** For each benchmark with several boots what is enough for each of its metrics; `trials` in all boots together. */
function spreadsOf(
  needed: readonly Needed[],
): readonly { readonly suite: string; readonly boots: number; readonly trials: number; readonly assumed: boolean }[] {
  return [...new Set(needed.map(({ suite }) => suite))].flatMap((suite) => {
    const own = needed.flatMap((one) => (one.suite === suite && one.spread !== null ? [one.spread] : []));
    if (own.length === 0) return [];
    const boots = Math.max(...own.map((one) => one.boots));
    const each = Math.max(...own.map((one) => one.trials));
    return [{ suite, boots, trials: boots * each, assumed: own.some((one) => one.assumed) }];
  });
}

function variationText({ variation }: Needed): string {
  return variation === null ? '-' : `${(100 * variation).toFixed(2)} %`;
}

function trialsText({ trials, seen }: Needed): string {
  if (trials === 'too many') return 'over 10000';
  return trials === 'unknown'
    ? `unknown (${seen < 3 ? 'fewer than 3 trials so far' : 'its mean is 0'})`
    : String(trials);
}
