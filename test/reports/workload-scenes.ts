import { createHash } from 'node:crypto';
import type {
  Artifact,
  GateReading,
  GuestRecord,
  GuestTrial,
  JournalEntry,
  LoadedRun,
  Outcome,
  Reading,
  Simultaneity,
  TargetConfig,
  TrialRecord,
  Workload,
} from '../../harness/types.js';
import { randomStream, uniform } from '../../harness/random.js';
import { workloads as real } from '../../suites/index.js';
import { packed } from './synthetic.js';
import { withPlatforms } from './platform-entries.js';

/** Those that the scenes were written with: a workload that is added does not change them. */
const IDS = [
  ...['table-3-equal', 'table-3-weight', 'table-3-cap'],
  ...['osdb-1', 'osdb-2', 'osdb-4', 'osdb-8', 'osdb-beside-dd'],
];

/** The real workloads, except for what their guests print: each metric is a number that one of the guests prints. */
export const workloads: readonly Workload[] = real
  .filter(({ id }) => IDS.includes(id))
  .map((workload: Workload) => ({
    ...workload,
    parse: (guests: readonly GuestTrial[]) => guests.flatMap((guest) => guest.raw.steps.map(readNumber)),
  }));

function readNumber(step: GuestTrial['raw']['steps'][number]): Reading {
  const at = { file: step.stderr.file, line: step.stderr.firstLine };
  const text = step.stderr.text.trim();
  if (text === '') return { metric: step.name, missing: 'a guest printed nothing', at };
  return { metric: step.name, value: Number(text), at, tool: 'number' };
}

export interface WorkloadTarget extends Partial<TargetConfig> {
  readonly id: string;
  /** By metric, what it measures; a metric that is not named is 1. */
  readonly values: Readonly<Record<string, number>>;
  /** Apart in ns: the guests' release and, with more guests than CPUs, their first instants. */
  readonly skew?: { readonly release: number; readonly start: number; readonly bound: number };
}

export interface WorkloadRecipe {
  readonly id?: string;
  readonly targets: readonly WorkloadTarget[];
  readonly trials?: number;
  readonly noise?: number;
  readonly profile?: 'paper' | 'quick';
  readonly emulated?: readonly string[];
  readonly journal?: readonly JournalEntry[];
  readonly outcome?: (target: string, workload: string, trial: number) => Outcome | undefined;
  readonly gates?: (target: string, workload: string, trial: number) => readonly GateReading[] | undefined;
  /** Metrics that no guest prints. */
  readonly silent?: (target: string, metric: string) => boolean;
}

/** A run of these workloads, every byte of it determined by the recipe. */
export function workloadRun(recipe: WorkloadRecipe): LoadedRun {
  const { id = 'run-workloads', profile = 'paper', trials = 5 } = recipe;
  const targets = recipe.targets.map(targetConfig);
  const raw = new Map<string, Uint8Array>();
  const records: TrialRecord[] = [];
  for (let block = 0; block < trials; block += 1) {
    for (const workload of workloads) {
      for (const target of recipe.targets) records.push(record(recipe, workload, target, block, records.length, raw));
    }
  }
  const planned = records.map(({ trial, block, target, benchmark, guests = [] }) => ({
    ...{ id: trial, block, target, workload: benchmark },
    assignments: guests.map(({ assignment }) => assignment) as [
      GuestRecord['assignment'],
      ...GuestRecord['assignment'][],
    ],
  }));
  const plan = {
    ...{ schema: 'bench-plan/2' as const, seed: 7, profile, targets, baseline: 'linux-up', suites: [] },
    workloads: workloads.map(({ id: workload, version }) => ({ id: workload, version })),
    ...(recipe.emulated === undefined ? {} : { emulated: recipe.emulated }),
    ...{ order: 'balanced' as const, replication: 'a fresh guest start', trials: planned },
  };
  return {
    ...{ id, directory: '/nowhere', records, raw, damage: [] },
    stored: { run: id, created: '2026-11-21T07:00:00.000Z', hash: 'e'.repeat(64), plan },
    journal: withPlatforms(targets, recipe.journal ?? []),
  };
}

function targetConfig({
  id,
  host = 'alpha',
  platform = 'native',
  shape = { cpus: [1] },
  ...rest
}: WorkloadTarget): TargetConfig {
  const names = { ...(rest.label && { label: rest.label }), ...(rest.reproduces && { reproduces: rest.reproduces }) };
  return { id, host, platform, shape, options: {}, ...names };
}

