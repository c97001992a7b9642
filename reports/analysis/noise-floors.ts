import type { LoadedRun, Plan, TargetId } from '../../harness/types.js';
import { loadSamples } from '../read/load.js';
import type { Measured } from '../model/measured.js';
import { noiseOf } from './noise.js';
import { groupSamples } from './summarize.js';
import { chooseBaseline, systemsOf } from '../read/systems.js';
import type { FloorsUsed } from '../model/noise.js';
import type { Cell, System } from '../model/types.js';

/** A noise run whose floors a report uses. */
export interface NoiseSource {
  readonly run: LoadedRun;
  readonly how: FloorsUsed['how'];
}

/** Whether a noise run measured the baseline of these runs: same host, platform, shape and profile. Pure. */
export function fitsNoise(noise: Plan, runs: readonly LoadedRun[], asked: TargetId | undefined): boolean {
  const baseline = chooseBaseline(runs, asked);
  const kindOf = ({ targets, profile }: Plan, id: TargetId | null): readonly string[] =>
    targets
      .filter((target) => id === null || target.id === id)
      .map(({ host, platform, shape }) =>
        JSON.stringify([host, platform, profile, Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1))]),
      );
  const kinds = runs.flatMap(({ stored: { plan } }) => (baseline === null ? [] : kindOf(plan, baseline)));
  return noise.noise === true && kindOf(noise, null).some((kind) => kinds.includes(kind));
}

/**
 * Cells with the noise floors of their metrics, and a note where the difference from the baseline is below. Floors apply
 * only to the host and the profile that they were measured with. Pure.
 */
export function markFloors(
  cells: readonly Cell[],
  systems: readonly System[],
  { run, how }: NoiseSource,
  all: readonly Measured[],
): { readonly cells: readonly Cell[]; readonly floors: FloorsUsed } {
  const { profile, targets } = run.stored.plan;
  const hosts = targets.map(({ host }) => host);
  const floors = floorsOf(run, all);
  let below = 0;
  const marked = cells.map((cell): Cell => {
    const system = systems.find(({ key }) => key === cell.system);
    const floor = floors.get(cell.metric);
    if (system === undefined || floor === undefined || cell.ratio === null) return cell;
    const { baseline, origin, host } = system;
    if (baseline || origin !== 'measured' || cell.profile !== profile || !hosts.includes(host)) return cell;
    if (100 * Math.abs(cell.ratio - 1) > floor) return { ...cell, noiseFloor: floor };
    below += 1;
    return { ...cell, noiseFloor: floor, notes: [...cell.notes, { kind: 'below noise floor', percent: floor }] };
  });
  const chosen = how === 'requested' ? 'as requested' : 'the newest that fits the baseline';
  const statement =
    `Noise floors are those of run ${run.id} (${chosen}): ` +
    `${below === 1 ? '1 cell differs' : `${below} cells differ`} from the baseline by less than the noise floor.`;
  return { cells: marked, floors: { run: run.id, how, below, statement } };
}

/** Percent, by metric. */
function floorsOf(run: LoadedRun, all: readonly Measured[]): ReadonlyMap<string, number> {
  const loaded = loadSamples([run], all);
  const systems = systemsOf([run], loaded.trials, chooseBaseline([run], run.stored.plan.targets[0]?.id), []);
  const found = noiseOf(systems, groupSamples(loaded, systems), all).flatMap(({ metrics }) => metrics);
  return new Map(found.flatMap(({ metric, floor }) => (floor === null ? [] : [[metric, floor] as const])));
}
