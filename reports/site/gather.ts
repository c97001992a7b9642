import type { Metric } from '../../harness/types.js';
import type { RunDigest, SystemDigest, ValueDigest } from './model.js';

export interface Measured {
  readonly run: RunDigest;
  readonly value: ValueDigest;
}

/** A metric over all runs, by key of the system; runs oldest first. */
export interface MetricHistory {
  readonly metric: string;
  readonly label: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly bySystem: ReadonlyMap<string, readonly Measured[]>;
}

/** A system over all runs, described as in the newest. */
export interface SystemHistory {
  readonly system: SystemDigest;
  readonly runs: readonly RunDigest[];
  /** In the order of the metrics of its newest run. */
  readonly metrics: ReadonlyMap<string, readonly Measured[]>;
}

/** Everything that pages about several runs are made of. */
export interface Collection {
  /** Oldest first. */
  readonly runs: readonly RunDigest[];
  readonly systems: ReadonlyMap<string, SystemHistory>;
  readonly metrics: ReadonlyMap<string, MetricHistory>;
}

/** Sorts runs, which are given in any order, by system and by metric. Noise runs have their arms as systems, and are left out. */
export function gather(digests: readonly RunDigest[]): Collection {
  const runs = [...digests].sort((a, b) =>
    a.created < b.created ? -1 : a.created > b.created ? 1 : a.run < b.run ? -1 : 1,
  );
  const systems = new Map<string, { system: SystemDigest; runs: RunDigest[]; metrics: Map<string, Measured[]> }>();
  const metrics = new Map<string, Omit<MetricHistory, 'bySystem'> & { bySystem: Map<string, Measured[]> }>();
  for (const run of runs) {
    if (run.noise) continue;
    for (const system of run.systems) {
      const known = systems.get(system.key);
      systems.set(system.key, {
        system,
        runs: [...(known?.runs ?? []), run],
        metrics: known?.metrics ?? new Map<string, Measured[]>(),
      });
    }
    for (const value of run.values) {
      const key = run.systems[value.system]?.key ?? '';
      const { metric, label, unit, better } = value;
      const history = metrics.get(metric) ?? { metric, label, unit, better, bySystem: new Map<string, Measured[]>() };
      metrics.set(metric, { ...history, label });
      push(history.bySystem, key, { run, value });
      const own = systems.get(key);
      if (own !== undefined) push(own.metrics, metric, { run, value });
    }
  }
  const sorted = [...metrics].sort(([a], [b]) => (a < b ? -1 : 1));
  return { runs, systems: named(systems), metrics: new Map(sorted) };
}

function push(lists: Map<string, Measured[]>, key: string, item: Measured): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [item]);
  else known.push(item);
}

/** Systems whose labels are equal, with what distinguishes them. */
function named(systems: ReadonlyMap<string, SystemHistory>): ReadonlyMap<string, SystemHistory> {
  const all = [...systems.values()].map(({ system }) => system);
  return new Map(
    [...systems].map(([key, history]) => {
      const { system } = history;
      const same = all.filter(({ label }) => label === system.label);
      const differs = (name: 'profile' | 'host' | 'origin'): boolean => same.some((one) => one[name] !== system[name]);
      const parts = [
        ...(differs('profile') ? [`${system.profile} profile`] : []),
        ...(differs('host') ? [`on ${system.host}`] : []),
        ...(differs('origin') ? [system.origin] : []),
      ];
      const label = same.length > 1 && parts.length > 0 ? `${system.label} (${parts.join(', ')})` : system.label;
      return [key, { ...history, system: { ...system, label } }];
    }),
  );
}
