import { readFile } from 'node:fs/promises';
import { BenchError } from '../../errors.js';
import type { Executor, Stage } from '../../types.js';

/** The text of a script that lies beside the code. */
export function scriptAt(url: URL): Promise<string> {
  return readFile(url, 'utf8');
}

/** Runs a constant script with these arguments; what it prints, or a `BenchError` with what it said of its failure. */
export async function runScript(
  host: Executor,
  script: string,
  argv: readonly string[],
  failure: { readonly stage: Stage; readonly message: string; readonly hint?: string },
): Promise<string> {
  const { exit, stdout, stderr } = await host.exec({ argv: ['sh', '-c', script, 'sh', ...argv] });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const end = exit.kind === 'code' ? `exit code ${exit.code}` : exit.signal;
  const said = stderr.trim() === '' ? end : lastLines(stderr);
  const { stage, message, hint } = failure;
  throw new BenchError({ stage, message: `${message}: ${said}`, ...(hint === undefined ? {} : { hint }) });
}

/** The end of what a tool said, in one line. */
export function lastLines(text: string, count = 4): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('; ').trim();
}
