import type { Facts, JournalEntry, LoadedRun } from '../../harness/types.js';
import type { System } from '../model/types.js';
import { systemKey } from './systems.js';

type FactsEntry = Extract<JournalEntry, { readonly event: 'facts' }>;

/** Id of the boot in which facts were read; of a host it is one of its facts. Null where it is not known. */
export function bootOf({ of, boot, facts }: FactsEntry): string | null {
  const { bootId } = facts;
  if (boot !== undefined) return boot;
  return of.startsWith('host ') && typeof bootId === 'string' ? bootId : null;
}

/**
 * Ids of the boots of its host that the collected trials of a system were measured in, by time. Null alone where none is
 * known.
 */
export function bootsOf(runs: readonly LoadedRun[], { key }: System): readonly [string | null, ...(string | null)[]] {
  const records = runs.flatMap((run) =>
    run.records.filter((record) => record.outcome.status === 'collected' && systemKey(run, record) === key),
  );
  const boots = records.toSorted((a, b) => (a.started < b.started ? -1 : 1)).flatMap(({ boot }) => boot ?? []);
  const [first = null, ...others] = new Set(boots);
  return [first, ...others];
}

/**
 * The facts of a machine in one boot of its host, the last reading. A run that did not record boots has one description
 * of each machine, which is then returned for any boot.
 */
export function factsIn(runs: readonly LoadedRun[], subject: string, boot: string | null): Facts | undefined {
  const entries = runs
    .flatMap((run) => run.journal.flatMap((entry) => (entry.event === 'facts' && entry.of === subject ? [entry] : [])))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
  const exact = boot === null ? undefined : entries.findLast((entry) => bootOf(entry) === boot);
  if (exact !== undefined) return exact.facts;
  const isAnyBoot = boot === null || entries.every((entry) => bootOf(entry) === null);
  return isAnyBoot ? entries.at(-1)?.facts : undefined;
}
