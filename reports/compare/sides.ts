import type { LoadedRun, TargetId } from '../../harness/types.js';
import { groupSamples, type SeriesIndex } from '../analysis/summarize.js';
import { tallyTrials, type Tallies } from '../analysis/tally.js';
import type { ComparedSide } from '../model/comparison.js';
import type { Measured } from '../model/measured.js';
import type { System } from '../model/types.js';
import { loadSamples } from '../read/load.js';
import { chooseBaselines } from '../read/baselines.js';
import { systemsOf } from '../read/systems.js';
import { publishedColumn, publishedColumns } from '../reference/index.js';
import { benchOf } from '../read/provenance.js';

/** One set of runs. */
export interface SideRuns {
  /** As it was named. */
  readonly given: string;
  readonly runs: readonly LoadedRun[];
}

/** A set of runs, read. */
export interface Side extends SideRuns {
  readonly systems: readonly System[];
  readonly index: SeriesIndex;
  readonly tallies: Tallies;
  readonly subjects: readonly Subject[];
}

/** One target in one configuration; its profiles and origins are systems of their own. */
export interface Subject {
  readonly target: TargetId;
  /** That of its first system. */
  readonly label: string;
  readonly systems: readonly [System, ...System[]];
  /** The published system that it reproduces; null where it names none. */
  readonly reproduces: string | null;
}

/** Reads the runs of one side. The order in which they are given does not matter. Pure. */
export function readSide({ given, runs: unordered }: SideRuns, measured: readonly Measured[]): Side {
  const runs = unordered.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const loaded = loadSamples(runs, measured);
  const columns = publishedColumns.filter((name) => !name.includes('/'));
  const systems = systemsOf(runs, loaded.trials, chooseBaselines(runs), columns);
  return {
    given,
    runs,
    systems,
    index: groupSamples(loaded, systems),
    tallies: tallyTrials(loaded),
    subjects: subjectsOf(runs, systems),
  };
}

/** What reports show of a side. */
export function describeSide({ given, runs, systems }: Side): ComparedSide {
  return {
    given,
    runs: runs.map((run) => ({
      run: run.id,
      created: run.records.every(({ origin }) => origin === 'published') ? null : run.stored.created,
      bench: benchOf(run),
      profile: run.stored.plan.profile,
    })),
    systems: systems.map(({ label }) => label),
    damage: runs.flatMap(({ id, damage }) => damage.map((what) => `run ${id}: ${what}`)),
  };
}

/** The names by which a map of systems can name the targets of these runs: ids and labels. */
export function namesOfSide(runs: readonly LoadedRun[]): readonly string[] {
  const targets = runs.flatMap(({ stored }) => stored.plan.targets);
  return [...new Set(targets.flatMap(({ id, label }) => (label === undefined ? [id] : [id, label])))];
}

function subjectsOf(runs: readonly LoadedRun[], systems: readonly System[]): readonly Subject[] {
  const groups = new Map<string, Subject>();
  for (const system of systems) {
    const { target, label, host, platform, shape, options, boot, peer, emulated, arm } = system;
    const key = JSON.stringify([target, host, platform, shape, options, boot, peer, emulated, arm]);
    const known = groups.get(key);
    if (known === undefined)
      groups.set(key, { target, label, systems: [system], reproduces: reproducedBy(runs, system) });
    else groups.set(key, { ...known, systems: [...known.systems, system] });
  }
  return [...groups.values()];
}

/** By the hosts file, or else by its name where its platform is that of the published system. */
function reproducedBy(runs: readonly LoadedRun[], { target, runs: own, counterpart }: System): string | null {
  const config = runs
    .filter(({ id }) => own.includes(id))
    .flatMap(({ stored }) => stored.plan.targets)
    .find(({ id }) => id === target);
  const named = config?.reproduces === undefined ? undefined : publishedColumn(config.reproduces)?.column;
  return named ?? (counterpart?.how === 'reproduces' ? counterpart.column : null);
}
