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

/** `bench plan --detect 2%`: how many trials would see such a difference, by the variance already seen. */
export async function planDetect(
  { printer }: Context,
  options: DetectOptions,
  names: readonly string[],
): Promise<number> {
  const { target, suite, workload, detect: difference } = options;
  const subjects = [...suite, ...workload];
  const runs = await loadRuns(options.runsDir, names);
  const needed = trialsNeeded(runs, [...allSuites, ...allWorkloads], difference).filter(
    (one) =>
      (subjects.length === 0 || subjects.includes(one.suite)) && (target.length === 0 || target.includes(one.system)),
  );
  if (options.json) {
    printer.out(jsonText({ difference, needed, suggested: suggestionsOf(needed) }));
    return EXIT.done;
  }
  printer.out(
    alignColumns([
      ['target', 'suite', 'metric', 'seen', 'spread', 'trials a side'],
      ...needed.map((one) => [one.system, one.suite, one.metric, String(one.seen), spreadOf(one), trialsOf(one)]),
    ]),
  );
  for (const { suite: id, trials } of suggestionsOf(needed)) {
    printer.line(
      `to see a difference of ${Number((100 * difference).toFixed(3))} % in every metric: --suite ${id} --trials ${trials}`,
    );
  }
  if (needed.length === 0) printer.line('nothing of it was measured in these runs');
  return EXIT.done;
}

/** For each suite what its worst metric needs, as far as that is known. */
function suggestionsOf(needed: readonly Needed[]): readonly { readonly suite: string; readonly trials: number }[] {
  return [...new Set(needed.map(({ suite }) => suite))].flatMap((suite) => {
    const known = needed.flatMap((one) => (one.suite === suite && typeof one.trials === 'number' ? [one.trials] : []));
    return known.length === 0 ? [] : [{ suite, trials: Math.max(...known) }];
  });
}

function spreadOf({ variation }: Needed): string {
  return variation === null ? '-' : `${(100 * variation).toFixed(2)} %`;
}

function trialsOf({ trials, seen }: Needed): string {
  if (trials === 'too many') return 'over 10000';
  return trials === 'unknown' ? `unknown (${seen < 3 ? 'fewer than 3 trials seen' : 'its mean is 0'})` : String(trials);
}
