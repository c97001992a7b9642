import { readClock, release, releaseAt } from '../../agent/client.js';
import type { Persistence } from '../../agent/losses.js';
import { trialFileNames } from '../../trial/file-names.js';
import { BenchError } from '../../errors.js';
import type { ClockOffset } from '../../types.js';
import { allSettled } from './all-settled.js';
import { guestNumber, reachAgent, type Attempt, type Running } from './attempt.js';
import { machineClock, measureOffset, settledOffset, type MonotonicClock } from './clock.js';
import type { Launched } from './unfinished.js';

/** Between the start instant's being given and its coming: the message must have arrived by then. */
const START_LEAD_MS = 200;
/** Giving the instant to several guests takes longer; a trial that is repeated because it took too long gets more. */
const LEAD_MS = { first: 300, eachGuest: 150 } as const;
/** Loads run by the time at which the others start. */
const LOAD_LEAD_MS = 200;
/** The agent wakes 20 ms before its instant, and whoever gave it must be off the CPU by then. */
const QUIET_MS = 50;
const MS = 1_000_000n;

/** A guest whose agent is ready. */
export type Ready = Running & { readonly launched: Launched };

/**
 * Starts every guest of a trial at one instant; loads a little before. Guests of one kernel share its clock, which is
 * read once; elsewhere the offset of each guest's clock to this machine's is measured, stored, and the instant
 * translated. Rejects with stage `measure` when the instant came before every guest had it: the guests then did not start
 * together.
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
  const asked = clock();
  const now = offsets === undefined ? await readClock(first.guest.executor, await reachAgent(attempt, first)) : asked;
  const instant = now + BigInt(leadMs) * MS;
  await allSettled(all, async (one) => {
    const own = instant - BigInt(Math.round(offsets?.get(one)?.offsetNs ?? 0));
    const early = one.part.assignment.role === 'load' ? BigInt(LOAD_LEAD_MS) * MS : 0n;
    const agent = await reachAgent(attempt, one);
    await releaseAt(one.guest.executor, agent, one.launched.dir, own - early, persistence);
  });
  const tookMs = Number((clock() - asked) / MS);
  if (tookMs <= leadMs - QUIET_MS) return;
  throw new BenchError({
    stage: 'measure',
    message: 'the start instant came before every guest had received it',
    expected: `received by all within ${leadMs - QUIET_MS} ms`,
    found: `${tookMs} ms`,
  });
}

/** Guests of a hypervisor have a kernel, and so a clock, of their own; it matters where there are several. */
function hasOwnClocks({ platform, parts }: Attempt): boolean {
  return platform.boundary === 'hypervisor' && parts.length > 1;
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
 * After the end, where guests have clocks of their own: measures each once more and sets the part's `clock`. What was
 * measured before is read from the run, where a process that is gone may have left it.
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
      const message = `the clock of guest ${one.part.assignment.guest} cannot be compared with what it was at the start`;
      throw new BenchError({ stage: 'measure', message });
    }
    one.part.clock = settled;
  }
}

async function offsetOf(attempt: Attempt, one: Ready, clock: MonotonicClock): Promise<ClockOffset> {
  const agent = await reachAgent(attempt, one);
  return measureOffset(() => readClock(one.guest.executor, agent), clock);
}

function fileOf(attempt: Attempt, { part, launched }: Ready): string {
  return trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, part)).clockBefore;
}
