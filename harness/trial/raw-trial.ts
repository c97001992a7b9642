import type {
  CpuSeconds,
  Installation,
  ProfileId,
  RawCpuTime,
  RawStep,
  RawText,
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
}

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
  const cpuTime: RawCpuTime = {
    before: readCpuSeconds(before),
    after: readCpuSeconds(after),
    at: { file: after.path, line: 1 },
  };
  return { ...trial, cpuTime };
}

function readCpuSeconds({ path, bytes }: TrialFile): CpuSeconds {
  const { seconds, source } = readObject(path, bytes);
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0 || typeof source !== 'string') {
    throw new Error(`${path}:1: expected {"seconds", "source"}`);
  }
  return { seconds, source };
}

function readObject(path: string, bytes: Uint8Array): Partial<Record<string, unknown>> {
  try {
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as Partial<Record<string, unknown>>;
  } catch (error) {
    throw new Error(`${path}:1: not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Reads the raw file with the output of one guest. Throws as `splitRawFile` and `readAgentResult`. */
export function readRawFile(file: string, bytes: Uint8Array, context: RawContext): AccountedTrial {
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
  return { ...context, steps, agent };
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
