import { posix } from 'node:path';
import { putAll } from '../connect/archive.js';
import { printable } from '../connect/failure.js';
import { BenchError } from '../errors.js';
import { MAX_RAW_BYTES } from '../trial/raw-file.js';
import type { ExecResult, Executor, Stage } from '../types.js';
import { processClock, throughLosses, type Persistence } from './losses.js';
import { specBytes, stdinFile, type TrialSpec } from './spec.js';

export type { TrialSpec } from './spec.js';

/** State of a trial. `dead`: its agent ended without a result. */
export type AgentState = 'absent' | 'preparing' | 'ready' | 'measuring' | 'done' | 'dead';

/** How long to wait for an agent, and what to do when the connection is lost meanwhile. */
export interface Waiting extends Persistence {
  readonly limitSeconds: number;
}

const STATES: readonly AgentState[] = ['absent', 'preparing', 'ready', 'measuring', 'done', 'dead'];
const ONCE: Persistence = { reconnectSeconds: 0 };
/** Time limit of one short command of the agent on a slow machine. */
const SHORT_MS = 60_000;
const DIED = 3;
const TIME_OVER = 4;

/**
 * Writes the spec and the input files to the trial's directory and starts the agent. When this returns, the agent runs
 * in the background, independent of the connection. Rejects with stage `launch` and the agent's message when it cannot
 * work (full disk, forbidden CPUs, a directory in use). After a lost connection, an agent that did start is not started
 * again.
 */
export async function launch(
  guest: Executor,
  agentPath: string,
  spec: TrialSpec,
  persistence: Persistence = ONCE,
): Promise<void> {
  const bytes = specBytes(spec);
  let again = false;
  const start = async (): Promise<void> => {
    if (again && (await stateOf(guest, agentPath, spec.dir)) !== 'absent') return;
    again = true;
    await command(guest, 'launch', ['mkdir', '-p', '--', posix.dirname(spec.scratch)]);
    const inputs = spec.steps.flatMap((step) =>
      step.stdin === undefined ? [] : [{ name: stdinFile(step), content: step.stdin, mode: 0o600 }],
    );
    if (inputs.length === 0) await guest.put({ path: `${spec.dir}/spec`, content: bytes, mode: 0o600 });
    else await putAll(guest, spec.dir, [...inputs, { name: 'spec', content: bytes, mode: 0o600 }]);
    await command(guest, 'launch', [agentPath, 'run', spec.dir]);
  };
  await throughLosses(start, () => stateOf(guest, agentPath, spec.dir), persistence);
}

/** Waits until the prepare steps are done: `ready` for the start instant, or `ended` already because one failed. */
export async function awaitReady(
  guest: Executor,
  agentPath: string,
  dir: string,
  waiting: Waiting,
): Promise<'ready' | 'ended'> {
  const reached = await waitFor(guest, agentPath, dir, 'ready', 'prepare', waiting);
  return reached === 'ready' ? 'ready' : 'ended';
}

/**
 * Waits for the end of the trial. After a lost connection it connects again, within `reconnectSeconds`, and continues to
 * wait. Rejects with stage `measure` when the agent died or the time is over.
 */
export async function awaitDone(guest: Executor, agentPath: string, dir: string, waiting: Waiting): Promise<void> {
  await waitFor(guest, agentPath, dir, 'done', 'measure', waiting);
}

/** As `awaitDone`, but waits for the end of the measure phase, in a trial that delays its cleanup (`holdSeconds`). */
export async function awaitMeasured(guest: Executor, agentPath: string, dir: string, waiting: Waiting): Promise<void> {
  await waitFor(guest, agentPath, dir, 'measured', 'measure', waiting);
}

/**
 * Starts the measurement `leadMs` from now, by the guest's clock. `startNs` is the instant, CLOCK_MONOTONIC of the guest
 * in ns. A repeated call returns the first instant.
 */
export async function release(
  guest: Executor,
  agentPath: string,
  dir: string,
  leadMs: number,
  persistence: Persistence = ONCE,
): Promise<{ readonly startNs: string }> {
  const lead = BigInt(Math.max(0, Math.round(leadMs))) * 1_000_000n;
  const go = (): Promise<ExecResult> => command(guest, 'launch', [agentPath, 'go', dir, `+${lead}`]);
  const { stdout } = await throughLosses(go, () => stateOf(guest, agentPath, dir), persistence);
  const startNs = stdout.trim();
  if (!/^\d{1,19}$/.test(startNs)) throw surprise(guest, 'launch', 'a start instant in ns', stdout);
  return { startNs };
}

/**
 * As `release`, at an instant of the guest's CLOCK_MONOTONIC. An instant in the past starts the measurement at once: the
 * caller must check for that.
 */
export async function releaseAt(
  guest: Executor,
  agentPath: string,
  dir: string,
  instantNs: bigint,
  persistence: Persistence = ONCE,
): Promise<void> {
  const go = (): Promise<ExecResult> => command(guest, 'launch', [agentPath, 'go', dir, String(instantNs)]);
  await throughLosses(go, () => stateOf(guest, agentPath, dir), persistence);
}

