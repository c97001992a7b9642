import { createHash } from 'node:crypto';
import type {
  Arm,
  LoadedRun,
  RecordedProfile,
  TargetConfig,
  TargetId,
  TrialId,
  TrialRecord,
} from '../../harness/types.js';
import { origins, type Origin } from '../model/states.js';
import type { PlatformKind } from '../model/platform.js';
import type { Counterpart, System, Trial } from '../model/types.js';
import { describeSize } from '../narrative/size.js';
import type { Baselines } from './baselines.js';
import { platformIn } from './platforms.js';
import { publishedColumn } from '../reference/index.js';

/**
 * Key of the column that a trial belongs to. Trials share a column only when target, configuration (host, emulated or
 * not, boot and peer that it names, platform, shape, options), profile, origin and, in a noise run, arm are the same; what
 * merely names the target is left out.
 */
export function systemKey(
  run: LoadedRun,
  { target, profile, origin, trial }: Pick<TrialRecord, 'target' | 'profile' | 'origin' | 'trial'>,
): string {
  const arm = armOf(run, trial);
  const config = run.stored.plan.targets.find((candidate) => candidate.id === target);
  const identity =
    config === undefined
      ? null
      : [
          ...[config.host, config.platform, sorted(config.shape), sorted(config.options)],
          ...(isEmulated(run, config) ? ['emulated'] : []),
          ...(config.boot === undefined ? [] : [`boot ${config.boot}`]),
          ...(config.peer === undefined ? [] : [`peer ${config.peer}`]),
          ...(arm === null ? [] : [`arm ${arm}`]),
          ...(profile !== 'unknown' ? [] : [`size ${run.stored.plan.size ?? 'unknown'}`]),
        ];
  const digest = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 8);
  return `${target}.${profile}.${origin}.${digest}`;
}

function armOf({ stored: { plan } }: LoadedRun, trial: TrialId): Arm | null {
  if (plan.noise === undefined) return null;
  return plan.trials.find(({ id }) => id === trial)?.arm ?? null;
}

function isEmulated(run: LoadedRun, config: TargetConfig | undefined): boolean {
  return config !== undefined && (run.stored.plan.emulated ?? []).includes(config.host);
}

function sorted(value: object): [string, unknown][] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Appended to the labels of systems on emulated machines. */
const EMULATED = ' (emulated)';

const ARMS: readonly Arm[] = ['a', 'b', 'detached'];

/** All systems: first measured, then imported, then published ones; in each group the baseline first, then by plan. */
export function systemsOf(
  runs: readonly LoadedRun[],
  trials: readonly Trial[],
  baselines: Baselines,
  publishedColumns: readonly string[],
): readonly System[] {
  const byKey = new Map<string, System>();
  const keysOfRun = new Map<string, Map<string, Trial>>();
  for (const trial of trials) {
    const keys = keysOfRun.get(trial.run) ?? new Map<string, Trial>();
    if (!keys.has(trial.system)) keys.set(trial.system, trial);
    keysOfRun.set(trial.run, keys);
  }
  for (const run of runs) {
    for (const [key, trial] of keysOfRun.get(run.id) ?? []) {
      const known = byKey.get(key);
      if (known !== undefined) byKey.set(key, { ...known, runs: [...known.runs, run.id] });
      else byKey.set(key, describeSystem(run, key, armOf(run, trial.trial), baselines, publishedColumns));
    }
  }
  const order = runs.flatMap((run) => run.stored.plan.targets.map((target) => target.id));
  const rank = (system: System): number =>
    origins.indexOf(system.origin) * (order.length + 1) + (system.baseline ? 0 : 1 + order.indexOf(system.target));
  const armRank = ({ arm }: System): number => (arm === null ? 0 : ARMS.indexOf(arm));
  return distinguish([...byKey.values()].sort((a, b) => rank(a) - rank(b) || armRank(a) - armRank(b)));
}

