import { readFile } from 'node:fs/promises';
import type { HostId } from '../types.js';
import { command } from './command.js';
import { labLogins } from './logins.js';
import type { LabPaths } from './paths.js';

/**
 * Makes a Docker engine run on a host of the lab that is on and whose logins are written. It is a daemon of that host and
 * ends with it. Does nothing where one runs.
 */
export async function ensureDocker(paths: LabPaths, host: HostId, report: (line: string) => void): Promise<void> {
  const input = await readFile(new URL('./docker.sh', import.meta.url), 'utf8');
  const output = await command(['ssh', '-F', labLogins(paths).configFile, host, 'sh -s'], { input });
  if (output.includes('started')) report(`started the Docker engine of ${host}`);
}
