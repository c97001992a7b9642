import { BenchError } from '../errors.js';
import { listRuns, loadRun } from '../store/index.js';
import type { LoadedRun, RunId } from '../types.js';
import { unknown } from './select.js';

/** The run of this name in the folder, or the newest for `latest`; an error of usage names the nearest. */
export async function findRun(runsDir: string, name: string): Promise<RunId> {
  const runs = await runsIn(runsDir);
  const newest = runs.at(-1);
  if (newest === undefined) throw noRuns(runsDir);
  if (name === 'latest') return newest;
  if (runs.includes(name)) return name;
  // Ids begin with the time: the newest few are the likely ones, and a list of hundreds helps nobody.
  throw unknown('run', name, runs.slice(-5));
}

/** The runs that were named, each once; without names every run in the folder, oldest first. */
export async function loadRuns(runsDir: string, names: readonly string[]): Promise<readonly LoadedRun[]> {
  const ids = names.length === 0 ? await runsIn(runsDir) : await findAll(runsDir, names);
  if (ids.length === 0) throw noRuns(runsDir);
  const loaded: LoadedRun[] = [];
  for (const id of ids) loaded.push(await loadRun(runsDir, id));
  return loaded;
}

async function findAll(runsDir: string, names: readonly string[]): Promise<readonly RunId[]> {
  const ids: RunId[] = [];
  for (const name of names) ids.push(await findRun(runsDir, name));
  return [...new Set(ids)];
}

/** A folder that cannot be read is a mistake of usage; one that is not there has no runs. */
async function runsIn(runsDir: string): Promise<readonly RunId[]> {
  return listRuns(runsDir).catch((error: unknown) => {
    const message = `cannot read the runs: ${error instanceof Error ? error.message : String(error)}`;
    throw new BenchError({ stage: 'config', message, hint: '--runs-dir names another folder' }, { cause: error });
  });
}

function noRuns(runsDir: string): BenchError {
  const hint = '`bench run` makes one, `bench import` takes results that were measured elsewhere';
  return new BenchError({ stage: 'config', message: `there are no runs in ${runsDir}`, hint });
}
