import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type {
  Artifact,
  Facts,
  Installation,
  JournalEntry,
  LoadedRun,
  Outcome,
  PlannedTrial,
  ProfileId,
  TargetConfig,
  TrialRecord,
} from '../../harness/types.js';
import { randomStream, uniform } from '../../harness/random.js';
import { ROWS, suite } from './suite.js';
import { withPlatforms } from './platform-entries.js';

/** What a synthetic run is made of. Values are the real fixtures' times `slowdown`, with seeded noise. */
export interface Recipe {
  readonly id?: string;
  readonly targets: readonly RecipeTarget[];
  readonly trials: number;
  readonly profile?: ProfileId;
  /** Relative standard deviation of the noise. */
  readonly noise?: number;
  readonly baseline?: string;
  readonly journal?: readonly JournalEntry[];
  readonly damage?: readonly string[];
  /** Replaces the outcome of single attempts; `undefined` leaves it. */
  readonly outcome?: (target: string, trial: number) => Outcome | undefined;
  /** Replaces the output of a tool in a trial: an empty text is a tool that printed nothing. */
  readonly output?: (target: string, trial: number, metric: string, text: string) => string;
  /** The boot of the host that a trial belongs to; without it records name none. */
  readonly bootOf?: (target: string, trial: number) => string;
  /** Trials of the plan that never ran, counted from the end. */
  readonly unrun?: number;
}

