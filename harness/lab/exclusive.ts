import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../errors.js';
import { isRunning, processOf } from './process.js';

const WAIT_MS = 20 * 60_000;
const POLL_MS = 200;

/**
 * Runs `body` while no other process of this machine holds `path`; waits for one that does. The file names its owner
 * by process id and start time, so one that a kill left behind is recognized and taken over.
 */
export async function exclusively<T>(path: string, report: (line: string) => void, body: () => Promise<T>): Promise<T> {
  // Written first and linked into place, so that a lock is never without its owner.
  const mine = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  const me = await processOf(process.pid);
  await writeIntoNewFolder(mine, `${process.pid} ${me?.start ?? ''}`);
  try {
    await acquire(path, mine, report);
  } finally {
    await rm(mine, { force: true });
  }
  try {
    return await body();
  } finally {
    await rm(path, { force: true });
  }
}

/** The folder is shared with others, and the last of them removes it. */
async function writeIntoNewFolder(path: string, text: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 10) throw error;
    }
  }
}

/** Removes the lock of a process that has ended; if another process has taken it meanwhile, that lock is put back. */
async function takeAway(path: string, expected: string, aside: string): Promise<void> {
  await rename(path, aside).catch(() => undefined);
  if ((await readFile(aside, 'utf8').catch(() => expected)) !== expected)
    await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function acquire(path: string, mine: string, report: (line: string) => void): Promise<void> {
  let reported = false;
  for (let waited = 0; waited < WAIT_MS;) {
    try {
      await link(mine, path);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const [pid = '', start = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
    if (pid !== '' && !(await isRunning({ pid: Number(pid), start }))) {
      await takeAway(path, `${pid} ${start}`, `${mine}.stale`);
      continue;
    }
    if (!reported) report(`waiting for process ${pid}, which changes the same lab`);
    reported = true;
    await sleep(POLL_MS);
    waited += POLL_MS;
  }
  throw new BenchError({
    stage: 'lock',
    message: `another process has held ${path} for ${WAIT_MS / 60_000} minutes`,
    hint: 'see which process it names, and end it if it hangs',
  });
}
