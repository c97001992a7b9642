import type { Finding } from '../../types.js';
import type { ControlJournal, JournalLine } from '../journal.js';
import { controlFiles, type ControlFiles, type ControlledHost, type View } from './control-files.js';
import { restoringWrites } from './decide.js';
import { addedControllers, isPassedOn } from './passed-on.js';
import { writable, type Tree } from './tree.js';

/** The result of restoring. */
export interface Restored {
  /** Whose settings they were, as it is now where something is left; undefined: there was none, and nothing to do. */
  readonly journal?: ControlJournal;
  /** One for each file that was written back, could not be, or is gone; one for a host that was restarted since. */
  readonly findings: readonly Finding[];
  /** Settings that still differ, or whose file is absent: they stay in the journal. */
  readonly left: readonly JournalLine[];
}

/** One setting may bring the files of others back (CPUs that come online), so it takes some rounds. */
const ROUNDS = 5;
/** Ends the token of a journal under which originals are written and nothing else is. No UUID ends so. */
const RESTORING = '--0';

/**
 * Restores the values in the journal of a host, by whichever run it was written, and removes it. The host must be locked.
 * With `keep` the journal of that run is left as it is, because the run continues. Can be repeated after any interruption.
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

/**
 * The same with a journal that was read: writes until every file reads as it did, then removes the journal. Controllers that
 * groups still use stay enabled: those of guests that a crash left, so that the journal keeps the line for the next time;
 * with `reaped`, when there are no such guests, those of other programs.
 */
export async function putBack(
  files: ControlFiles,
  journal: ControlJournal,
  { reaped = false }: { readonly reaped?: boolean } = {},
): Promise<Restored> {
  const restoring = await underRestoring(files, journal);
  const { lines, token } = restoring;
  const paths = lines.map(({ path }) => path);
  const messages = new Map<string, string>();
  const before = await files.look(paths);
  let view: View = before;
  for (let round = 0; ; round += 1) {
    // Another process has restored it, or the host has restarted.
    if (view.journal === 'none' || view.journal.token !== token) return { journal: restoring, findings: [], left: [] };
    if (view.boot !== journal.boot) return discard(files, restoring);
    const writes = restoringWrites(lines, view.tree);
    if (writes.length === 0 || round === ROUNDS) break;
    for (const result of (await files.write(token, writes)) ?? []) {
      if (!result.ok) messages.set(result.path, result.message);
    }
    view = await files.look(paths);
  }
  const wrong = new Set(restoringWrites(lines, view.tree).map(({ path }) => path));
  // With a CPU that does not come back its files stay away: their originals are kept until it does.
  const isLeft = (line: JournalLine): boolean =>
    isPassedOn(line) ? wrong.has(line.path) && !reaped : wrong.has(line.path) || !view.tree.has(line.path);
  const left = lines.some((line) => wrong.has(line.path) && isLeft(line)) ? lines.filter(isLeft) : [];
  if (left.length === 0) await files.end(token);
  const changed = new Set(restoringWrites(lines, before.tree).map(({ path }) => path));
  const findings = lines.flatMap((line) => {
    const now = view.tree.get(line.path);
    if (isPassedOn(line)) return passedOnFinding(line, before.tree, view.tree);
    if (!wrong.has(line.path) && !changed.has(line.path) && now === before.tree.get(line.path)) return [];
    return [describe(line, now, wrong.has(line.path), messages.get(line.path))];
  });
  return { journal: restoring, findings, left };
}

/**
 * The journal under another token. A command of a run that died, or whose connection was cut, may still wait on the host
 * for its turn to write: it then finds a journal that is not its own, and does nothing. Such a command of another
 * restoration writes the same originals, so the token is changed only once; a connection that is cut here leaves the
 * journal with one of the two, and the next look decides.
 */
async function underRestoring(files: ControlFiles, journal: ControlJournal): Promise<ControlJournal> {
  if (journal.token.endsWith(RESTORING)) return journal;
  const restoring = { ...journal, token: `${journal.token}${RESTORING}` };
  await files.begin(journal.token, restoring);
  return restoring;
}

function passedOnFinding(line: JournalLine, before: Tree, now: Tree): readonly Finding[] {
  if (addedControllers(line, before).length === 0) return [];
  const finding = {
    check: `restored ${line.control}: ${line.path}`,
    expected: line.original,
    found: (now.get(line.path) ?? '').trim(),
    verdict: 'ok',
  } as const;
  const used = addedControllers(line, now);
  return [used.length === 0 ? finding : { ...finding, hint: `groups still use ${used.join(', ')}` }];
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