function describeSystem(
  run: LoadedRun,
  key: string,
  arm: Arm | null,
  baselines: Baselines,
  publishedColumns: readonly string[],
): System {
  // The key was made by `systemKey` of the same run: profile and origin have no dots, a target's id might.
  const parts = key.split('.');
  const origin = parts.at(-2) as Origin;
  const profile = parts.at(-3) as RecordedProfile;
  const target = parts.slice(0, -3).join('.');
  const config = run.stored.plan.targets.find((candidate) => candidate.id === target);
  const kind = config === undefined ? undefined : platformIn(run, config.platform);
  const counterpart = counterpartOf(target, config, kind?.kin ?? null, publishedColumns, origin);
  const emulated = isEmulated(run, config);
  const named = config?.label ?? target;
  // A publication has a baseline of its own, whatever the report's is.
  const normalizedBy = origin === 'published' ? (run.stored.plan.baseline ?? null) : baselines.of(target);
  return {
    key,
    target,
    label: `${named}${emulated && !named.endsWith(EMULATED) ? EMULATED : ''}${arm === null ? '' : ` (${arm})`}`,
    arm,
    host: config?.host ?? 'unknown',
    boot: config?.boot ?? null,
    peer: config?.peer ?? null,
    platform: config?.platform ?? 'unknown',
    boundary: kind?.boundary ?? null,
    shape: config?.shape ?? { cpus: [] },
    options: config?.options ?? {},
    profile,
    size: profile === 'unknown' ? (run.stored.plan.size ?? null) : null,
    origin,
    runs: [run.id],
    baseline: target === normalizedBy && (arm === null || arm === 'a'),
    normalizedBy,
    emulated,
    counterpart,
  };
}

/**
 * The published column that a target is compared with: the one that it `reproduces`; else the one with the same name, if
 * its platform is that same system; else, for orientation only, the column of the same kind of system with as many CPUs.
 */
function counterpartOf(
  target: TargetId,
  config: TargetConfig | undefined,
  kin: PlatformKind['kin'],
  columns: readonly string[],
  origin: Origin,
): Counterpart | null {
  const isNamed = (column: string, name: string | undefined): boolean => name?.toLowerCase() === column.toLowerCase();
  // An LXC container named `vserver-up` is not a VServer.
  const isSame = (column: string): boolean =>
    config === undefined || (kin?.same === true && column.startsWith(kin.family));
  const named = config?.reproduces === undefined ? undefined : publishedColumn(config.reproduces);
  // A published system of another publication is not compared with itself.
  if (named !== undefined && (origin !== 'published' || columns.includes(named.column))) {
    const isQualified = config?.reproduces?.includes('/') ?? false;
    return { reference: isQualified ? named.reference : null, column: named.column, how: 'reproduces' };
  }
  const same = columns.find((column) => isSame(column) && (isNamed(column, config?.label) || isNamed(column, target)));
  if (same !== undefined) return { reference: null, column: same, how: 'reproduces' };
  // A system of another publication is what it is there, and not near to one of this.
  if (config === undefined || kin === null || origin === 'published') return null;
  const build = config.shape.cpus.length === 1 ? 'UP' : 'SMP';
  const near = columns.find((column) => column === `${kin.family}-${build}`);
  return near === undefined ? null : { reference: null, column: near, how: 'orientation' };
}

/** Labels made unique: what distinguishes equal ones is appended, and a number where nothing does. */
function distinguish(systems: readonly System[]): readonly System[] {
  const differing = (same: readonly System[], system: System): string[] => {
    const parts: string[] = [];
    if (same.some((other) => other.origin !== system.origin)) parts.push(system.origin);
    if (same.some((other) => other.profile !== system.profile || other.size !== system.size)) {
      parts.push(describeSize(system));
    }
    if (same.some((other) => other.host !== system.host)) parts.push(`on ${system.host}`);
    if (same.some((other) => other.boot !== system.boot)) parts.push(`boot ${system.boot ?? 'unnamed'}`);
    if (same.some((other) => other.peer !== system.peer)) parts.push(`peer ${system.peer ?? 'none'}`);
    if (parts.length === 0) parts.push(`run ${system.runs.join(', ')}`);
    return parts;
  };
  const labelled = systems.map((system) => {
    const same = systems.filter((other) => other.label === system.label);
    if (same.length === 1) return system;
    return { ...system, label: `${system.label} (${differing(same, system).join(', ')})` };
  });
  return labelled.map((system, index) => {
    const earlier = labelled.slice(0, index).filter((other) => other.label === system.label).length;
    return earlier === 0 ? system : { ...system, label: `${system.label} #${earlier + 1}` };
  });
}
