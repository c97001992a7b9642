import pLimit from 'p-limit';
import {
  awaitDone,
  awaitMeasured,
  awaitReady,
  discard,
  finish,
  stateOf,
  stop,
  type AgentState,
  type Waiting,
} from '../../agent/client.js';
import { BenchError } from '../../errors.js';
import { allSettled } from './all-settled.js';
import { reachAgent, type Attempt, type Running } from './attempt.js';
import { settleClocks, startTogether, type Ready } from './barrier.js';
import { beginTrial, RECONNECT_SECONDS } from './begin.js';
import { keepCpuTime } from './cpu-time.js';
import { detachWhileMeasuring } from './detach.js';
import { watchAfter, watchBefore } from './watch.js';

/** A wait holds a channel of the connection for as long as it lasts; some must stay free for ending what goes wrong. */
const WAITS_AT_ONCE = 3;

/**
 * Brings the agents of an attempt to their end, from wherever they are: launched here, or by a process that is gone.
 * Resolves to the guests that have a result: all of them, or, when a prepare step failed, those in which it did.
 */
export async function measureGuests(attempt: Attempt, all: readonly Running[]): Promise<readonly Ready[]> {
  const states = await statesOf(attempt, all);
  const from = stageOf(states);
  if (from === 'dead') {
    const message = 'the agent ended before the trial did: was the guest or host restarted?';
    throw new BenchError({ stage: 'measure', message });
  }
  if (from !== 'restart') {
    attempt.notice(`picking up trial ${attempt.trial.id}, which is ${from}`);
    return asMeasuring(() => advance(attempt, readyOf(all), from));
  }
  for (const [index, running] of all.entries()) if (states[index] !== 'absent') await endAgent(attempt, running);
  attempt.stage({ stage: 'installing the suite' });
  await beginTrial(attempt, all);
  return asMeasuring(() => advance(attempt, readyOf(all), 'preparing'));
}

/** The states of the agents of an attempt, in the order of the guests. */
export async function statesOf(attempt: Attempt, all: readonly Running[]): Promise<readonly AgentState[]> {
  return allSettled(all, async (running) => {
    const { launched } = running.task;
    if (launched === undefined) return 'absent';
    return stateOf(running.guest.executor, await reachAgent(attempt, running), launched.dir);
  });
}

type Stage = 'preparing' | 'ready' | 'measuring' | 'done';

/**
 * How far a trial is, by the states of its agents. `restart`: it cannot be continued, as some were never started, or
 * were given their start instant when others were not. Pure.
 */
export function stageOf(states: readonly AgentState[]): Stage | 'dead' | 'restart' {
  if (states.includes('dead')) return 'dead';
  const all = (...expected: readonly AgentState[]): boolean => states.every((state) => expected.includes(state));
  if (all('done')) return 'done';
  if (all('measuring', 'done')) return 'measuring';
  if (all('ready')) return 'ready';
  if (all('preparing', 'ready')) return 'preparing';
  return 'restart';
}

/** Stops an agent and removes its trial, as far as there is one. */
export async function endAgent(attempt: Attempt, running: Running): Promise<void> {
  const { task, guest } = running;
  if (task.launched === undefined) return;
  const agent = await reachAgent(attempt, running);
  await stop(guest.executor, agent, task.launched.dir);
  await discard(guest.executor, agent, task.launched.dir);
}

/**
 * From the launch to the end a guest can only break: an error then (it died, its host was restarted) is no property of the
 * system under test, and voids the trial.
 */
async function asMeasuring<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof BenchError) || error.transport || error.problem.stage === 'store') throw error;
    throw new BenchError({ ...error.problem, stage: 'measure' }, { cause: error });
  }
}

function readyOf(all: readonly Running[]): Ready[] {
  return all.flatMap((running) => {
    const { launched } = running.task;
    return launched === undefined ? [] : [{ ...running, launched }];
  });
}

/** Takes launched agents from where they are to their end. While they measure, nothing is sent to the guests. */
async function advance(attempt: Attempt, all: readonly Ready[], from: Stage): Promise<readonly Ready[]> {
  if (from === 'preparing') {
    attempt.stage({ stage: 'preparing' });
    const reached = await untilOneFails(attempt, all, (agent, one, waiting) =>
      awaitReady(one.guest.executor, agent, one.launched.dir, waiting),
    );
    const ended = all.filter((_, index) => reached[index] === 'ended');
    if (ended.length > 0) return ended;
  }
  if (from === 'preparing' || from === 'ready') {
    await watchBefore(attempt, all);
    for (const one of all) await keepCpuTime(attempt, one, one.launched, 'before');
    await startTogether(attempt, all, patienceOf(attempt));
    await detachWhileMeasuring(attempt);
  }
  if (from === 'done') return all;
  attempt.stage({ stage: 'measuring' });
  const measured = all.filter(({ task }) => task.assignment.role !== 'load');
  await untilOneFails(attempt, measured, (agent, one, waiting) =>
    awaitMeasured(one.guest.executor, agent, one.launched.dir, waiting),
  );
  // Loads disturb until now, and no guest cleans up while another measures.
  await allSettled(all.length > 1 ? all : [], async (one) => {
    const agent = await reachAgent(attempt, one);
    await finish(one.guest.executor, agent, one.launched.dir, patienceOf(attempt));
  });
  await untilOneFails(attempt, all, (agent, one, waiting) =>
    awaitDone(one.guest.executor, agent, one.launched.dir, waiting),
  );
  for (const one of all) await keepCpuTime(attempt, one, one.launched, 'after');
  await watchAfter(attempt, all);
  await settleClocks(attempt, all);
  return all;
}

/** Waits for all, a few at a time; as soon as one fails the others are waited for no longer. */
async function untilOneFails<T>(
  attempt: Attempt,
  all: readonly Ready[],
  wait: (agent: string, one: Ready, waiting: Waiting) => Promise<T>,
): Promise<readonly T[]> {
  const enough = new AbortController();
  const signal = AbortSignal.any([attempt.signal, enough.signal]);
  const limit = pLimit(WAITS_AT_ONCE);
  const failures: unknown[] = [];
  const results = await allSettled(all, async (one) => {
    const agent = await reachAgent(attempt, one);
    const waiting = { ...patienceOf(attempt), signal, limitSeconds: one.launched.limitSeconds };
    return limit(() => wait(agent, one, waiting)).catch((error: unknown) => {
      failures.push(error);
      enough.abort();
      return undefined;
    });
  });
  if (failures.length > 0) throw failures[0];
  return results as readonly T[];
}

export function patienceOf(attempt: Attempt): Omit<Waiting, 'limitSeconds'> {
  return {
    reconnectSeconds: RECONNECT_SECONDS,
    onReconnect: () => attempt.notice(`host ${attempt.session.host.id} was reached again`),
    signal: attempt.signal,
  };
}
