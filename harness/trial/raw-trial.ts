import type { Stored } from '../types/stored.js';
import { storedCpuTimeSchema } from '../types/system.js';
import type {
  CpuClock,
  Installation,
  Origin,
  ProfileId,
  RawStep,
  RawText,
  RawTicks,
  RawTrial,
  StepStatus,
} from '../types.js';
import { readAgentResult, type AgentResult, type AgentStep } from './agent-result.js';
import { fileOfKind, type TrialFile } from './file-names.js';
import { splitRawFile } from './raw-file.js';

/** What parsers need from the record to read raw files. */
export interface RawContext {
  readonly profile: ProfileId;
  readonly installation: Installation;
  /** The boot of the host that the trial belongs to. */
  readonly boot?: string | undefined;
}

type StoredCpuTime = Stored<typeof storedCpuTimeSchema>;

/** What parsers read, with the agent's own accounting. */
export type AccountedTrial = RawTrial & { readonly agent: AgentResult };

/**
 * Reads the stored files of one guest of a trial. Throws an `Error` with the file and line of anything that is not as the
 * harness writes it.
 */
export function readRawTrial(files: readonly TrialFile[], context: RawContext): AccountedTrial {
  const output = fileOfKind(files, 'output');
  if (output === undefined) throw new Error('the trial has no raw output');
  const trial = readRawFile(output.path, output.bytes, context);
  const before = fileOfKind(files, 'cpuBefore');
  const after = fileOfKind(files, 'cpuAfter');
  if (before === undefined || after === undefined) return trial;
  const cpuTime = {
    before: readCpuTime(before),
    after: readCpuTime(after),
    at: { file: after.path, line: 1 },
  };
  const { kernel } = cpuTime.after;
  if (kernel === undefined || trial.ticks === undefined) return { ...trial, cpuTime };
  return { ...trial, cpuTime, ticks: { ...trial.ticks, kernel } };
}

/** Earlier versions stored words only, which begin as these do. */
const EARLIER: readonly (readonly [RegExp, CpuClock['kind']])[] = [
  [/^cgroup v[12] /, 'cgroup'],
  [/^\/proc\/(virtual|vz)\//, 'context-ticks'],
  [/^rctl /, 'racct'],
  [/^(virsh|xl) /, 'hypervisor'],
  [/^\/proc\/stat /, 'proc-stat'],
];

function readCpuTime({ path, bytes }: TrialFile): StoredCpuTime {
  const stored = readJson(path, bytes);
  const words = (stored as { readonly source?: unknown } | null)?.source;
  const kind = typeof words === 'string' ? EARLIER.find(([begin]) => begin.test(words))?.[1] : undefined;
  const read = storedCpuTimeSchema.safeParse(
    kind === undefined ? stored : { ...(stored as object), source: { kind, words } },
  );
  if (read.success) return read.data;
  throw new Error(`${path}:1: expected {"seconds", "source": {"kind", "words"}}`);
}

function readJson(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`${path}:1: not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * Ticks of the CPUs that the agent was pinned to, from just before the start instant to the end of the last measured step.
 * Where it is not stored whose kernel counted them, a guest in the boot of its host runs on that kernel.
 */
function readTicks(agent: AgentResult, boot: string | undefined, at: Origin): RawTicks | undefined {
  const { cpuTicks, pinned: cpus, bootId, ticksPerSecond } = agent;
  let ticks = 0;
  for (const cpu of cpus) {
    const [before, after] = [cpuTicks.before[`cpu${cpu}`], cpuTicks.after[`cpu${cpu}`]];
    if (before === undefined || after === undefined) return undefined;
    ticks += busyTicks(after) - busyTicks(before);
  }
  if (cpus.length === 0 || ticksPerSecond === 0) return undefined;
  const kernel = boot !== undefined && boot === bootId ? 'host' : 'unknown';
  return { busySeconds: ticks / ticksPerSecond, stepSeconds: 1 / ticksPerSecond, cpus, kernel, at };
}

/** User, nice, system, irq and softirq; guest time is in user time already. */
function busyTicks([user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0]: readonly number[]): number {
  return user + nice + system + irq + softirq;
}

/** Reads the raw file with the output of one guest. Throws as `splitRawFile` and `readAgentResult`. */
export function readRawFile(file: string, bytes: Uint8Array, { boot, ...context }: RawContext): AccountedTrial {
  const parts = new Map(splitRawFile(file, bytes).map((part) => [part.name, part]));
  const result = parts.get('result.json');
  if (result === undefined) throw new Error(`${file}: part result.json is missing`);
  const agent = readAgentResult(new TextDecoder().decode(result.bytes));
  const text = (name: string): RawText => {
    const part = parts.get(name);
    if (part === undefined) return { text: '', file, firstLine: 1 };
    return { text: new TextDecoder().decode(part.bytes), file, firstLine: part.firstLine };
  };
  const steps = agent.steps.map((step): RawStep => ({
    name: step.name,
    phase: step.phase,
    outcome: stepStatus(step),
    wallSeconds: Number(BigInt(step.endNs) - BigInt(step.startNs)) / 1e9,
    rusage: {
      userSeconds: step.userUs / 1e6,
      systemSeconds: step.systemUs / 1e6,
      maxRssKiB: step.maxRssKiB,
      minorFaults: step.minorFaults,
      majorFaults: step.majorFaults,
      voluntarySwitches: step.voluntarySwitches,
      involuntarySwitches: step.involuntarySwitches,
    },
    stdout: text(`${step.name}.out`),
    stderr: text(`${step.name}.err`),
  }));
  const ticks = readTicks(agent, boot, { file, line: result.firstLine });
  return { ...context, steps, agent, ...(ticks === undefined ? {} : { ticks }) };
}

function stepStatus(step: AgentStep): StepStatus {
  switch (step.status) {
    case 'exited':
      return { status: 'exited', code: step.code ?? 0 };
    case 'signaled':
      return { status: 'signaled', signal: step.signal ?? 0 };
    case 'unstarted':
      return { status: 'unstarted', message: step.message ?? 'no reason was given' };
    case 'limit':
    case 'finished':
    case 'output':
    case 'skipped':
      return { status: step.status };
  }
}
