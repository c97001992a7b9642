import { readFile } from 'node:fs/promises';
import { publishedRun, type PublishedBenchmark, type StatedOf } from '../import/published.js';
import type { ForeignRun } from '../import/record-run.js';
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
