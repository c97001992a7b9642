import { createHash } from 'node:crypto';
import type { CpuClock, LoadedRun, Metric, Outcome, Suite, TargetConfig, TrialRecord } from '../../harness/types.js';
import { randomStream, uniform } from '../../harness/random.js';
import { packed } from './synthetic.js';
import { withPlatforms } from './platform-entries.js';

/** A stand-in for a suite of one or two metrics, whose steps print just their number. */
function numbers(id: string, metrics: Readonly<Record<string, Metric>>): Suite {
  return {
    id,
    title: `${id}, a stand-in`,
    version: 1,
    about: 'Prints a number a metric.',
    caches: 'as they are',
    metrics,
    profiles: {
      paper: { summary: 'as in the paper', trials: 5, expectedSeconds: 60, scratchBytes: 0 },
      quick: { summary: 'short', trials: 3, expectedSeconds: 5, scratchBytes: 0 },
    },
    needs: { packages: [], files: [] },
    install: () => Promise.reject(new Error('not in this test')),
    steps: () => [],
    parse: (raw) =>
      raw.steps.map((step) => {
        const at = { file: step.stderr.file, line: step.stderr.firstLine };
        const text = step.stderr.text.trim();
        if (text === '') return { metric: step.name, missing: `${id} printed nothing`, at };
        const [value, kind] = text.split(' ');
        const clock =
          kind === undefined ? {} : { clock: { kind: kind as CpuClock['kind'], words: `the ${kind} of it` } };
        return { metric: step.name, value: Number(value), at, tool: id, ...clock };
      }),
  };
}

const rate = (label: string, unit: Metric['unit']): Metric => ({ label, unit, better: 'higher' });

/** The suites of Figures 5, 6(a) and 6(b), by the ids and metrics of the real ones. */
export const figureSuites: readonly Suite[] = [
  numbers('iperf', { throughput: rate('TCP throughput', 'bit/s') }),
  numbers('iperf-cpu', {
    'receiver-cpu': { label: 'receiver CPU', unit: 'percent', better: 'lower' },
    'receiver-cpu-ticks': { label: 'receiver CPU by ticks', unit: 'percent', better: 'lower' },
  }),
  numbers('dd', { write: rate('write', 'B/s'), read: rate('read', 'B/s') }),
  numbers('dbench', {
    throughput: rate('throughput', 'B/s'),
    'first-90000-throughput': rate('first 90,000 operations', 'B/s'),
  }),
  numbers('postmark', { transactions: rate('transactions', '1/s') }),
  numbers('cpu', { events: rate('events', '1/s') }),
  numbers('kernel-compile', { elapsed: { label: 'elapsed', unit: 's', better: 'lower' } }),
  numbers('osdb', { 'rows-per-second': rate('rows', '1/s') }),
];

/** What linux-up measures. */
const VALUES: Readonly<Record<string, number>> = {
  'iperf/throughput': 0.94e9,
  'iperf-cpu/receiver-cpu': 72,
  'iperf-cpu/receiver-cpu-ticks': 72,
  'dd/write': 410e6,
  'dd/read': 520e6,
  'dbench/throughput': 138e6,
  'dbench/first-90000-throughput': 131e6,
  'postmark/transactions': 5400,
  'cpu/events': 820,
  'kernel-compile/elapsed': 61,
  'osdb/rows-per-second': 23000,
};

export interface FigureTarget extends Partial<TargetConfig> {
  readonly id: string;
  /** Factor on linux-up's value, by metric. */
  readonly factors?: Readonly<Record<string, number>>;
  /** Instead of that of the run. */
  readonly noise?: number;
  /** What counts its CPU times in a trial; default: no clock is stated. */
  readonly clock?: (trial: number) => CpuClock['kind'] | undefined;
}

