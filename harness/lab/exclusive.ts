import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../errors.js';

const WAIT_SECONDS = 20 * 60;
const SCRIPT = fileURLToPath(new URL('./hold-lock.sh', import.meta.url));
/** Exit codes of the script. */
const TIME_OVER = 75;
const REMOVED = 76;

/**
 * Runs `body` while no other process has the lock `path`; waits for one that has. A process that is killed leaves no lock
 * behind, in whichever PID namespace it ran.
 */
export async function exclusively<T>(path: string, report: (line: string) => void, body: () => Promise<T>): Promise<T> {
  const waiting = (other: string): void => report(`waiting for process ${other}, which changes the same lab`);
  const release = await hold(path, WAIT_SECONDS, waiting);
  if (release === undefined) {
    throw new BenchError({
      stage: 'lock',
      message: `another process has held ${path} for ${WAIT_SECONDS / 60} minutes`,
      hint: 'see which process it names, and end it if it hangs',
    });
  }
  try {
    return await body();
  } finally {
    await release();
  }
}

/** Runs `body` if no process has the lock `path`. */
export async function ifFree(path: string, body: () => Promise<void>): Promise<void> {
  const release = await hold(path, 0, () => undefined);
  if (release === undefined) return;
  try {
    await body();
  } finally {
    await release();
  }
}

/** Undefined: another process had it all the time. */
async function hold(
  path: string,
  seconds: number,
  waiting: (other: string) => void,
): Promise<(() => Promise<void>) | undefined> {
  for (;;) {
    // The folder is shared with others, and the last of them removes it.
    await mkdir(dirname(path), { recursive: true });
    // In a process group of its own: Ctrl-C does not release what this process still uses.
    const child = spawn('sh', [SCRIPT, path, String(process.pid), String(seconds)], { detached: true });
    const ended = once(child, 'close') as Promise<[number | null]>;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('waiting ')) waiting(line.slice('waiting '.length));
      if (line === 'held') {
        return async () => {
          child.stdin.end();
          await ended;
        };
      }
    }
    const [code] = await ended;
    if (code === TIME_OVER) return undefined;
    if (code !== REMOVED) throw cannotLock(path, complaint);
  }
}

function cannotLock(path: string, found: string): BenchError {
  return new BenchError({
    stage: 'lock',
    message: `${path} cannot be locked`,
    found: found.trim().split('\n').join(' / '),
  });
}
