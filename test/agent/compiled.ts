import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAgent, SOURCES, type BuiltAgent } from '../../harness/agent/build.js';
import { knownAgents, knownHere, type KnownAgents } from '../../harness/agent/known.js';
import { connectLocal } from '../../harness/connect/local.js';

const here = connectLocal();
const FOLDER = fileURLToPath(new URL('../../harness/agent/', import.meta.url));
/** What tests compile of the agent, for all test files and later runs. Paths have a hash of what was compiled. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/bench-agents', import.meta.url));

/** Absolute paths of the C files of the agent. */
export const sourcePaths = SOURCES.map((name) => join(FOLDER, name));
/** Every warning is an error. */
export const STRICT = ['-std=c99', '-Wall', '-Wextra', '-Werror'] as const;

/**
 * Puts the agent into a work directory on this machine as `buildAgent` would, which then finds it there: the compiler is
 * started only when the sources have changed since the last test. `known` must be what `buildAgent` is called with.
 */
export async function plantAgent(workDir: string, known: KnownAgents = knownHere): Promise<BuiltAgent> {
  const built = await buildAgent(here, CACHE, knownAgents(join(CACHE, 'known')));
  const path = join(workDir, relative(CACHE, built.path));
  await mkdir(dirname(path), { recursive: true });
  await copyFile(built.path, path);
  await known.remember(here.where, path, built.sha256);
  return { ...built, path };
}

/**
 * Path of an agent compiled with STRICT, these flags and these further C files. It is compiled again only when a source
 * has changed.
 */
export async function compiledWith(flags: readonly string[], more: readonly string[] = []): Promise<string> {
  const headers = (await readdir(FOLDER)).filter((name) => name.endsWith('.h')).map((name) => join(FOLDER, name));
  const texts = await Promise.all([...headers, ...sourcePaths, ...more].map((path) => readFile(path, 'utf8')));
  const hash = createHash('sha256')
    .update(JSON.stringify([STRICT, flags, texts]))
    .digest('hex')
    .slice(0, 16);
  const agent = join(CACHE, 'variants', hash);
  if (existsSync(agent)) return agent;
  await mkdir(dirname(agent), { recursive: true });
  const made = `${agent}.${process.pid}`;
  const { exit, stderr } = await here.exec({ argv: ['cc', ...STRICT, ...flags, '-o', made, ...sourcePaths, ...more] });
  if (exit.kind !== 'code' || exit.code !== 0) throw new Error(stderr);
  await rename(made, agent);
  return agent;
}
