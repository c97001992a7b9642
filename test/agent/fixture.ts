import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAgent } from '../../harness/agent/build.js';
import { awaitDone, awaitReady, fetchRaw, launch, release, type TrialSpec } from '../../harness/agent/client.js';
import type { TrialStep } from '../../harness/agent/spec.js';
import { connectLocal } from '../../harness/connect/local.js';
import { readAgentResult, type AgentResult } from '../../harness/trial/agent-result.js';
import { splitRawFile } from '../../harness/trial/raw.js';

export const here = connectLocal();

/** A place of its own for one test file, with the agent compiled in it. */
export interface Bench {
  readonly dir: string;
  readonly agent: string;
  /** The path of a trial's directory that does not exist yet. */
  trial(name: string): string;
  remove(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-agent-test-'));
  const built = await buildAgent(here, dir);
  return {
    dir,
    agent: built.path,
    trial: (name) => join(dir, name),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** A step with what the test does not care about filled in. */
export function step(name: string, argv: TrialStep['argv'], more: Partial<TrialStep> = {}): TrialStep {
  return { name, argv, phase: 'measure', limitSeconds: 20, ...more };
}

/** `sh -c SCRIPT`: scripts of these tests are constants. */
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

/** A whole trial: launched, released, awaited, fetched. */
export async function runTrial(bench: Bench, trial: TrialSpec): Promise<Ended> {
  await launch(here, bench.agent, trial);
  const reached = await awaitReady(here, bench.agent, trial.dir, PATIENCE);
  if (reached === 'ready') await release(here, bench.agent, trial.dir, 30);
  return endTrial(bench, trial.dir);
}

/** Waits for a trial that was released, or that will not be. */
export async function endTrial(bench: Bench, dir: string): Promise<Ended> {
  await awaitDone(here, bench.agent, dir, PATIENCE);
  const raw = await fetchRaw(here, bench.agent, dir);
  const parts = new Map(splitRawFile('raw', raw).map((part) => [part.name, Buffer.from(part.bytes)]));
  return { agent: readAgentResult(parts.get('result.json')?.toString() ?? ''), parts, raw };
}

/** Of a step in a result; throws where there is none. */
export function stepOf(ended: Ended, name: string): AgentResult['steps'][number] {
  const found = ended.agent.steps.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no step ${name}`);
  return found;
}

export function output(ended: Ended, part: string): string {
  return ended.parts.get(part)?.toString() ?? `no part ${part}`;
}

/** Whether a process exists; a zombie that nobody reaped counts as ended. */
export async function lives(pid: number): Promise<boolean> {
  const shown = await here.exec({ argv: ['ps', '-o', 'stat=', '-p', String(pid)] });
  return shown.stdout.trim() !== '' && !shown.stdout.trim().startsWith('Z');
}
