import { BenchError } from '../../errors.js';
import type {
  Arm,
  Assignment,
  Enforced,
  HostConfig,
  HostId,
  Plan,
  PlannedTrial,
  ProfileId,
  Suite,
  TargetConfig,
  TargetId,
  Workload,
} from '../../types.js';
import { balancedOrders } from './balanced.js';
import { BOOT_ORDER, inBootOrder } from './boot-order.js';
import { bootOfBlock, describeBoots, overBoots, requireBlocks } from './boots.js';
import { randomStream, shuffled } from '../../random.js';

export interface PlanRequest {
  readonly seed: number;
  readonly profile: ProfileId;
  readonly suites: readonly Suite[];
  readonly workloads?: readonly Workload[];
  readonly targets: readonly TargetConfig[];
  /** Trials per target and suite, or workload; default: those of its profile. */
  readonly trials?: number;
  readonly baseline?: TargetId;
  /** The limits that platforms can enforce; a platform that is not listed enforces none. Matters to workloads only. */
  readonly enforces?: ReadonlyMap<string, readonly Enforced[]>;
  readonly hosts?: ReadonlyMap<HostId, HostConfig>;
  /** Thresholds that differ from the defaults. */
  readonly gates?: Plan['gates'];
  /** Default: `balanced`. */
  readonly order?: Plan['order'];
  /** As many trials as its `maxTrials` are planned, regardless of `trials` and profiles. */
  readonly precision?: NonNullable<Plan['precision']>;
  /** Spreads the trials of each target and benchmark over so many boots of its host. */
  readonly boots?: number;
  /** Compares the one target with itself: each trial becomes one of each arm. */
  readonly noise?: true;
}

/** What a trial measures: a suite in one guest, or a workload. */
interface Subject {
  readonly id: string;
  /** The id of the workload, if it is one. */
  readonly named: Pick<PlannedTrial, 'workload'>;
  readonly trials: number;
  /** What a trial on a target consists of; undefined where the target is left out. */
  assignedTo(target: TargetConfig): readonly [Assignment, ...Assignment[]] | undefined;
}

const REPLICATION = 'trial: a fresh start of the guest each time (native: the running host)';

/**
 * Orders the trials in blocks: block k holds the k-th trial of every suite and workload on every target. Within a block
 * suites and workloads come in a random order. For each of them, its targets come in the order of a row of a Williams
 * square (`balancedOrders`): over the blocks each target has each position equally often, as near as their number allows,
 * so that what drifts over time, or depends on what was measured first, affects all targets alike. In the order `abba` a
 * block holds two trials on each of two targets, for each suite as A B B A or B A A B in turn: a linear drift then
 * cancels out within the block. The last of an odd number of trials makes half a block. The arms of a noise run are
 * balanced in the same way. Pure: the same request gives the same plan. Throws where `abba` is requested for other than
 * two targets, or noise for other than one.
 */
export function makePlan(request: PlanRequest): Plan {
  const { workloads = [], hosts, gates = {}, order = 'balanced', precision, noise, boots } = request;
  if (noise) requireOne(request);
  if (order === 'abba') requirePair(request.targets);
  const next = randomStream(String(request.seed));
  const trials: PlannedTrial[] = [];
  const subjects = [
    ...request.suites.map((suite) => subjectOfSuite(suite, request)),
    ...workloads.map((workload) => subjectOfWorkload(workload, request)),
  ].map((subject) => {
    const present = request.targets.filter((target) => subject.assignedTo(target) !== undefined);
    return { ...subject, orders: balancedOrders(present, next), arms: armOrders(next) };
  });
  const each = order === 'abba' ? 2 : 1;
  const blocksOf = (subject: Subject): number => Math.ceil(subject.trials / each);
  if (boots !== undefined) {
    const counts = subjects.map((subject) => ({ id: subject.id, blocks: blocksOf(subject) }));
    requireBlocks(boots, counts, precision !== undefined);
  }
  const blocks = Math.max(0, ...subjects.map(blocksOf));
  for (let block = 1; block <= blocks; block += 1) {
    const present = subjects.filter((subject) => subject.trials > (block - 1) * each);
    for (const subject of shuffled(present, next)) {
      const once = subject.orders.next().value;
      const isWhole = subject.trials >= block * each;
      for (const target of order === 'abba' && isWhole ? [...once, ...once.toReversed()] : once) {
        const assignments = subject.assignedTo(target);
        if (assignments === undefined) continue;
        for (const arm of noise ? subject.arms.next().value : [undefined]) {
          const id = `t${String(trials.length + 1).padStart(4, '0')}`;
          const armed = arm === undefined ? {} : { arm };
          const booted = boots === undefined ? {} : { boot: bootOfBlock(block, blocksOf(subject), boots) };
          trials.push({ id, block, target: target.id, ...subject.named, assignments, ...booted, ...armed });
        }
      }
    }
  }
  const { ordered, replication } = orderByBoot(trials, request);
  const used = new Set(request.targets.map(({ host }) => host));
  const emulated = [...used].filter((host) => hosts?.get(host)?.lab === 'emulated');
  return {
    schema: 'bench-plan/2',
    seed: request.seed,
    profile: request.profile,
    suites: request.suites.map(({ id, version }) => ({ id, version })),
    ...(workloads.length === 0 ? {} : { workloads: workloads.map(({ id, version }) => ({ id, version })) }),
    targets: request.targets,
    ...(request.baseline === undefined ? {} : { baseline: request.baseline }),
    ...(emulated.length === 0 ? {} : { emulated }),
    ...(Object.keys(gates).length === 0 ? {} : { gates }),
    order,
    ...(precision === undefined ? {} : { precision }),
    ...(boots === undefined ? {} : { boots }),
    replication,
    ...(noise ? { noise } : {}),
    trials: ordered,
  };
}

