import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { SideRuns } from '../../../reports/index.js';
import { BenchError } from '../../errors.js';
import { listRuns, loadRun, summarizeRuns } from '../../store/index.js';
import type { LoadedRun, RunId } from '../../types.js';
import { withoutNoise } from '../noise-run.js';
import { loadPublication } from '../publication.js';
import { references } from '../registries.js';
import { loadRuns } from '../runs.js';
import { unknown } from '../select.js';

export interface SideNames {
  readonly runsDir: string;
  /** Of A and of B: ids, folders, publications, `latest`, `@last-7`; several with commas. */
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly warn: (line: string) => void;
}

/**
 * The runs of both sides. `@last-N` are the newest complete runs of the folder that measured something, without noise runs
 * and without those that the other side names. Rejects with a `BenchError` of stage `config` for a name that is none.
 */
export async function loadSides({ runsDir, a, b, warn }: SideNames): Promise<readonly [SideRuns, SideRuns]> {
  const [namesA, namesB] = [await splitNames(a), await splitNames(b)];
  const load = async (names: readonly string[]): Promise<readonly LoadedRun[]> => {
    const runs: LoadedRun[] = [];
    for (const name of names) if (lastOf(name) === undefined) runs.push(...(await loadNamed(runsDir, name, warn)));
    return runs;
  };
  const [explicitA, explicitB] = [await load(namesA), await load(namesB)];
  const withLast = async (
    names: readonly string[],
    own: readonly LoadedRun[],
    others: readonly LoadedRun[],
  ): Promise<SideRuns> => {
    const except = new Set(others.map(({ id }) => id));
    const runs = [...own];
    for (const name of names) {
      const count = lastOf(name);
      if (count !== undefined) runs.push(...(await lastRuns(runsDir, count, except, warn)));
    }
    return { given: names.join(','), runs: onceEach(runs) };
  };
  return [await withLast(namesA, explicitA, explicitB), await withLast(namesB, explicitB, explicitA)];
}

/** `a,b` as two names, unless a folder has that very name. */
async function splitNames(names: readonly string[]): Promise<readonly string[]> {
  const split: string[] = [];
  for (const name of names) {
    if (await isFolder(name)) split.push(name);
    else split.push(...name.split(',').map((part) => part.trim()));
  }
  const empty = split.some((name) => name === '');
  if (split.length > 0 && !empty) return split;
  const expected = 'runs for A and for B, like `bench compare RUN RUN`';
  throw new BenchError({ stage: 'config', message: 'a side has no run', expected });
}

/** The number in `@last-7`; undefined for another name. */
function lastOf(name: string): number | undefined {
  if (!name.startsWith('@')) return undefined;
  const count = Number(/^@last-(\d{1,4})$/.exec(name)?.[1]);
  if (count >= 1) return count;
  const message = `there are no runs ${JSON.stringify(name)}`;
  throw new BenchError({ stage: 'config', message, expected: '@last-N, with N from 1 to 9999' });
}

async function loadNamed(runsDir: string, name: string, warn: (line: string) => void): Promise<readonly LoadedRun[]> {
  const ids = await listRuns(runsDir);
  const id = name === 'latest' ? ids.at(-1) : ids.find((known) => known === name);
  if (id !== undefined) return [await loadRun(runsDir, id)];
  if (references.some((reference) => reference.id === name)) return [await loadPublication(name)];
  if (!(await isFolder(name)))
    throw unknown('run', name, ['latest', ...references.map((one) => one.id), ...ids.slice(-5)]);
  const path = resolve(name);
  const isRun = await stat(join(path, 'plan.json')).then(
    (found) => found.isFile(),
    () => false,
  );
  return isRun ? [await loadRun(dirname(path), basename(path))] : withoutNoise(await loadRuns(path, [], warn));
}

async function lastRuns(
  runsDir: string,
  count: number,
  except: ReadonlySet<RunId>,
  warn: (line: string) => void,
): Promise<readonly LoadedRun[]> {
  const complete = (await summarizeRuns(runsDir)).filter(({ id, state }) => state === 'complete' && !except.has(id));
  const found: LoadedRun[] = [];
  for (const { id } of complete.toReversed()) {
    if (found.length === count) break;
    const run = await loadRun(runsDir, id);
    const isMeasured = run.records.some(({ origin }) => origin !== 'published');
    if (isMeasured && run.stored.plan.noise !== true) found.push(run);
  }
  if (found.length === 0) {
    const message = `there is no complete run in ${runsDir} for @last-${count}`;
    throw new BenchError({ stage: 'config', message, hint: '`bench list runs` shows their states' });
  }
  if (found.length < count) warn(`@last-${count}: ${runsDir} has ${found.length} complete runs`);
  return found;
}

function onceEach(runs: readonly LoadedRun[]): readonly LoadedRun[] {
  const byId = new Map<RunId, LoadedRun>();
  for (const run of runs) {
    const known = byId.get(run.id);
    if (known !== undefined && resolve(known.directory) !== resolve(run.directory)) {
      const message = `run ${run.id} is in two folders of one side`;
      const found = `${known.directory} and ${run.directory}`;
      throw new BenchError({ stage: 'config', message, expected: 'one of them', found });
    }
    byId.set(run.id, run);
  }
  return [...byId.values()];
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