export interface RecipeTarget extends Partial<TargetConfig> {
  readonly id: string;
  /** Factor on every metric, or by metric. */
  readonly slowdown?: number | Readonly<Record<string, number>>;
  readonly origin?: TrialRecord['origin'];
  readonly source?: Readonly<Record<string, string>>;
  readonly published?: TrialRecord['published'];
  readonly toolOrigin?: 'target' | 'project';
}

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}.stderr`, import.meta.url), 'utf8');
const FIXTURES: ReadonlyMap<string, string> = new Map(ROWS.map((row) => [row.name, fixture(row.fixture)]));

/** A run as the store would load it, every byte of it determined by the recipe. */
export function syntheticRun(recipe: Recipe): LoadedRun {
  const id = recipe.id ?? 'run-1';
  const profile = recipe.profile ?? 'paper';
  const targets = recipe.targets.map(targetConfig);
  const planned: PlannedTrial[] = [];
  for (let block = 0; block < recipe.trials; block += 1) {
    for (const target of targets) {
      const trial = `t${String(planned.length + 1).padStart(4, '0')}`;
      planned.push({ id: trial, block, target: target.id, assignments: [{ guest: 1, suite: suite.id }] });
    }
  }
  const raw = new Map<string, Uint8Array>();
  const ran = recipe.unrun === undefined ? planned : planned.slice(0, -recipe.unrun);
  const records = ran.map((trial, position) => record(recipe, id, profile, trial, position, raw));
  const plan = {
    schema: 'bench-plan/2' as const,
    seed: 42,
    profile,
    suites: [{ id: suite.id, version: suite.version }],
    targets,
    ...(recipe.baseline === undefined ? {} : { baseline: recipe.baseline }),
    order: 'balanced' as const,
    replication: 'a fresh guest start for each trial (native: none)',
    trials: planned,
  };
  const hash = createHash('sha256').update(JSON.stringify(plan)).digest('hex');
  return {
    id,
    directory: `/nowhere/${id}`,
    stored: { run: id, created: '2026-11-21T07:00:00.000Z', hash, plan },
    records,
    journal: withPlatforms(targets, recipe.journal ?? []),
    raw,
    damage: recipe.damage ?? [],
  };
}

function targetConfig(target: RecipeTarget): TargetConfig {
  const { id, host = 'alpha', platform = 'native', shape = { cpus: [1] }, options = {} } = target;
  const names = {
    ...(target.label && { label: target.label }),
    ...(target.reproduces && { reproduces: target.reproduces }),
    ...(target.boot && { boot: target.boot }),
    ...(target.peer && { peer: target.peer }),
  };
  return { id, host, platform, shape, options, ...names };
}

function record(
  recipe: Recipe,
  run: string,
  profile: ProfileId,
  trial: PlannedTrial,
  position: number,
  raw: Map<string, Uint8Array>,
): TrialRecord {
  const target = recipe.targets.find((candidate) => candidate.id === trial.target) ?? { id: trial.target };
  const origin = target.origin ?? 'measured';
  const outputs = ROWS.map((row) => {
    const slowdown = typeof target.slowdown === 'object' ? (target.slowdown[row.name] ?? 1) : (target.slowdown ?? 1);
    const next = randomStream(`${run} ${trial.id} ${row.name}`);
    const normal = Math.sqrt(-2 * Math.log(uniform(next) || 1e-9)) * Math.cos(2 * Math.PI * uniform(next));
    const factor = slowdown * (1 + (recipe.noise ?? 0.01) * normal);
    const text = scaled(FIXTURES.get(row.name) ?? '', row.pattern, factor);
    return { row, text: recipe.output?.(trial.target, trial.block, row.name, text) ?? text };
  });
  const artifacts = origin === 'published' ? [] : [artifact(trial.id, origin, outputs, raw)];
  const started = new Date(Date.UTC(2026, 10, 21, 7, 0, 0) + position * 40_000);
  return {
    schema: 'bench-record/2',
    trial: trial.id,
    attempt: 1,
    block: trial.block,
    target: trial.target,
    benchmark: suite.id,
    profile,
    origin,
    started: started.toISOString(),
    ended: new Date(started.getTime() + 31_500).toISOString(),
    ...(origin === 'measured' ? { installation: installation(target.toolOrigin ?? 'target') } : {}),
    expects: origin === 'measured' ? ROWS.map((row) => row.name) : [],
    findings: [{ check: 'pinning', expected: '1', found: '1', verdict: 'ok' }],
    ...(recipe.bootOf === undefined ? {} : { boot: recipe.bootOf(trial.target, trial.block) }),
    outcome: recipe.outcome?.(trial.target, trial.block) ?? { status: 'collected', artifacts },
    ...(target.source === undefined ? {} : { source: target.source }),
    ...(target.published === undefined ? {} : { published: target.published }),
  };
}

export function installation(origin: 'target' | 'project'): Installation {
  const names = [...new Set(ROWS.map((row) => row.tool))];
  const tools = names.map((name) => {
    const path = origin === 'target' ? `/usr/lib/lmbench/bin/${name}` : `/var/lib/bench/suites/lmbench/${name}`;
    return [name, { path, origin, version: origin === 'target' ? '3-alpha4' : 'a1b2c3d4', linkage: 'static' }] as const;
  });
  return { tools: Object.fromEntries(tools), env: { ENOUGH: '50000' }, data: {} };
}

/** The tool's real output with its number scaled, printed with as many decimals as the tool prints. */
function scaled(text: string, pattern: RegExp, factor: number): string {
  return text
    .split('\n')
    .map((line) => {
      const number = pattern.exec(line)?.[1];
      if (number === undefined) return line;
      const decimals = number.includes('.') ? number.length - number.indexOf('.') - 1 : 0;
      const at = line.lastIndexOf(number);
      return line.slice(0, at) + (Number(number) * factor).toFixed(decimals) + line.slice(at + number.length);
    })
    .join('\n');
}

type Output = { readonly row: { readonly name: string }; readonly text: string };

function artifact(
  trial: string,
  origin: TrialRecord['origin'],
  outputs: readonly Output[],
  raw: Map<string, Uint8Array>,
): Artifact {
  const path = origin === 'imported' ? `raw/${trial}.1/host.0` : `raw/${trial}.1.txt`;
  const content = origin === 'imported' ? outputs.map((output) => output.text).join('') : packed(outputs);
  const bytes = new TextEncoder().encode(content);
  raw.set(path, bytes);
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The outputs in the format `bench-raw/1`, with the accounting that the agent would have written. */
export function packed(outputs: readonly Output[]): string {
  const usage = { userUs: 1, systemUs: 1, maxRssKiB: 900, minorFaults: 1, majorFaults: 0, voluntarySwitches: 0 };
  const steps = outputs.map(({ row, text }) => ({
    ...{ name: row.name, phase: 'measure', status: 'exited', code: 0, signal: null, message: null },
    ...{ startNs: '1000', endNs: '2000', ...usage, involuntarySwitches: 0, cpuFirst: 1, cpuLast: 1 },
    ...{ stdoutBytes: 0, stderrBytes: text.length },
  }));
  const ticks = { cpu0: [1, 0, 1, 9, 0, 0, 0, 0, 0, 0] };
  const result = {
    ...{
      version: 2,
      state: 'done',
      error: null,
      bootId: 'b',
      readyNs: '1',
      startNs: '2',
      awakeNs: '2',
      startedNs: '2',
      endedNs: '9',
    },
    ...{ affinity: '1', cpusSeen: [1], loadBefore: [0, 0, 0], loadAfter: [0, 0, 0] },
    ...{ cpuTicks: { before: ticks, after: ticks }, ownCpuUs: null, ticksPerSecond: 100, diskFull: false, steps },
  };
  const parts = [
    { name: 'result.json', text: JSON.stringify(result) },
    ...outputs.map(({ row, text }) => ({ name: `${row.name}.err`, text })),
  ];
  const size = (text: string): number => new TextEncoder().encode(text).length;
  return `bench-raw/1\n${parts.map(({ name, text }) => `==> ${name} ${size(text)}\n${text}\n`).join('')}`;
}

/** Two targets and the kinds of trouble that reports must show: the page that people look at while working on it. */
export function demoRun(overrides: Partial<Recipe> = {}): LoadedRun {
  return syntheticRun({
    targets: [
      { id: 'linux-up' },
      { id: 'lxc-up', platform: 'lxc', slowdown: { 'ctx-16p-64k': 1.09, 'sh-process': 1.03, 'page-fault': 1.02 } },
    ],
    trials: 5,
    baseline: 'linux-up',
    journal: [
      { at: '2026-11-21T07:00:00.000Z', event: 'opened', by: 'bench 0.1.0, process 4711' },
      facts('host alpha', machineFacts()),
      facts('target lxc-up', { ...machineFacts(), shell: { path: '/usr/bin/bash', package: 'bash 5.2' } }),
      { at: '2026-11-21T07:09:00.000Z', event: 'closed', by: 'bench 0.1.0, process 4711' },
    ],
    ...overrides,
  });
}

/** A few of the facts of a machine, in the form in which they are gathered. */
export function machineFacts(): Facts {
  return {
    kernel: { release: '6.1.0-31-amd64', arch: 'x86_64' },
    kernelConfig: { hz: 250, preemption: 'voluntary', smp: true },
    cpu: { model: 'Xeon', count: 2 },
    libc: 'glibc 2.36',
    shell: { path: '/usr/bin/dash', package: 'dash 0.5.12' },
    fileSystem: { type: 'ext4', options: 'rw,relatime' },
  };
}

export function facts(of: string, values: Facts, boot?: string): JournalEntry {
  const inBoot = boot === undefined ? {} : { boot };
  return { at: '2026-11-21T07:00:02.000Z', event: 'facts', of, ...inBoot, facts: values };
}
