import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileOf } from '../trial/file-names.js';
import type { JournalEntry, TrialRecord } from '../types.js';
import { RUN_FILES } from './layout.js';

/** The part of the hosts file that a run used; there when the run came in a bundle. */
export const BUNDLED_HOSTS = 'hosts.json';

const OWN = new Set<string>([...Object.values(RUN_FILES), BUNDLED_HOSTS]);
/** A folder of a stranger may have a million. */
const MAX_NAMED = 20;

/**
 * Files of a run directory that no record names, so that nothing vouches for their content. Those of attempts that were
 * begun and have no record yet are left out, and the claims of processes that write the run.
 */
export async function findStrays(
  directory: string,
  records: readonly TrialRecord[],
  journal: readonly JournalEntry[],
): Promise<readonly string[]> {
  const recorded = new Set(
    records.flatMap(({ outcome }) => (outcome.status === 'skipped' ? [] : outcome.artifacts.map(({ path }) => path))),
  );
  const done = new Set(records.map(({ trial, attempt }) => `${trial}.${attempt}`));
  const begun = new Map(
    journal.flatMap((entry) => {
      if (entry.event !== 'launched' || done.has(`${entry.trial}.${entry.attempt}`)) return [];
      return [[`${entry.trial}.${entry.attempt}`, entry] as const];
    }),
  );
  const isBegun = (name: string): boolean =>
    [...begun.values()].some(({ trial, attempt }) => isFileOf(name, trial, attempt));
  const above = (await names(directory)).filter((name) => !OWN.has(name) && !/^claim(\.|$)/.test(name));
  const raw = (await names(join(directory, RUN_FILES.raw))).filter(
    (name) => !recorded.has(`${RUN_FILES.raw}/${name}`) && !isBegun(name),
  );
  const strays = [...above, ...raw.map((name) => `${RUN_FILES.raw}/${name}`)];
  const named = strays.slice(0, MAX_NAMED).map((path) => `${JSON.stringify(path).slice(1, -1)}: is in no record`);
  const others = strays.length - named.length;
  return others === 0 ? named : [...named, `${others} other files are in no record`];
}

/** A folder that cannot be read is another kind of damage. */
const names = async (folder: string): Promise<readonly string[]> => (await readdir(folder).catch(() => [])).sort();
