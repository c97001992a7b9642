import type { LoadedRun, Plan, TargetId } from '../../harness/types.js';
import { loadSamples } from '../read/load.js';
import type { Measured } from '../model/measured.js';
import { noiseOf } from './noise.js';
import { smallestDifference, type Noise } from '../statistics/power.js';
import { groupSamples } from './summarize.js';
import { chooseBaseline, chooseBaselines, type Baselines } from '../read/baselines.js';
import { systemsOf } from '../read/systems.js';
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
 * Cells with the noise floors of their metrics, and a note where the difference from the baseline is below. The noise run
 * measures how much single trials spread; a floor is for the numbers of trials of the cell and of the baseline. Floors apply
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
  const noises = noisesOf(run, all);
  const systemOf = (cell: Cell): System | undefined => systems.find(({ key }) => key === cell.system);
  const baselineTrials = (cell: Cell): number | null => {
    const ofBaseline = cells.find(
      (other) => other.exhibit === cell.exhibit && other.metric === cell.metric && other.system === cell.baseline,
    );
    return ofBaseline?.n ?? cell.n;
  };
  let below = 0;
  const marked = cells.map((cell): Cell => {
    const system = systemOf(cell);
    const noise = noises.get(cell.metric);
    if (system === undefined || noise === undefined || cell.ratio === null) return cell;
    const { baseline, origin, host } = system;
    if (baseline || origin !== 'measured' || cell.profile !== profile || !hosts.includes(host)) return cell;
    const part = smallestDifference(noise, cell.n ?? 0, baselineTrials(cell) ?? 0);
    if (part === undefined) return cell;
    const floor = 100 * part;
    if (100 * Math.abs(cell.ratio - 1) > floor) return { ...cell, noiseFloor: floor };
    below += 1;
    return { ...cell, noiseFloor: floor, notes: [...cell.notes, { kind: 'below noise floor', percent: floor }] };
  });
  const chosen = how === 'requested' ? 'as requested' : 'the newest that fits the baseline';
  const statement =
    `Noise floors come from run ${run.id} (${chosen}), for the number of trials of each cell: ` +
    `${below === 1 ? '1 cell differs' : `${below} cells differ`} from the baseline by less than the noise floor.`;
  return { cells: marked, floors: { run: run.id, how, below, statement } };
}

/** What a noise run measured of each metric. */
export function noisesOf(run: LoadedRun, all: readonly Measured[]): ReadonlyMap<string, Noise> {
  const loaded = loadSamples([run], all);
  const systems = systemsOf([run], loaded.trials, armsOfFirst(run), []);
  const found = noiseOf(systems, groupSamples(loaded, systems), all).flatMap(({ metrics }) => metrics);
  return new Map(
    found.flatMap(({ metric, variation, again }) =>
      variation === null || again === null
        ? []
        : [[metric, { variation: variation / 100, apart: apartOf(again.percent / 100) }] as const],
    ),
  );
}

/** The baseline of a noise run: its first target, whose arms are compared. */
function armsOfFirst(run: LoadedRun): Baselines {
  const baseline = run.stored.plan.targets[0]?.id;
  return chooseBaselines([run], baseline === undefined ? [] : [{ baseline }]);
}

/** A difference as a part of the mean of both arms, from one as a part of the mean of arm a. */
function apartOf(difference: number): number {
  return Math.abs(difference / (1 + difference / 2));
}