/** Trials in an order with few reboots, and what is replicated, in words. */
function orderByBoot(
  trials: readonly PlannedTrial[],
  { targets, boots, order }: PlanRequest,
): { readonly ordered: readonly PlannedTrial[]; readonly replication: string } {
  if (boots !== undefined) {
    return { ordered: overBoots(trials, targets), replication: `${describeBoots(boots)}; ${REPLICATION}` };
  }
  const booted = order === 'abba' ? undefined : inBootOrder(trials, targets);
  if (booted === undefined) return { ordered: trials, replication: REPLICATION };
  return { ordered: booted, replication: `${REPLICATION}; ${BOOT_ORDER}` };
}

/** The targets that are left out of workloads, each with its reason in a sentence. Pure. */
export function leftOutOf(request: Pick<PlanRequest, 'workloads' | 'targets' | 'enforces'>): readonly string[] {
  const { workloads = [], targets, enforces } = request;
  return workloads.flatMap((workload) =>
    targets.flatMap((target) => {
      const why = unsuited(workload, target, enforces);
      return why === undefined ? [] : [`target ${target.id} of workload ${workload.id}: ${why}`];
    }),
  );
}

/**
 * The arms of a noise run, balanced over the blocks. The detached trial is the last of the first block, because the
 * others show how long it takes.
 */
function* armOrders(next: () => number): Generator<readonly Arm[], never> {
  const orders = balancedOrders(['a', 'b', 'detached'] as const, next);
  const first = orders.next().value;
  const last = first.at(-1);
  // Swapping two letters in every row keeps the design balanced.
  const swapped = (arm: Arm): Arm => (arm === last ? 'detached' : arm === 'detached' ? (last ?? arm) : arm);
  yield first.map(swapped);
  for (;;) yield orders.next().value.map(swapped);
}

function requireOne({ targets, order, precision }: PlanRequest): void {
  const found = [
    ...(targets.length === 1 ? [] : [targets.map(({ id }) => id).join(', ') || 'no target']),
    ...(order === 'abba' ? ['the order abba'] : []),
    ...(precision === undefined ? [] : ['a rule on precision']),
  ];
  if (found.length === 0) return;
  const message = 'the noise floor is measured on one target, in the balanced order and with a fixed number of trials';
  const hint = 'name the target with --target';
  throw new BenchError({ stage: 'config', message, expected: 'one target', found: found.join('; '), hint });
}

function requirePair(targets: readonly TargetConfig[]): void {
  if (targets.length === 2) return;
  const message = 'the order abba compares two targets';
  const found = targets.map(({ id }) => id).join(', ');
  throw new BenchError({ stage: 'config', message, expected: 'two targets', found, hint: 'name them with --target' });
}

function subjectOfSuite(suite: Suite, { trials, precision, profile }: PlanRequest): Subject {
  const assignments = [{ guest: 0, suite: suite.id }] as const;
  return {
    id: suite.id,
    named: {},
    trials: precision?.maxTrials ?? trials ?? suite.profiles[profile].trials,
    assignedTo: () => assignments,
  };
}

function subjectOfWorkload(workload: Workload, { trials, precision, profile, enforces }: PlanRequest): Subject {
  return {
    id: workload.id,
    named: { workload: workload.id },
    trials: precision?.maxTrials ?? trials ?? workload.profiles[profile].trials,
    assignedTo(target) {
      if (unsuited(workload, target, enforces) !== undefined) return undefined;
      const [first, ...rest] = workload.assign(target.shape);
      return first === undefined ? undefined : [first, ...rest];
    },
  };
}

function unsuited(
  workload: Workload,
  { platform, shape }: TargetConfig,
  enforces: PlanRequest['enforces'],
): string | undefined {
  const held = enforces?.get(platform) ?? [];
  const lacking = workload.enforced.filter((limit) => !held.includes(limit));
  if (lacking.length > 0) {
    return `the platform ${platform} cannot enforce the guest's ${lacking.map((limit) => WORDS[limit]).join(' and ')}`;
  }
  const measured = workload.assign(shape).some(({ role }) => role !== 'load');
  return measured ? undefined : 'nothing can be measured in guests of this shape';
}

const WORDS: Readonly<Record<Enforced, string>> = {
  cpus: 'CPUs',
  memory: 'memory',
  weight: 'CPU weight',
  cap: 'CPU cap',
  reservation: 'CPU reservation',
  disk: 'disk',
};
