import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';

/**
 * Claims a run directory for this process, so that two `bench` cannot write one run. The claim names the process by id
 * and start time: one left behind by a kill is recognized and taken over. Returns the function that gives it up.
 */
export async function claimRun(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, 'claim');
  // Written first and linked into place, so that nobody ever reads a claim without its owner.
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, `${process.pid} ${await startTime(process.pid)}`);
  try {
    return await takeClaim(directory, path, mine);
  } finally {
    await rm(mine, { force: true });
  }
}

async function takeClaim(directory: string, path: string, mine: string): Promise<() => Promise<void>> {
  for (let tries = 0; tries < 5; tries += 1) {
    try {
      await link(mine, path);
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid, started] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (pid !== undefined && started !== undefined && (await startTime(Number(pid))) === started) {
      throw new BenchError({
        stage: 'store',
        message: `the run in ${directory} is being written by process ${pid} on this machine`,
        hint: 'wait for it, or end it',
      });
    }
    await rm(path, { force: true });
  }
  throw new BenchError({ stage: 'store', message: `cannot claim the run in ${directory}: others keep taking it` });
}

/** Field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot; empty when there is no such process. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command name in parentheses may hold spaces and parentheses: fields are counted from the last one.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
