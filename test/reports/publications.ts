import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { publishedRun, type PublishedBenchmark } from '../../harness/import/published.js';
import type { LoadedRun } from '../../harness/types.js';
import { referenceById } from '../../reports/index.js';
import { publishedBenchmarks, statedIn } from '../../reports/reference/quantities.js';
import { suites, workloads } from '../../suites/index.js';
import { withPlatforms } from './platform-entries.js';

const fileOf = (reference: string): Uint8Array =>
  readFileSync(new URL(`../../reports/reference/${reference}.json`, import.meta.url));

/** What `bench import --published` makes of a publication, as the store would load it. */
export function publicationRun(reference: string, bytes: Uint8Array = fileOf(reference)): LoadedRun {
  const known: readonly PublishedBenchmark[] = [...suites, ...workloads, ...publishedBenchmarks];
  const stated = statedIn(reference).map(({ column, benchmark }) => {
    const found = known.find(({ id }) => id === benchmark);
    if (found === undefined) throw new Error(`no benchmark ${benchmark}`);
    return { column, benchmark: found };
  });
  const now = new Date('2026-11-21T07:00:00.000Z');
  const { cpus } = referenceById(reference);
  const { plan, records, files } = publishedRun({ reference, bytes, cpus, stated, by: 'a test', now });
  const artifacts = files.map(({ name, bytes: content }) => ({
    path: `raw/${name}`,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  }));
  const id = `run-${reference}`;
  return {
    id,
    directory: `/nowhere/${id}`,
    stored: { run: id, created: now.toISOString(), hash: createHash('sha256').update(id).digest('hex'), plan },
    records: records.map(({ record }) => ({ ...record, outcome: { status: 'collected', artifacts } })),
    journal: withPlatforms(plan.targets, []),
    raw: new Map(files.map(({ name, bytes: content }) => [`raw/${name}`, content])),
    damage: [],
  };
}