function record(
  recipe: WorkloadRecipe,
  workload: Workload,
  target: WorkloadTarget,
  block: number,
  position: number,
  raw: Map<string, Uint8Array>,
): TrialRecord {
  const trial = `t${String(position + 1).padStart(4, '0')}`;
  const shape = target.shape ?? { cpus: [1] };
  const assignments = workload.assign(shape);
  const artifacts: Artifact[] = [];
  const next = randomStream(`${target.id} ${workload.id} ${block}`);
  const outputs = Object.keys(workload.metrics).map((name) => {
    const id = `${workload.id}/${name}`;
    let value = (target.values[id] ?? 1) * (1 + (recipe.noise ?? 0.004) * 2 * (uniform(next) - 0.5));
    if (name === 'fairness') value = Math.min(100, value);
    return { row: { name }, text: recipe.silent?.(target.id, id) === true ? '' : value.toPrecision(6) };
  });
  const guests = assignments.map((assignment): GuestRecord => {
    const own = outputs.filter((_, index) => index % assignments.length === assignment.guest);
    const bytes = new TextEncoder().encode(packed(own));
    const path = `raw/${trial}.1.g${assignment.guest}.txt`;
    raw.set(path, bytes);
    artifacts.push({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    const tools = { number: { path: '/usr/bin/number', origin: 'target' as const, version: '1' } };
    return {
      ...{ assignment, name: `bench-${target.id}-${assignment.guest}`, expects: [] },
      installation: { tools, env: {}, data: {} },
      findings: [{ check: 'pinning', expected: '1', found: '1', verdict: 'ok' }],
      artifacts: [path],
    };
  });
  const measured = guests.filter(({ assignment }) => assignment.role !== 'load').length;
  const gates = recipe.gates?.(target.id, workload.id, block);
  const started = new Date(Date.UTC(2026, 10, 21, 7, 0, 0) + position * 60_000);
  const outcome = recipe.outcome?.(target.id, workload.id, block) ?? { status: 'collected', artifacts };
  return {
    schema: 'bench-record/2',
    ...{ trial, attempt: 1, block, target: target.id, benchmark: workload.id, origin: 'measured' },
    profile: recipe.profile ?? 'paper',
    ...{ started: started.toISOString(), ended: new Date(started.getTime() + 45_000).toISOString() },
    ...{ expects: [], findings: [], guests },
    ...(outcome.status === 'skipped' ? {} : { simultaneity: simultaneity(measured, shape.cpus.length, target, next) }),
    ...(gates === undefined ? {} : { gates }),
    outcome,
  };
}

function simultaneity(
  guests: number,
  cpus: number,
  { skew = { release: 25_000, start: 9e6, bound: 0 } }: WorkloadTarget,
  next: Parameters<typeof uniform>[0],
): Simultaneity {
  if (guests === 1) return { guests, releaseSkewNs: 0, startSkewNs: 0, overlap: 1, boundNs: 0 };
  const release = Math.round(skew.release * (0.4 + 2 * uniform(next) ** 3));
  const start = guests > cpus ? Math.round(skew.start * (0.3 + uniform(next))) : 0;
  return {
    guests,
    releaseSkewNs: release,
    startSkewNs: release + start,
    overlap: 0.9995 - (guests > cpus ? 0.02 : 0.001) * uniform(next),
    boundNs: skew.bound,
  };
}

/** Shares of CPU on so many CPUs: of the guest with a quarter by weight and by cap, in percent of one CPU. */
export function shares(cpus: number, weight: number, cap: number): Record<string, number> {
  const of = (id: string, own: number): [string, number][] => {
    const rest = (99.8 * cpus - own) / 7;
    return [
      [`${id}/guest-0`, own],
      [`${id}/others-mean`, rest],
      [`${id}/others-lowest`, rest * 0.985],
      [`${id}/others-highest`, rest * 1.02],
      [`${id}/total`, 99.8],
      [`${id}/deviation`, Math.abs(own - (id === 'table-3-equal' ? 12.5 : 25) * cpus)],
    ];
  };
  return Object.fromEntries([
    ...of('table-3-weight', weight),
    ...of('table-3-cap', cap),
    ...of('table-3-equal', 12.47 * cpus),
  ]);
}

/** Throughput of all in 1, 2, 4 and 8 guests, as a part of linux-up's with one, and what is left of one beside dd. */
export function databases(
  parts: readonly [number, number, number, number],
  left: number,
  fairness = 99.6,
): Record<string, number> {
  const ONE = 23_000;
  const guests = [1, 2, 4, 8] as const;
  return Object.fromEntries([
    ...guests.flatMap((number, index): [string, number][] => {
      const all = ONE * (parts[index] ?? 1);
      const spread = number === 1 ? 0 : (100 - fairness) / 25;
      return [
        [`osdb-${number}/rows-per-second`, all],
        [`osdb-${number}/lowest-guest`, (all / number) * (1 - spread)],
        [`osdb-${number}/highest-guest`, (all / number) * (1 + spread)],
        [`osdb-${number}/fairness`, number === 1 ? 100 : fairness],
      ];
    }),
    ['osdb-beside-dd/rows-per-second', ONE * parts[0] * left],
    ['osdb-beside-dd/dd-write', 61e6],
  ]);
}

const TWO = { cpus: [0, 1] };

/** What the text of the paper states about every system, as if it had been measured. */
export const PAPER_AT_SCALE: readonly WorkloadTarget[] = [
  {
    id: 'linux-up',
    label: 'Linux-UP',
    values: { ...shares(1, 25.05, 24.9), ...databases([1, 1.1, 1.02, 0.93], 0.87) },
  },
  {
    ...{ id: 'vserver-up', label: 'VServer-UP', platform: 'vserver' },
    values: { ...shares(1, 25.16, 25.02), ...databases([0.97, 1.07, 1, 0.9], 0.866) },
  },
  {
    ...{ id: 'xen3-up', label: 'Xen3-UP', platform: 'xen', skew: { release: 140_000, start: 3e7, bound: 90_000 } },
    values: { ...shares(1, 15.51, 24.35), ...databases([0.9, 0.88, 0.72, 0.477], 0.88, 96) },
  },
  {
    ...{ id: 'vserver-smp', label: 'VServer-SMP', platform: 'vserver', shape: TWO },
    values: { ...shares(2, 49.88, 50.1), ...databases([1.75, 1.95, 1.85, 1.7], 0.864) },
  },
  {
    ...{ id: 'xen3-smp', label: 'Xen3-SMP', platform: 'xen', shape: TWO },
    skew: { release: 120_000, start: 2e7, bound: 80_000 },
    values: { ...shares(2, 44.1, 46.62), ...databases([1.1, 1.72, 1.4, 1.1], 1.01, 97) },
  },
];

/** The paper's systems, all measured. */
export function scaleRun(overrides: Partial<WorkloadRecipe> = {}): LoadedRun {
  return workloadRun({ targets: PAPER_AT_SCALE, ...overrides });
}

/** As in the demonstration: a native system and a container, at the quick profile, with what goes wrong. */
export function pairAtScale(overrides: Partial<WorkloadRecipe> = {}): LoadedRun {
  const reading: GateReading = {
    ...{ gate: 'overlap', value: 88.4, limit: 95, verdict: 'void' },
    detail: 'all guests ran for 88.4 % of the time',
  };
  const isVoid = (target: string, workload: string, trial: number): boolean =>
    target === 'lxc-up' && workload === 'osdb-8' && trial === 1;
  return workloadRun({
    targets: [
      {
        id: 'linux-up',
        label: 'Linux-UP',
        values: { ...shares(1, 25.02, 24.9), ...databases([1, 1.08, 1.01, 0.95], 0.9) },
      },
      {
        ...{ id: 'lxc-up', label: 'LXC-UP', platform: 'lxc' },
        values: { ...shares(1, 24.91, 23.4), ...databases([0.98, 1.07, 1, 0.91], 0.83, 98.1) },
      },
    ],
    trials: 4,
    noise: 0.02,
    profile: 'quick',
    outcome: (target, workload, trial) => {
      if (isVoid(target, workload, trial)) {
        return { status: 'void', reason: 'the guests overlapped for 88.4 % of the time', artifacts: [] };
      }
      if (target !== 'linux-up' || workload !== 'table-3-cap') return undefined;
      return { status: 'skipped', reason: 'the platform native cannot hold a guest to a cap' };
    },
    gates: (target, workload, trial) => (isVoid(target, workload, trial) ? [reading] : undefined),
    silent: (target, metric) => target === 'linux-up' && metric === 'osdb-beside-dd/rows-per-second',
    ...overrides,
  });
}
