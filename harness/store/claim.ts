import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../errors.js';

/** Two that claim in the same instant see each other and both step back: then they try again, not in step. */
const TRIES = 4;

/**
 * Claims a run directory for this process, so that two `bench` cannot write one run. A claim is an empty file whose name
 * has the process by id and start time: one left behind by a kill is recognized and removed. Returns the function that
 * gives the claim up. Throws a `BenchError` of stage `store` when a living process holds one.
 *
 * Whoever claims puts its file there first and looks for others then. Of two, the later to put its file sees the earlier
 * one, so never do both go on; and as names of the dead never come back, removing one cannot hit a living claim.
 */
export async function claimRun(directory: string): Promise<() => Promise<void>> {
  const name = `claim.${process.pid}.${await startTime(process.pid)}`;
  const path = join(directory, name);
  for (let tries = 1; ; tries += 1) {
    await putClaim(directory, path);
    const owner = await otherOwner(directory, name).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
    if (owner === undefined) return () => rm(path, { force: true });
    await rm(path, { force: true });
    if (tries === TRIES) throw taken(directory, owner);
    await delay(tries * (5 + (process.pid % 23)));
  }
}

async function putClaim(directory: string, path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(directory, process.pid);
    throw error;
  }
}

/** Another process that claims the directory and is running. Claims of processes that are not are removed. */
async function otherOwner(directory: string, mine: string): Promise<number | undefined> {
  const claims = (await readdir(directory)).filter((name) => /^claim(\.|$)/.test(name) && name !== mine);
  for (const name of claims) {
    // The name is enough: a FIFO or a link that someone put there under it is not opened.
    const [, pid, started] = /^claim\.(\d+)\.(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && (await startTime(Number(pid))) === started) return Number(pid);
    await rm(join(directory, name), { force: true, recursive: true });
  }
  return undefined;
}

function taken(directory: string, owner: number): BenchError {
  return new BenchError({
    stage: 'store',
    message: `the run in ${directory} is being written by process ${owner} on this machine`,
    hint: 'wait for it, or end it',
  });
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot; empty when there is no such process. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command name in parentheses may hold spaces and parentheses: fields are counted from the last one.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
