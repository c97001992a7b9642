import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './command.js';
import type { LabPaths } from './paths.js';

/** The lab's own programs, compiled: what is process 1 of a host, and the login shell of its root. */
export interface LabTools {
  readonly init: string;
  readonly shell: string;
}

/** Compiles the programs, or takes them from the cache, where they are named by the hash of their source. */
export async function ensureTools(paths: LabPaths): Promise<LabTools> {
  return {
    init: await compiled(paths, new URL('./lab-init.c', import.meta.url)),
    shell: await compiled(paths, new URL('./lab-shell.c', import.meta.url)),
  };
}

async function compiled(paths: LabPaths, source: URL): Promise<string> {
  const path = fileURLToPath(source);
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16);
  const folder = join(paths.cache, 'tools', hash);
  const program = join(folder, path.replace(/^.*\/|\.c$/g, ''));
  if (await access(program).then(always, never)) return program;
  await mkdir(folder, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  // Static: one outlives the switch of its root, the other must not depend on the libraries of the root it is put in.
  await command(['gcc', '-O2', '-static', '-o', unfinished, path]);
  await rename(unfinished, program);
  return program;
}

const always = (): boolean => true;
const never = (): boolean => false;
