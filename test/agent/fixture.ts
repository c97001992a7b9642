import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awaitDone, awaitReady, fetchRaw, launch, release, type TrialSpec } from '../../harness/agent/client.js';
import type { TrialStep } from '../../harness/agent/spec.js';
import { connectLocal } from '../../harness/connect/local.js';
import { readAgentResult, type AgentResult } from '../../harness/trial/agent-result.js';
import { splitRawFile } from '../../harness/trial/raw-file.js';
import { compiledWith, plantAgent } from './compiled.js';

export const here = connectLocal();

const SANITIZERS = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'] as const;
const LIMITS = fileURLToPath(new URL('old-kernel.c', import.meta.url));
const REPORT = 'sanitizer-report';

/** A directory for one test file, with the agent in it. */
export interface Bench {
  readonly dir: string;
  readonly agent: string;
  /** The path of a trial's directory that does not exist yet. */
  trial(name: string): string;
  /** Stops the trials that are still running below a directory: those of failed tests. */
  stopTrials(below: string): Promise<void>;
  /** Stops the trials and removes the directory. Rejects with what the sanitizers reported, if they did. */
  remove(): Promise<void>;
}

/** Kernels to whose limits the agent can be held; 4.9 is one without CONFIG_PROC_CHILDREN. */
type OldKernel = '2.6.22' | '4.9';

interface Variant {
  readonly flags: readonly string[];
  readonly sources: readonly string[];
}

let variant: Variant | undefined;
let oldKernel: OldKernel | undefined;

/** From now on `openBench` compiles the agent with AddressSanitizer and UndefinedBehaviorSanitizer. */
export function useSanitizers(): void {
  variant = { flags: SANITIZERS, sources: [] };
}

/** From now on `openBench` compiles the agent with `old-kernel.c`, which limits it to what a kernel has. */
export function useKernel(version: OldKernel): void {
  oldKernel = version;
  variant = { flags: version === '4.9' ? ['-DLINUX_4_9'] : [], sources: [LIMITS] };
}

/** Whether the kernel makes the orphans among the agent's descendants its children. */
export const adoptsOrphans = (): boolean => oldKernel !== '2.6.22';

/** Its directory is made in `parent`. */
export async function openBench(parent = tmpdir()): Promise<Bench> {
  const dir = await mkdtemp(join(parent, 'bench-agent-test-'));
  const agent = variant === undefined ? (await plantAgent(dir)).path : await variantIn(dir, variant);
  const stopTrials = async (below: string): Promise<void> => {
    for (const name of await readdir(below)) {
      const files: readonly string[] = await readdir(join(below, name)).catch(() => []);
      const runs = files.includes('pid') && !files.includes('result.json');
      if (runs) await here.exec({ argv: [agent, 'stop', join(below, name)] });
    }
  };
  const remove = async (): Promise<void> => {
    await stopTrials(dir);
    const reports = (await readdir(dir)).filter((name) => name.startsWith(REPORT));
    const texts = await Promise.all(reports.map((name) => readFile(join(dir, name), 'utf8')));
    await rm(dir, { recursive: true, force: true });
    if (texts.length > 0) throw new Error(texts.join('\n'));
  };
  return { dir, agent, trial: (name) => join(dir, name), stopTrials, remove };
}

/** Reports go to files: the agent has no stderr once it is in the background. */
async function variantIn(dir: string, { flags, sources }: Variant): Promise<string> {
  const agent = join(dir, 'bench-agent');
  await copyFile(await compiledWith(flags, sources), agent);
  process.env['ASAN_OPTIONS'] = process.env['UBSAN_OPTIONS'] = `log_path=${join(dir, REPORT)}`;
  return agent;
}

/** Why the sanitizers cannot be used here, or undefined. */
export async function sanitizerProblem(): Promise<string | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-agent-probe-'));
  try {
    await writeFile(join(dir, 'probe.c'), 'int main(void) { return 0; }\n');
    const program = join(dir, 'probe');
    const built = await here.exec({ argv: ['cc', ...SANITIZERS, '-o', program, join(dir, 'probe.c')] });
    if (built.exit.kind !== 'code' || built.exit.code !== 0) return 'the compiler has no sanitizers';
    const ran = await here.exec({ argv: [program] });
    return ran.exit.kind === 'code' && ran.exit.code === 0 ? undefined : 'a sanitized program does not run';
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** A step with defaults. */
export function step(name: string, argv: TrialStep['argv'], more: Partial<TrialStep> = {}): TrialStep {
  return { name, argv, phase: 'measure', limitSeconds: 20, ...more };
}

/** A step that runs `sh -c SCRIPT`. */
export function shell(name: string, script: string, more: Partial<TrialStep> = {}): TrialStep {
  return step(name, ['sh', '-c', script], more);
}

export function spec(dir: string, steps: readonly TrialStep[], more: Partial<TrialSpec> = {}): TrialSpec {
  return { dir, steps, cpus: [], scratch: `${dir}/scratch`, env: {}, readyLimitSeconds: 20, spin: false, ...more };
}

export interface Ended {
  readonly agent: AgentResult;
  /** Bytes of every part of the raw file, by name. */
  readonly parts: ReadonlyMap<string, Buffer>;
  readonly raw: Uint8Array;
}

const PATIENCE = { limitSeconds: 60, reconnectSeconds: 0 };

/** Launches a trial, releases it, waits for its end and fetches the result. */
export async function runTrial(bench: Bench, trial: TrialSpec): Promise<Ended> {
  await launch(here, bench.agent, trial);
  const reached = await awaitReady(here, bench.agent, trial.dir, PATIENCE);
  if (reached === 'ready') await release(here, bench.agent, trial.dir, 30);
  return endTrial(bench, trial.dir);
}

/** Waits for the end of a launched trial and fetches its result. */
export async function endTrial(bench: Bench, dir: string): Promise<Ended> {
  await awaitDone(here, bench.agent, dir, PATIENCE);
  const raw = await fetchRaw(here, bench.agent, dir);
  const parts = new Map(splitRawFile('raw', raw).map((part) => [part.name, Buffer.from(part.bytes)]));
  return { agent: readAgentResult(parts.get('result.json')?.toString() ?? ''), parts, raw };
}

/** A step of a result; throws if there is none. */
export function stepOf(ended: Ended, name: string): AgentResult['steps'][number] {
  const found = ended.agent.steps.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

export function output(ended: Ended, part: string): string {
  return ended.parts.get(part)?.toString() ?? `no part ${part}`;
}

/** Whether a process is alive; a zombie is not. */
export async function lives(pid: number): Promise<boolean> {
  const shown = await here.exec({ argv: ['ps', '-o', 'stat=', '-p', String(pid)] });
  return shown.stdout.trim() !== '' && !shown.stdout.trim().startsWith('Z');
}
