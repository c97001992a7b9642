import { BenchError } from '../errors.js';
import { listRuns, loadRun } from '../store/index.js';
import type { LoadedRun, RunId } from '../types.js';
import { unknown } from './select.js';

/** The run with this name, or the newest for `latest`. Rejects with a `BenchError` of stage `config` if there is none. */
export async function findRun(runsDir: string, name: string): Promise<RunId> {
  const runs = await listRuns(runsDir);
  const newest = runs.at(-1);
  if (newest === undefined) throw noRuns(runsDir);
  if (name === 'latest') return newest;
  if (runs.includes(name)) return name;
  // Ids begin with the time: the newest are the most likely, and the list may have hundreds.
  throw unknown('run', name, runs.slice(-5));
}

/**
 * The named runs, each once; without names every run in the folder, oldest first. A run that another version of `bench`
 * wrote, or whose plan cannot be read, is refused when it was named; otherwise it is skipped with one line to `warn`, unless
 * there is no other.
 */
export async function loadRuns(
  runsDir: string,
  names: readonly string[],
  warn: (line: string) => void,
): Promise<readonly LoadedRun[]> {
  if (names.length > 0) return inTurn(await findAll(runsDir, names), (id) => loadRun(runsDir, id));
  const ids = await listRuns(runsDir);
  if (ids.length === 0) throw noRuns(runsDir);
  const read = await inTurn(ids, (id) => loadRun(runsDir, id).catch(unreadable));
  const loaded = read.filter((one): one is LoadedRun => !(one instanceof BenchError));
  const others = read.filter((one) => one instanceof BenchError);
  if (loaded.length === 0 && others[0] !== undefined) throw others[0];
  for (const { problem } of others) warn(`${problem.message}: skipped`);
  return loaded;
}

/** A line for each damage of runs that are shown all the same. */
export function warnOfDamage(runs: readonly LoadedRun[], warn: (line: string) => void): void {
  for (const { id, damage } of runs) for (const what of damage) warn(`run ${id}: ${what}`);
}

function unreadable(error: unknown): BenchError {
  if (error instanceof BenchError) return error;
  throw error;
}

/** One after the other: a run may be large. */
async function inTurn<T>(ids: readonly RunId[], load: (id: RunId) => Promise<T>): Promise<T[]> {
  const loaded: T[] = [];
  for (const id of ids) loaded.push(await load(id));
  return loaded;
}

async function findAll(runsDir: string, names: readonly string[]): Promise<readonly RunId[]> {
  const ids: RunId[] = [];
  for (const name of names) ids.push(await findRun(runsDir, name));
  return [...new Set(ids)];
}

function noRuns(runsDir: string): BenchError {
  const hint = '`bench run` makes one; `bench import` imports existing results';
  return new BenchError({ stage: 'config', message: `there are no runs in ${runsDir}`, hint });
}
