import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Kills a process that may have ended: one that is gone is no error, any other failure is. */
export function killIfRunning(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills the agents that trials below this directory left running: a test that fails in the middle does not end them. */
export function killAgentsBelow(directory: string): void {
  for (const name of namesBelow(directory)) {
    if (basename(name) !== 'pid') continue;
    const [pid = 0, start = 0] = textOf(join(directory, name)).split(' ').map(Number);
    // The id of an agent that has ended may belong to another process.
    if (pid > 1 && startOf(pid) === start) killIfRunning(pid);
  }
}

/** Start time of a process, field 22 of /proc/PID/stat (proc(5)); undefined when it has ended. */
function startOf(pid: number): number | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat === '' ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

function namesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