export interface FigureRecipe {
  readonly targets: readonly FigureTarget[];
  readonly trials?: number;
  readonly noise?: number;
  readonly profile?: 'paper' | 'quick';
  readonly linkBitsPerSecond?: Readonly<Record<string, number | null>>;
  readonly outcome?: (target: string, suite: string, trial: number) => Outcome | undefined;
  /** Metrics whose steps print nothing. */
  readonly silent?: (target: string, metric: string) => boolean;
  readonly suites?: readonly Suite[];
}

/** A run of every suite of the figures, every byte of it determined by the recipe. */
export function figureRun(recipe: FigureRecipe): LoadedRun {
  const { profile = 'paper', trials = 5, suites = figureSuites } = recipe;
  const targets = recipe.targets.map(({ id, host = 'alpha', platform = 'native', shape = { cpus: [1] }, ...rest }) => ({
    ...{ id, host, platform, shape, options: {} },
    ...(rest.label === undefined ? {} : { label: rest.label }),
    ...(rest.reproduces === undefined ? {} : { reproduces: rest.reproduces }),
  }));
  const raw = new Map<string, Uint8Array>();
  const records: TrialRecord[] = [];
  for (let block = 0; block < trials; block += 1) {
    for (const suite of suites) {
      for (const target of recipe.targets) records.push(record(recipe, suite, target, block, records.length, raw));
    }
  }
  const planned = records.map(({ trial, block, target, benchmark: suite }) => ({
    ...{ id: trial, block, target },
    assignments: [{ guest: 0, suite }] as const,
  }));
  const plan = {
    ...{ schema: 'bench-plan/2' as const, seed: 7, profile, targets, baseline: 'linux-up' },
    suites: suites.map(({ id, version }) => ({ id, version })),
    ...{ order: 'balanced' as const, replication: 'a fresh guest start', trials: planned },
  };
  const facts = recipe.linkBitsPerSecond === undefined ? {} : { linkBitsPerSecond: recipe.linkBitsPerSecond };
  return {
    ...{ id: 'run-figures', directory: '/nowhere', records, raw, damage: [] },
    stored: { run: 'run-figures', created: '2026-11-21T07:00:00.000Z', hash: 'f'.repeat(64), plan },
    journal: withPlatforms(targets, [{ at: '2026-11-21T07:00:00.000Z', event: 'facts', of: 'host alpha', facts }]),
  };
}

function record(
  recipe: FigureRecipe,
  suite: Suite,
  target: FigureTarget,
  block: number,
  position: number,
  raw: Map<string, Uint8Array>,
): TrialRecord {
  const trial = `t${String(position + 1).padStart(4, '0')}`;
  const outputs = Object.keys(suite.metrics).map((name) => {
    const id = `${suite.id}/${name}`;
    const next = randomStream(`${target.id} ${id} ${block}`);
    const factor =
      (target.factors?.[id] ?? 1) * (1 + (target.noise ?? recipe.noise ?? 0.01) * 2 * (uniform(next) - 0.5));
    const value = (VALUES[id] ?? 1) * factor;
    const kind = suite.id === 'iperf-cpu' ? target.clock?.(block) : undefined;
    const clock = kind === undefined ? '' : ` ${kind}`;
    return { row: { name }, text: recipe.silent?.(target.id, id) === true ? '' : `${value.toPrecision(6)}${clock}` };
  });
  const bytes = new TextEncoder().encode(packed(outputs));
  const path = `raw/${trial}.1.txt`;
  raw.set(path, bytes);
  const artifacts = [{ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }];
  const started = new Date(Date.UTC(2026, 10, 21, 7, 0, 0) + position * 10_000);
  const tool = { path: `/usr/bin/${suite.id}`, origin: 'target' as const, version: '1' };
  return {
    schema: 'bench-record/2',
    ...{ trial, attempt: 1, block, target: target.id, benchmark: suite.id },
    origin: 'measured',
    profile: recipe.profile ?? 'paper',
    ...{ started: started.toISOString(), ended: new Date(started.getTime() + 8_000).toISOString() },
    installation: { tools: { [suite.id]: tool }, env: {}, data: {} },
    ...{ expects: Object.keys(suite.metrics), findings: [] },
    outcome: recipe.outcome?.(target.id, suite.id, block) ?? { status: 'collected', artifacts },
  };
}

