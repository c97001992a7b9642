import { splitMetric } from '../model/measured.js';
import type { BarDefinition, Divisor, ExhibitDefinition } from '../model/exhibit.js';
import { hasSeveralBaselines } from '../read/baselines.js';
import { baselineFor, ratioTo, type Ratio } from './normalize.js';
import { seriesKey, type Series, type SeriesIndex } from './summarize.js';
import type { NoRatio, Note } from '../model/note.js';
import type { System, Trial } from '../model/types.js';

/** Ratios with one divisor: that of each series, or why it has none. */
export interface Comparison {
  readonly ratios: ReadonlyMap<Series, Ratio>;
  readonly withoutRatio: ReadonlyMap<Series, NoRatio>;
}

/** Ratios by divisor, see `comparisonWith`. */
export type Comparisons = ReadonlyMap<string, Comparison>;

const NONE: Comparison = { ratios: new Map(), withoutRatio: new Map() };

/** The ratios to a divisor; undefined: to the same metric of the baseline. */
export function comparisonWith(divisor: Divisor | undefined, comparisons: Comparisons): Comparison {
  return comparisons.get(keyOf(divisor)) ?? NONE;
}

function keyOf(divisor: Divisor | undefined): string {
  return divisor === undefined ? '' : `${divisor.system} ${divisor.metric}`;
}

/** Every ratio that the exhibits show: each series to the baseline, and those of bars with another divisor. */
export function compareAll(
  definitions: readonly ExhibitDefinition[],
  systems: readonly System[],
  index: SeriesIndex,
  trials: readonly Trial[],
): Comparisons {
  const comparisons = new Map([
    [keyOf(undefined), compare([...index.values()].flat(), undefined, systems, index, trials)],
  ]);
  const bars = definitions.flatMap(barsOf);
  for (const { divisor } of bars) {
    if (divisor === undefined || comparisons.has(keyOf(divisor))) continue;
    const metrics = bars.filter((bar) => keyOf(bar.divisor) === keyOf(divisor)).map(({ metric }) => metric);
    const series = [...new Set(metrics)].flatMap((metric) =>
      systems.flatMap((system) => index.get(seriesKey(system, ...splitMetric(metric))) ?? []),
    );
    comparisons.set(keyOf(divisor), compare(series, divisor, systems, index, trials));
  }
  return comparisons;
}

/** What an exhibit divides. */
function barsOf(definition: ExhibitDefinition): readonly BarDefinition[] {
  if (definition.kind === 'table') return [];
  return definition.kind === 'figure' ? definition.bars : [...definition.efficiency, ...definition.losses];
}

function compare(
  all: readonly Series[],
  divisor: Divisor | undefined,
  systems: readonly System[],
  index: SeriesIndex,
  trials: readonly Trial[],
): Comparison {
  const ratios = new Map<Series, Ratio>();
  const withoutRatio = new Map<Series, NoRatio>();
  const named = hasSeveralBaselines(systems) && divisor?.system !== 'same';
  for (const series of all) {
    const chosen = baselineFor(series, divisor, systems, index);
    if ('baseline' in chosen) {
      const ratio = ratioTo(series, chosen.baseline, trials);
      ratios.set(series, named ? { ...ratio, notes: [nameOf(ratio), ...ratio.notes] } : ratio);
    } else withoutRatio.set(series, chosen.noRatio);
  }
  return { ratios, withoutRatio };
}

/** In a report of several baselines each ratio names its own. */
function nameOf({ baseline }: Ratio): Note {
  return { kind: 'baseline', label: baseline.system.label };
}
