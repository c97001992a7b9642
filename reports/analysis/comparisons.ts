import { splitMetric } from '../model/measured.js';
import type { Divisor, ExhibitDefinition } from '../model/exhibit.js';
import { baselineFor, ratioTo, type Ratio } from './normalize.js';
import { seriesKey, type Series, type SeriesIndex } from './summarize.js';
import type { NoRatio } from '../model/note.js';
import type { System, Trial } from '../model/types.js';

/** Ratios of one kind: of each series to what it is set against, or why it has none. */
export interface Comparison {
  readonly ratios: ReadonlyMap<Series, Ratio>;
  readonly withoutRatio: ReadonlyMap<Series, NoRatio>;
}

/** One kind for each way of setting metrics against each other. */
export type Comparisons = ReadonlyMap<string, Comparison>;

const NONE: Comparison = { ratios: new Map(), withoutRatio: new Map() };

/** The ratios to what `against` says; without it to the same metric of the baseline. */
export function comparisonWith(against: Divisor | undefined, comparisons: Comparisons): Comparison {
  return comparisons.get(keyOf(against)) ?? NONE;
}

function keyOf(against: Divisor | undefined): string {
  return against === undefined ? '' : `${against.system} ${against.metric}`;
}

/** Every ratio that the exhibits show: each series to the baseline, and those of bars that are set against something else. */
export function compareAll(
  definitions: readonly ExhibitDefinition[],
  systems: readonly System[],
  index: SeriesIndex,
  trials: readonly Trial[],
): Comparisons {
  const comparisons = new Map([
    [keyOf(undefined), compare([...index.values()].flat(), undefined, systems, index, trials)],
  ]);
  const bars = definitions.flatMap((definition) => (definition.kind === 'figure' ? definition.bars : []));
  for (const { against } of bars) {
    if (against === undefined || comparisons.has(keyOf(against))) continue;
    const metrics = bars.filter((bar) => keyOf(bar.against) === keyOf(against)).map(({ metric }) => metric);
    const series = [...new Set(metrics)].flatMap((metric) =>
      systems.flatMap((system) => index.get(seriesKey(system, ...splitMetric(metric))) ?? []),
    );
    comparisons.set(keyOf(against), compare(series, against, systems, index, trials));
  }
  return comparisons;
}

function compare(
  all: readonly Series[],
  against: Divisor | undefined,
  systems: readonly System[],
  index: SeriesIndex,
  trials: readonly Trial[],
): Comparison {
  const ratios = new Map<Series, Ratio>();
  const withoutRatio = new Map<Series, NoRatio>();
  for (const series of all) {
    const chosen = baselineFor(series, against, systems, index);
    if ('baseline' in chosen) ratios.set(series, ratioTo(series, chosen.baseline, trials));
    else withoutRatio.set(series, chosen.noRatio);
  }
  return { ratios, withoutRatio };
}
