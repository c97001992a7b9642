import { readFile } from 'node:fs/promises';

/** A process that is known again after its id was given to another: `start` is field 22 of /proc/PID/stat. */
export interface ProcessId {
  readonly pid: number;
  readonly start: string;
}

/** The process that has this id now, or undefined; a zombie counts as gone. */
export async function processOf(pid: number): Promise<ProcessId | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The command name in parentheses may hold spaces and parentheses: fields are counted from the last one (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return start === undefined || state === 'Z' || state === 'X' ? undefined : { pid, start };
}

/** Whether exactly this process is still running. */
export async function isRunning(process: ProcessId): Promise<boolean> {
  return (await processOf(process.pid))?.start === process.start;
}
