import type { Finding } from '../../types.js';
import type { ControlJournal, JournalLine } from '../journal.js';
import { controlFiles, type ControlFiles, type ControlledHost, type View } from './control-files.js';
import { restoringWrites } from './decide.js';
import { writable } from './tree.js';

/** The result of restoring. */
export interface Restored {
  /** Whose settings they were; undefined: there was no journal, and nothing to do. */
  readonly journal?: ControlJournal;
  /** One for each file that was written back, could not be, or is gone; one for a host that was restarted since. */
  readonly findings: readonly Finding[];
  /** Settings that still differ, or whose file is absent: they stay in the journal. */
  readonly left: readonly JournalLine[];
}

/** One setting may bring the files of others back (CPUs that come online), so it takes some rounds. */
const ROUNDS = 5;

/**
 * Restores the values in the journal of a host, by whichever run it was written, and removes it. The host must be locked. With `keep` the
 * journal of that run is left as it is, because the run continues. Can be repeated after any interruption.
 */
export async function restoreControls(
  host: ControlledHost,
  options: { readonly keep?: string; readonly root?: string } = {},
): Promise<Restored> {
  const files = controlFiles(host, options.root);
  const { boot, journal } = await files.look([]);
  if (journal === 'none') return { findings: [], left: [] };
  if (journal.run === options.keep && journal.boot === boot) return { findings: [], left: [] };
  return putBack(files, journal);
}

/** The same with a journal that was read: writes until every file reads as it did, then removes the journal. */
export async function putBack(files: ControlFiles, journal: ControlJournal): Promise<Restored> {
  const { lines, token } = journal;
  const paths = lines.map(({ path }) => path);
  const messages = new Map<string, string>();
  const before = await files.look(paths);
  let view: View = before;
  for (let round = 0; ; round += 1) {
    // Another process has restored it, or the host has restarted.
    if (view.journal === 'none' || view.journal.token !== token) return { journal, findings: [], left: [] };
    if (view.boot !== journal.boot) return discard(files, journal);
    const writes = restoringWrites(lines, view.tree);
    if (writes.length === 0 || round === ROUNDS) break;
    for (const result of (await files.write(token, writes)) ?? []) {
      if (!result.ok) messages.set(result.path, result.message);
    }
    view = await files.look(paths);
  }
  const wrong = new Set(restoringWrites(lines, view.tree).map(({ path }) => path));
  // With a CPU that does not come back its files stay away: their originals are kept until it does.
  const left = wrong.size === 0 ? [] : lines.filter(({ path }) => wrong.has(path) || !view.tree.has(path));
  if (left.length === 0) await files.end(token);
  const changed = new Set(restoringWrites(lines, before.tree).map(({ path }) => path));
  const findings = lines.flatMap((line) => {
    const now = view.tree.get(line.path);
    if (!wrong.has(line.path) && !changed.has(line.path) && now === before.tree.get(line.path)) return [];
    return [describe(line, now, wrong.has(line.path), messages.get(line.path))];
  });
  return { journal, findings, left };
}

/** A restart resets settings, so the values in the journal are no longer valid. */
async function discard(files: ControlFiles, journal: ControlJournal): Promise<Restored> {
  await files.end(journal.token);
  const finding: Finding = {
    check: 'settings of the host',
    expected: 'reset by a reboot',
    found: `restarted since ${journal.since}, when run ${journal.run} set them`,
    verdict: 'ok',
  };
  return { journal, findings: [finding], left: [] };
}

function describe(
  { control, path, original }: JournalLine,
  now: string | undefined,
  wrong: boolean,
  message: string | undefined,
): Finding {
  const common = { check: `restored ${control}: ${path}`, expected: original };
  if (now === undefined)
    return { ...common, found: 'gone', verdict: 'unavailable', hint: 'there is nothing to restore' };
  if (!wrong) return { ...common, found: writable(now), verdict: 'ok' };
  const hint = `${message ?? 'it was written, and another value is read back'}; the journal is kept, \`bench restore\` tries again`;
  return { ...common, found: writable(now), verdict: 'differs', hint };
}