/** CLOCK_MONOTONIC of the guest in ns. */
export async function readClock(guest: Executor, agentPath: string): Promise<bigint> {
  const { stdout } = await command(guest, 'launch', [agentPath, 'clock']);
  if (!/^\d{1,19}\n$/.test(stdout)) throw surprise(guest, 'launch', 'an instant in ns', stdout);
  return BigInt(stdout.trim());
}

/**
 * Ends the measure phase. A step that still runs, such as a load, gets SIGTERM, and SIGKILL a second later. A delayed
 * cleanup begins.
 */
export async function finish(
  guest: Executor,
  agentPath: string,
  dir: string,
  persistence: Persistence = ONCE,
): Promise<void> {
  const end = (): Promise<ExecResult> => command(guest, 'measure', [agentPath, 'finish', dir]);
  await throughLosses(end, () => stateOf(guest, agentPath, dir), persistence);
}

/** The raw file of the trial (`bench-raw/1`): result.json, when there is one, and the output of every step. */
export async function fetchRaw(
  guest: Executor,
  agentPath: string,
  dir: string,
  persistence: Persistence = ONCE,
): Promise<Uint8Array> {
  const pack = (): Promise<ExecResult> =>
    command(guest, 'fetch', [agentPath, 'pack', dir], { maxOutputBytes: MAX_RAW_BYTES, timeoutMs: 10 * SHORT_MS });
  const { stdoutBytes, stdout } = await throughLosses(pack, () => stateOf(guest, agentPath, dir), persistence);
  if (!stdout.startsWith('bench-raw/1\n')) throw surprise(guest, 'fetch', 'a raw file', stdout);
  return stdoutBytes;
}

/** State of the trial in a directory. */
export async function stateOf(guest: Executor, agentPath: string, dir: string): Promise<AgentState> {
  const { stdout } = await command(guest, 'measure', [agentPath, 'state', dir]);
  const state = STATES.find((candidate) => candidate === stdout.trim());
  if (state === undefined) throw surprise(guest, 'measure', STATES.join(' | '), stdout);
  return state;
}

/** Kills the steps and the agent, and removes the scratch directory. The outputs so far stay. */
export async function stop(guest: Executor, agentPath: string, dir: string): Promise<void> {
  if ((await stateOf(guest, agentPath, dir)) === 'absent') return;
  await command(guest, 'stop', [agentPath, 'stop', dir]);
}

/** Removes a trial's directory. Rejects while its agent is alive; does nothing where there is no trial. */
export async function discard(guest: Executor, agentPath: string, dir: string): Promise<void> {
  await command(guest, 'stop', [agentPath, 'discard', dir]);
}

async function waitFor(
  guest: Executor,
  agentPath: string,
  dir: string,
  what: 'ready' | 'measured' | 'done',
  stage: Stage,
  waiting: Waiting,
): Promise<string> {
  const clock = waiting.clock ?? processClock;
  const end = clock.nowMs() + waiting.limitSeconds * 1000;
  const ask = (): Promise<ExecResult> => {
    const seconds = Math.max(0, Math.ceil((end - clock.nowMs()) / 1000));
    return guest.exec({
      argv: [agentPath, 'wait', dir, what, String(seconds)],
      timeoutMs: seconds * 1000 + SHORT_MS,
    });
  };
  const result = await throughLosses(ask, () => stateOf(guest, agentPath, dir), waiting);
  if (result.exit.kind === 'code' && result.exit.code === 0) return result.stdout.trim();
  if (result.exit.kind === 'code' && result.exit.code === DIED) {
    throw new BenchError({
      stage,
      message: `the agent on ${guest.where} died without a result`,
      hint: 'was the guest restarted, or did its kernel run out of memory? (dmesg)',
    });
  }
  if (result.exit.kind === 'code' && result.exit.code === TIME_OVER) {
    throw new BenchError({
      stage,
      message: `the trial on ${guest.where} is not ${what} in time`,
      expected: `at most ${Math.round(waiting.limitSeconds)} s`,
    });
  }
  throw failure(guest, stage, 'wait', result);
}

async function command(
  executor: Executor,
  stage: Stage,
  argv: readonly [string, ...string[]],
  limits: { readonly maxOutputBytes?: number; readonly timeoutMs?: number } = {},
): Promise<ExecResult> {
  const result = await executor.exec({ argv, timeoutMs: SHORT_MS, ...limits });
  if (result.exit.kind === 'code' && result.exit.code === 0) return result;
  throw failure(executor, stage, argv[1] ?? argv[0], result);
}

function failure(executor: Executor, stage: Stage, verb: string, result: ExecResult): BenchError {
  const message = printable(result.stderr.replace(/^bench-agent: /, ''));
  const found = result.exit.kind === 'code' ? `exit code ${result.exit.code}` : `signal ${result.exit.signal}`;
  const detail = message === '' ? '' : `: ${message}`;
  const problem = { stage, message: `the agent's ${verb} failed on ${executor.where}${detail}`, found };
  return new BenchError(problem, { killed: result.exit.kind === 'signal' });
}

function surprise(executor: Executor, stage: Stage, expected: string, found: string): BenchError {
  const message = `the agent on ${executor.where} gave an unexpected answer`;
  return new BenchError({ stage, message, expected, found: JSON.stringify(found.slice(0, 80)) });
}