/** What the text of the paper states about every system, as if it had been measured. */
export const PAPER: readonly FigureTarget[] = [
  { id: 'linux-up', label: 'Linux-UP' },
  { id: 'vserver-up', label: 'VServer-UP', platform: 'vserver', factors: { 'dbench/first-90000-throughput': 1.03 } },
  {
    ...{ id: 'xen3-up', label: 'Xen3-UP', platform: 'xen' },
    factors: {
      ...{
        'iperf/throughput': 0.6,
        'iperf-cpu/receiver-cpu': 1.385,
        'dd/write': 0.7,
        'dbench/first-90000-throughput': 0.72,
      },
      ...{ 'postmark/transactions': 0.8, 'kernel-compile/elapsed': 1.01 },
    },
  },
  {
    ...{
      id: 'xen3-two',
      label: 'Xen3 two CPUs',
      reproduces: 'Xen3 two CPUs',
      platform: 'xen',
      shape: { cpus: [0, 1] },
    },
    factors: { 'iperf-cpu/receiver-cpu': 1.92 },
  },
  {
    ...{ id: 'linux-smp', label: 'Linux-SMP', shape: { cpus: [0, 1] } },
    factors: { 'dbench/first-90000-throughput': 0.93, 'kernel-compile/elapsed': 0.55, 'osdb/rows-per-second': 1.7 },
  },
  {
    ...{ id: 'vserver-smp', label: 'VServer-SMP', platform: 'vserver', shape: { cpus: [0, 1] } },
    factors: { 'dbench/first-90000-throughput': 0.94, 'kernel-compile/elapsed': 0.55, 'osdb/rows-per-second': 1.68 },
  },
  {
    ...{ id: 'xen3-smp', label: 'Xen3-SMP', platform: 'xen', shape: { cpus: [0, 1] } },
    factors: {
      ...{
        'iperf/throughput': 0.75,
        'iperf-cpu/receiver-cpu': 2.1,
        'dd/write': 0.667,
        'dbench/first-90000-throughput': 0.67,
      },
      ...{ 'postmark/transactions': 0.7, 'kernel-compile/elapsed': 1 / 0.93, 'osdb/rows-per-second': 1.7 * 0.61 },
    },
  },
];

/** The paper's seven systems, all measured. */
export function paperRun(overrides: Partial<FigureRecipe> = {}): LoadedRun {
  return figureRun({ targets: PAPER, noise: 0.002, linkBitsPerSecond: { eth0: 1e9, lo: null }, ...overrides });
}

/** As in the demonstration, a native system and a container, with a failure, a void and a missing value. */
export function pairRun(overrides: Partial<FigureRecipe> = {}): LoadedRun {
  return figureRun({
    targets: [
      { id: 'linux-up', label: 'Linux-UP' },
      {
        ...{ id: 'lxc-up', label: 'LXC-UP', platform: 'lxc' },
        factors: {
          'dd/write': 0.97,
          'dbench/throughput': 1.04,
          'dbench/first-90000-throughput': 1.04,
          'kernel-compile/elapsed': 1.08,
        },
      },
    ],
    trials: 3,
    noise: 0.05,
    profile: 'quick',
    outcome: (target, suite) => {
      if (target === 'lxc-up' && suite === 'postmark')
        return { status: 'void', reason: 'steal time 4.2 %', artifacts: [] };
      if (target !== 'lxc-up' || suite !== 'iperf-cpu') return undefined;
      const problem = { stage: 'measure', message: 'connect failed: Connection refused' } as const;
      return { status: 'failed', problem, artifacts: [] };
    },
    silent: (target, metric) => target === 'lxc-up' && metric === 'osdb/rows-per-second',
    ...overrides,
  });
}
