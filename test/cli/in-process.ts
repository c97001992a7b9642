import { dirname, join } from 'node:path';
import { afterAll, vi } from 'vitest';
import type { main } from '../../harness/cli/main.js';
import { outlet } from './captured-printer.js';
import type { Ended } from './command-line.js';

/**
 * What `bench` at this path does in this process, with this directory as the current one: starting a Node for it would take
 * most of the time. Where a process of its own matters (signals, pipes, the exit status), a test uses `start`.
 */
export async function runHere(cli: string, cwd: string, args: readonly string[]): Promise<Ended> {
  const module = (await import(join(dirname(cli), 'cli', 'main.js'))) as { readonly main: typeof main };
  process.chdir(cwd);
  // Nothing is kept in the home directory.
  vi.stubEnv('XDG_CACHE_HOME', join(dirname(cli), '..', 'cache'));
  const [stdout, stderr] = [outlet(), outlet()];
  const own = Object.create(process, {
    argv: { value: [process.execPath, cli, ...args] },
    stdout: { value: stdout },
    stderr: { value: stderr },
  }) as NodeJS.Process;
  const code = await module.main(own);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

const original = process.cwd();
afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(original);
});
