import { readClock, release, releaseAt } from '../../agent/client.js';
import type { Persistence } from '../../agent/losses.js';
import { trialFileNames } from '../../trial/file-names.js';
import { BenchError } from '../../errors.js';
import type { ClockOffset } from '../../types.js';
import { allSettled } from './all-settled.js';
import { guestNumber, reachAgent, type Attempt, type Running } from './attempt.js';
import { machineClock, measureOffset, settledOffset, type MonotonicClock } from './clock.js';
import type { Launched } from './unfinished.js';

/** From sending the start instant to the instant itself: the message must arrive in this time. */
const START_LEAD_MS = 200;
/** Sending the instant to several guests takes longer; each repetition of a trial adds the same time again. */
const LEAD_MS = { first: 300, eachGuest: 150 } as const;
/** Loads start this much earlier than the other guests. */
const LOAD_LEAD_MS = 200;
/** The agent wakes 20 ms before its instant; the process that sent it must be off the CPU by then. */
const QUIET_MS = 50;
const MS = 1_000_000n;

/** A guest whose agent is ready. */
export type Ready = Running & { readonly launched: Launched };

/**
 * Starts every guest of a trial at one instant, loads a little earlier. Guests of one kernel share its clock, which is
 * read once. For other guests the offset of each clock to this machine's is measured and stored, and the instant is
 * translated. Rejects with stage `measure` when the instant passed before every guest had received it.
 */
export async function startTogether(
  attempt: Attempt,
  all: readonly Ready[],
  persistence: Persistence,
  clock: MonotonicClock = machineClock,
): Promise<void> {
  const [first] = all;
  if (first === undefined) return;
  if (attempt.workload === undefined) {
    const agent = await reachAgent(attempt, first);
    await release(first.guest.executor, agent, first.launched.dir, START_LEAD_MS, persistence);
    return;
  }
  const offsets = hasOwnClocks(attempt) ? await offsetsBefore(attempt, all, clock) : undefined;
  const leadMs = LOAD_LEAD_MS + (LEAD_MS.first + LEAD_MS.eachGuest * all.length) * attempt.number;
  const sent = clock();
  const now = offsets === undefined ? await readClock(first.guest.executor, await reachAgent(attempt, first)) : sent;
  const instant = now + BigInt(leadMs) * MS;
  await allSettled(all, async (one) => {
    const own = instant - BigInt(Math.round(offsets?.get(one)?.offsetNs ?? 0));
    const early = one.task.assignment.role === 'load' ? BigInt(LOAD_LEAD_MS) * MS : 0n;
    const agent = await reachAgent(attempt, one);
    await releaseAt(one.guest.executor, agent, one.launched.dir, own - early, persistence);
  });
  const tookMs = Number((clock() - sent) / MS);
  if (tookMs <= leadMs - QUIET_MS) return;
  throw new BenchError({
    stage: 'measure',
    message: 'the start instant came before every guest had received it',
    expected: `received by all within ${leadMs - QUIET_MS} ms`,
    found: `${tookMs} ms`,
  });
}

/** Whether clocks must be compared: guests of a hypervisor have their own kernels and clocks, which matters for several. */
function hasOwnClocks({ platform, tasks }: Attempt): boolean {
  return platform.boundary === 'hypervisor' && tasks.length > 1;
}

async function offsetsBefore(
  attempt: Attempt,
  all: readonly Ready[],
  clock: MonotonicClock,
): Promise<ReadonlyMap<Ready, ClockOffset>> {
  const offsets = new Map<Ready, ClockOffset>();
  for (const one of all) {
    const offset = await offsetOf(attempt, one, clock);
    offsets.set(one, offset);
    await attempt.run.keep(fileOf(attempt, one), Buffer.from(`${JSON.stringify(offset)}\n`));
  }
  return offsets;
}

/**
 * After the end, where guests have their own clocks: measures each offset again and sets `clock` of its task. The offset
 * before the start is read from the run, as an earlier process may have measured it.
 */
export async function settleClocks(
  attempt: Attempt,
  all: readonly Ready[],
  clock: MonotonicClock = machineClock,
): Promise<void> {
  if (!hasOwnClocks(attempt)) return;
  for (const one of all) {
    const stored = await attempt.run.kept(fileOf(attempt, one));
    const before = stored === undefined ? undefined : (JSON.parse(stored.bytes.toString()) as ClockOffset);
    const after = await offsetOf(attempt, one, clock);
    const settled = before === undefined ? undefined : settledOffset(before, after);
    if (settled === undefined) {
      const message = `the clock of guest ${one.task.assignment.guest} cannot be compared with what it was at the start`;
      throw new BenchError({ stage: 'measure', message });
    }
    one.task.clock = settled;
  }
}

async function offsetOf(attempt: Attempt, one: Ready, clock: MonotonicClock): Promise<ClockOffset> {
  const agent = await reachAgent(attempt, one);
  return measureOffset(() => readClock(one.guest.executor, agent), clock);
}

function fileOf(attempt: Attempt, { task, launched }: Ready): string {
  return trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task)).clockBefore;
}
