import { setTimeout as delay } from 'node:timers/promises';
import { BenchError, problemOf } from '../../errors.js';
import { endLivingAgent, livingAgents, type LivingAgent } from '../../host/agents.js';
import { acquireLock, type HostLock } from '../../host/lock.js';
import type { Host } from '../../types.js';
import type { Operator } from './world.js';

/** An agent that may live for longer is not waited for. */
const MAX_WAIT_SECONDS = 900;
const MAX_PAUSE_MS = 5000;

/** Who takes a host, and what it may do to others there. */
export interface Taking {
  readonly operator: Operator;
  readonly run: string;
  readonly leaseSeconds: number;
  readonly breakLock: boolean;
  /** The run was begun by an earlier process, and this one has claimed its directory. */
  readonly resumes?: boolean;
  /** Attempts of the run that may still be measuring, as `t0001.2`: they are left alone. */
  readonly pending?: () => readonly string[];
  readonly notice: (what: string) => void;
  /** Called at the beginning of work that may take seconds. */
  readonly step?: (what: string) => void;
  readonly signal?: AbortSignal;
}

type Taken = Pick<Host, 'id' | 'executor' | 'workDir'>;

/**
 * Locks a host, and makes sure that nothing is measured there. An agent outlives the process that started it, and its
 * lock may be stale: those of other runs are waited for, or ended with `breakLock`. Throws a `BenchError` of stage `lock`
 * that names the agent, its run and its trial when it may live for longer than can be waited for.
 */
export async function takeHost(host: Taken, taking: Taking): Promise<HostLock> {
  const { operator, run, leaseSeconds, breakLock, resumes = false, notice } = taking;
  const lock = await acquireLock(host, { ...operator, run }, leaseSeconds, { breakLock, resumes });
  if (lock.tookOver !== undefined) {
    const whose = lock.previous === undefined ? '' : ` of ${lock.previous}`;
    notice(`host ${host.id}: took over the lock${whose}: ${lock.tookOver}`);
  }
  try {
    await clearAgents(host, taking);
    return lock;
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw error;
  }
}

/** Ends agents that the run left and no longer needs, and waits for those of others, see `takeHost`. */
export async function clearAgents(host: Taken, taking: Omit<Taking, 'leaseSeconds' | 'operator'>): Promise<void> {
  const { run, breakLock, notice } = taking;
  const agents = await otherAgents(host, taking);
  for (const agent of agents) {
    if (agent.run !== run && !breakLock) continue;
    await endLivingAgent(host.executor, agent).catch((error: unknown) => {
      throw new BenchError({ ...problemOf(error, 'lock'), host: host.id, stage: 'lock' }, { cause: error });
    });
    notice(`host ${host.id}: ended ${describe(agent)}, which was left there`);
  }
  const others = agents.filter((agent) => agent.run !== run);
  if (!breakLock && others.length > 0) await awaitAgents(host, taking, others);
}

/** The agents of this work directory, and those in guests, whose work directory cannot be distinguished from here. */
async function otherAgents(
  { executor, workDir }: Taken,
  { run, pending }: Pick<Taking, 'run' | 'pending'>,
): Promise<readonly LivingAgent[]> {
  const mine = pending?.() ?? [];
  const agents = await livingAgents(executor);
  return agents.filter(({ dir, inGuest, ...agent }) => {
    const isHere = inGuest || dir.startsWith(`${workDir}/`);
    return isHere && !(agent.run === run && mine.includes(agent.trial));
  });
}

async function awaitAgents(
  host: Taken,
  { notice, signal, ...taking }: Pick<Taking, 'run' | 'pending' | 'notice' | 'signal'>,
  first: readonly LivingAgent[],
): Promise<void> {
  const longest = longestOf(first);
  const [agent] = first;
  if (agent !== undefined && !(longest <= MAX_WAIT_SECONDS)) throw refused(host, agent);
  if (agent !== undefined) notice(`host ${host.id}: waiting for ${describe(agent)}, at most ${longest} s`);
  const end = performance.now() + longest * 1000;
  for (let pause = 250; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
    await delay(pause, undefined, signal === undefined ? {} : { signal });
    // Only whether they live: a list of all processes would disturb what they measure.
    const alive = await host.executor.exec({ argv: ['sh', '-c', LIVE, 'sh', ...first.map(({ pid }) => String(pid))] });
    if (alive.stdout.trim() !== '' && performance.now() < end) continue;
    const others = await otherAgents(host, taking);
    const left = others.find((each) => each.run !== taking.run);
    if (left === undefined) return;
    if (performance.now() >= end) throw refused(host, left);
  }
}

const LIVE = 'for pid; do [ ! -d "/proc/$pid" ] || echo "$pid"; done';

const longestOf = (agents: readonly LivingAgent[]): number =>
  Math.max(...agents.map(({ secondsLeft }) => secondsLeft ?? Infinity));

const describe = ({ pid, run, trial, inGuest }: LivingAgent): string =>
  `the agent (process ${pid}${inGuest ? ', in a guest' : ''}) of trial ${trial}, run ${run}`;

function refused(host: Taken, agent: LivingAgent): BenchError {
  const found = agent.secondsLeft === undefined ? 'no limit can be read' : `${agent.secondsLeft} s left at most`;
  return new BenchError({
    stage: 'lock',
    host: host.id,
    message: `${host.executor.where} still measures: ${describe(agent)}`,
    expected: `none, or one that ends within ${MAX_WAIT_SECONDS} s`,
    found,
    hint: 'wait for it, resume its run, or end it with --break-lock',
  });
}
