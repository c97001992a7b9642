import { readFile } from 'node:fs/promises';
import { BenchError } from '../../errors.js';
import type { Executor, Stage } from '../../types.js';

/** The text of a script of the source tree. */
export function scriptAt(url: URL): Promise<string> {
  return readFile(url, 'utf8');
}

/** What an error reports when a script fails. */
export interface Failure {
  readonly stage: Stage;
  readonly message: string;
  readonly hint?: string;
}

/** Runs a constant script with these arguments; resolves to what it prints. A `BenchError` has the end of its stderr. */
export async function runScript(
  host: Executor,
  script: string,
  argv: readonly string[],
  failure: Failure,
): Promise<string> {
  const { exit, stdout, stderr } = await host.exec({ argv: ['sh', '-c', script, 'sh', ...argv] });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const end = exit.kind === 'code' ? `exit code ${exit.code}` : exit.signal;
  const reason = stderr.trim() === '' ? end : lastLines(stderr);
  const { stage, message, hint } = failure;
  throw new BenchError({ stage, message: `${message}: ${reason}`, ...(hint === undefined ? {} : { hint }) });
}

/** The last lines that are not blank, joined into one line. */
export function lastLines(text: string, count = 4): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('; ').trim();
}

/** The names in the output of `reap`, which prints one per line. */
export function namesIn(text: string): readonly string[] {
  return text.split('\n').filter((name) => name !== '');
}

/** The script that makes, ends and removes guests: `guests.sh`, then the platform's own functions, in this order. */
export async function guestsScript(...own: readonly string[]): Promise<string> {
  const shared = await scriptAt(new URL('./guests.sh', import.meta.url));
  return [shared, ...own, 'act "$@"\n'].join('\n');
}

/** The script at a URL, which may call the functions of `cgroups.sh`. */
export async function cgroupsScript(url: URL): Promise<string> {
  return `${await scriptAt(new URL('./cgroups.sh', import.meta.url))}\n${await scriptAt(url)}`;
}

/** `claims.sh`, for `guestsScript`. */
export function claimsScript(): Promise<string> {
  return scriptAt(new URL('./claims.sh', import.meta.url));
}
