import { readFile } from 'node:fs/promises';
import { publishedRun, type PublishedBenchmark, type StatedOf } from '../import/published.js';
import { asLoaded, type ForeignRun } from '../import/record-run.js';
import type { LoadedRun } from '../types.js';
import { allSuites, allWorkloads, publishedBenchmarks, references, statedIn } from './registries.js';
import { byId } from './select.js';

/** What a publication states, as a run that is not stored. Throws a `BenchError` of stage `config` on an unknown one. */
export async function readPublication(reference: string, by: string, now: Date): Promise<ForeignRun> {
  const { id, cpus } = byId('reference', reference, references);
  const bytes = await readFile(new URL(`../../reports/reference/${id}.json`, import.meta.url));
  const known: readonly PublishedBenchmark[] = [...allSuites, ...allWorkloads, ...publishedBenchmarks];
  const stated = statedIn(id).flatMap(({ column, benchmark }): StatedOf[] => {
    const found = known.find((candidate) => candidate.id === benchmark);
    return found === undefined ? [] : [{ column, benchmark: found }];
  });
  return publishedRun({ reference: id, bytes, cpus, stated, by, now });
}

/** The same as if it had been stored. Its instants are that of no clock: the same publication always gives the same report. */
export async function loadPublication(id: string): Promise<LoadedRun> {
  const at = new Date(0);
  return asLoaded(await readPublication(id, 'bench', at), id, at.toISOString());
}
