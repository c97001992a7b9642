import type { LoadedRun } from '../../harness/types.js';
import { metricOf, type Measured } from '../model/measured.js';
import type { BenchmarkOrder, PositionEffect } from '../model/order.js';
import type { System } from '../model/types.js';
import type { Loaded } from '../read/load.js';
import { positionTest, type Placed } from '../statistics/position.js';
import { holm } from '../statistics/tests.js';

/**
 * The order of every suite and workload in every run that measured several systems. The position of a trial is its index
 * among the planned trials of its block and benchmark; an attempt that was repeated later keeps it. Pure.
 */
export function orderOf(
  runs: readonly LoadedRun[],
  loaded: Loaded,
  systems: readonly System[],
  all: readonly Measured[],
): readonly BenchmarkOrder[] {
  const measured = systems.filter(({ origin }) => origin === 'measured');
  const orders = runs.flatMap((run) => {
    const positions = positionsIn(run);
    return all.flatMap(({ id }) => benchmarkOrder(run, id, positions, loaded, measured, all) ?? []);
  });
  const adjusted = holm(orders.flatMap(({ effects }) => effects.flatMap(({ p }) => p ?? [])));
  return orders.map((order) => ({
    ...order,
    effects: order.effects.map((effect) =>
      effect.p === null ? effect : { ...effect, holmP: adjusted.shift() ?? null },
    ),
  }));
}

/** By id of the planned trial, 0-based. */
function positionsIn(run: LoadedRun): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  return new Map(
    run.stored.plan.trials.map(({ id, block, workload, assignments }) => {
      const key = `${block} ${workload ?? assignments[0].suite}`;
      const position = next.get(key) ?? 0;
      next.set(key, position + 1);
      return [id, position];
    }),
  );
}

function benchmarkOrder(
  run: LoadedRun,
  benchmark: string,
  positions: ReadonlyMap<string, number>,
  loaded: Loaded,
  systems: readonly System[],
  all: readonly Measured[],
): BenchmarkOrder | undefined {
  const own = loaded.trials.filter((trial) => trial.run === run.id && trial.benchmark === benchmark);
  const length = Math.max(0, ...own.map(({ trial }) => (positions.get(trial) ?? -1) + 1));
  const counted = own.filter(({ status }) => status === 'collected');
  const present = systems.filter(({ key }) => counted.some(({ system }) => system === key));
  if (present.length < 2 || length < 2) return undefined;
  const counts = present.map(({ key }) => ({
    system: key,
    counts: Array.from(
      { length },
      (_, at) => counted.filter(({ system, trial }) => system === key && positions.get(trial) === at).length,
    ),
  }));
  return {
    run: run.id,
    benchmark,
    systems: counts,
    balanced: counts.every(({ counts: each }) => Math.max(...each) - Math.min(...each) <= 1),
    effects: effectsIn(run, benchmark, positions, loaded, all),
  };
}

function effectsIn(
  run: LoadedRun,
  benchmark: string,
  positions: ReadonlyMap<string, number>,
  loaded: Loaded,
  all: readonly Measured[],
): PositionEffect[] {
  const placed = new Map<string, Placed[]>();
  for (const sample of loaded.samples) {
    const trial = loaded.trials[sample.trial];
    const position = trial?.run === run.id ? positions.get(trial.trial) : undefined;
    if (trial === undefined || sample.benchmark !== benchmark || position === undefined) continue;
    // What another tool measured is another quantity.
    const treatment = `${trial.system} ${sample.tool.name} ${sample.tool.version ?? ''}`;
    const several = placed.get(sample.metric) ?? [];
    placed.set(sample.metric, [...several, { treatment, position, value: sample.value }]);
  }
  return [...placed].map(([name, observations]) => {
    const metric = `${benchmark}/${name}` as const;
    const p = positionTest(observations)?.p ?? null;
    return { metric, label: metricOf(metric, all)?.label ?? name, n: observations.length, p, holmP: null };
  });
}
