import type { GroupExtreme, GroupKind, GroupSummary } from '../model/groups.js';
import type { Cell, System } from '../model/types.js';
import type { Loaded } from '../read/load.js';
import { MIN_TRIALS } from '../statistics/intervals.js';
import { mean, variance } from '../statistics/descriptive.js';
import { factorInterval, type WeightedPart } from '../statistics/weighted.js';
import { observations } from './levels.js';
import type { JudgedCell, RatioSides } from './multiplicity.js';
import type { Series } from './summarize.js';

const KINDS: readonly GroupKind[] = ['container', 'hypervisor'];

interface Grouped {
  readonly cell: Cell;
  readonly system: System;
  readonly sides: RatioSides;
  readonly value: number;
}

/**
 * The containers and the hypervisors of an exhibit, each summed up: the geometric mean of the relative performance of all its
 * systems and rows. None where the exhibit has not two of these systems. Emulated machines are left out where real ones are
 * shown. Pure.
 */
export function summarizeGroups(
  cells: readonly JudgedCell[],
  systems: readonly System[],
  { trials }: Pick<Loaded, 'trials'>,
): GroupSummary[] {
  const byKey = new Map(systems.map((system) => [system.key, system]));
  const all = cells.flatMap(({ cell, sides }): Grouped[] => {
    const system = byKey.get(cell.system);
    if (system === undefined || sides === null || cell.relative === null || !(cell.relative > 0)) return [];
    if (system.baseline || system.origin === 'published') return [];
    return [{ cell, system, sides, value: cell.relative }];
  });
  const members = all.filter(({ system: { boundary } }) => boundary !== null && boundary !== 'none');
  const hasReal = members.some(({ system }) => !system.emulated);
  const shown = members.filter(({ system }) => !system.emulated || !hasReal);
  if (new Set(shown.map(({ system }) => system.key)).size < 2) return [];
  return KINDS.flatMap((kind) => {
    const own = shown.filter(({ system }) => system.boundary === kind);
    return own.length === 0 ? [] : [summarizeGroup(kind, own, trials)];
  });
}

function summarizeGroup(kind: GroupKind, own: readonly Grouped[], trials: Loaded['trials']): GroupSummary {
  const center = Math.exp(mean(own.map(({ value }) => Math.log(value))));
  const factors = intervalOf(own, trials);
  const ordered = [...own].sort((a, b) => a.value - b.value);
  const [first, last] = [ordered[0] as Grouped, ordered.at(-1) as Grouped];
  return {
    kind,
    systems: [...new Set(own.map(({ system }) => system.key))],
    rows: new Set(own.map(({ cell }) => cell.metric)).size,
    ratios: own.length,
    center,
    low: factors === null ? null : center * factors.low,
    high: factors === null ? null : center * factors.high,
    least: extremeOf(first),
    most: extremeOf(last),
  };
}

function extremeOf({ value, cell }: Grouped): GroupExtreme {
  return { value, system: cell.system, row: cell.label };
}

/**
 * The interval of a group as factors of its center. Metrics of one trial share what that trial was like, so the rows of a
 * suite are one observation a trial: the mean of their logarithms. Ratios to one baseline share its error, which therefore
 * adds up over them. Null where some system or baseline has too few trials or no spread.
 */
function intervalOf(own: readonly Grouped[], trials: Loaded['trials']): ReturnType<typeof factorInterval> {
  const groups: WeightedPart[][] = [];
  const ofBaselines = new Map<string, WeightedPart[]>();
  for (const rows of partition(own, ({ sides }) => `${sides.series.system.key} ${sides.series.suite}`)) {
    const weight = rows.length / own.length;
    const error = errorOf(rows, 'series', trials);
    if (error === null) return null;
    groups.push([{ weight, ...error }]);
    for (const ofOne of partition(rows, ({ sides }) => `${sides.baseline.system.key} ${sides.baseline.suite}`)) {
      const base = errorOf(ofOne, 'baseline', trials);
      const [
        {
          sides: { baseline },
        },
      ] = ofOne as [Grouped];
      if (base === null) return null;
      const key = `${baseline.system.key} ${baseline.suite}`;
      const parts = ofBaselines.get(key) ?? [];
      ofBaselines.set(key, parts);
      parts.push({ weight: ofOne.length / own.length, ...base });
    }
  }
  return factorInterval([...groups, ...ofBaselines.values()]);
}

function partition<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** Rounding has at least this variance, as a part of the square of its step: see `spreadOf`. */
const ROUNDING = 1 / 12;

/** The standard error of the mean logarithm of these rows, over the trials that have all of them; null without one. */
function errorOf(
  rows: readonly Grouped[],
  side: keyof RatioSides,
  trials: Loaded['trials'],
): Omit<WeightedPart, 'weight'> | null {
  const sums = new Map<number, { sum: number; count: number }>();
  let rounding = 0;
  for (const { sides, cell } of rows) {
    const series: Series = sides[side];
    const sign = cell.better === 'higher' ? 1 : -1;
    rounding += ROUNDING * (series.resolution / mean(series.values)) ** 2;
    for (const { trial, value } of series.samples) {
      if (!(value > 0)) return null;
      const known = sums.get(trial) ?? { sum: 0, count: 0 };
      sums.set(trial, { sum: known.sum + sign * Math.log(value), count: known.count + 1 });
    }
  }
  const complete = [...sums].filter(([, { count }]) => count === rows.length);
  const { values } = observations(
    complete.map(([trial, { sum }]) => {
      const { boot = null, freshGuest = null } = trials[trial] ?? {};
      return { value: sum / rows.length, boot, freshGuest };
    }),
  );
  if (values.length < MIN_TRIALS) return null;
  const spread = Math.max(variance(values), rounding / rows.length ** 2);
  return spread === 0 ? null : { error: Math.sqrt(spread / values.length), freedom: values.length - 1 };
}
