import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';
import { readRegular } from './files.js';

/** Bytes of a claim at most: two numbers and a space are far below. */
const CLAIM_BYTES = 100;

/**
 * Claims a run directory for this process, so that two `bench` cannot write one run. The claim names the process by id
 * and start time: one left behind by a kill is recognized and taken over. Returns the function that gives it up, which
 * leaves alone a claim that is another's by then.
 */
export async function claimRun(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'claim');
  const claim = `${process.pid} ${await startTime(process.pid)}`;
  // Written first and linked into place, so that nobody ever reads a claim without its owner.
  const mine = `${path}.${process.pid}`;
  await rm(mine, { force: true });
  await writeFile(mine, claim, { flag: 'wx' });
  try {
    await takeClaim(directory, path, mine);
  } finally {
    await rm(mine, { force: true });
  }
  return async () => {
    if ((await readClaim(path)) === claim) await rm(path, { force: true });
  };
}

async function takeClaim(directory: string, path: string, mine: string): Promise<void> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      await link(mine, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = await readClaim(path);
    const owner = await liveOwner(found);
    if (owner !== undefined) {
      throw new BenchError({
        stage: 'store',
        message: `the run in ${directory} is being written by process ${owner} on this machine`,
        hint: 'wait for it, or end it',
      });
    }
    await putAside(path, found);
  }
  throw new BenchError({ stage: 'store', message: `cannot claim the run in ${directory}: others keep taking it` });
}

/**
 * Removes a stale claim, unless another process has done so and put its own in the place: renaming gets a claim to one
 * process only, which then sees whether it is the stale one, and else gives it back.
 */
async function putAside(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readClaim(aside)) !== stale) {
    await link(aside, path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
  await rm(aside, { force: true });
}

/** The text of a claim; empty when there is none, or something that no `bench` has put there. */
async function readClaim(path: string): Promise<string> {
  const { bytes } = await readRegular(path, CLAIM_BYTES);
  return bytes?.toString('utf8') ?? '';
}

/** The process that a claim names, if it is running: ids are used again, start times are not. */
async function liveOwner(claim: string): Promise<number | undefined> {
  const [, pid, started] = /^(\d+) (\d+)$/.exec(claim) ?? [];
  if (pid === undefined || started === undefined) return undefined;
  return (await startTime(Number(pid))) === started ? Number(pid) : undefined;
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot; empty when there is no such process. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command name in parentheses may hold spaces and parentheses: fields are counted from the last one.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
