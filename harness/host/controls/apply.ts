import { randomUUID } from 'node:crypto';
import { BenchError } from '../../errors.js';
import type { Finding } from '../../types.js';
import type { ControlJournal, JournalLine } from '../journal.js';
import { controlFiles, type ControlFiles, type ControlledHost, type View, type Written } from './control-files.js';
import {
  allPaths,
  decide,
  journalLines,
  judge,
  originalTree,
  surroundingsOf,
  writesOf,
  type Decision,
} from './decide.js';
import { driftOf } from './drift.js';
import { dropPageCache } from './page-cache.js';
import { putBack } from './restore.js';
import type { WantedControls } from './wanted.js';

export interface ApplyOptions {
  readonly run: string;
  /** `user@machine`, for messages. */
  readonly who: string;
  /** CPUs that targets of the run are pinned to on this host. */
  readonly pinned: readonly number[];
  /** ISO 8601, for messages. */
  readonly since: string;
  /** Put before the path of every file; default: empty. */
  readonly root?: string;
  /** Default: a random UUID. */
  readonly token?: string;
}

/** The settings of a host, in force until they are restored. */
export interface AppliedControls {
  /** One for each control, after what was restored of an earlier run: what it was, was to be, and reads now. */
  readonly findings: readonly Finding[];
  /** Whether files had to be written for it: not where a run goes on under settings that it has made before. */
  readonly wrote: boolean;
  /** Reads again, in one round trip: a finding that differs for each control that changed since it was set. */
  drift(): Promise<readonly Finding[]>;
  /** Drops the page cache, if the hosts file requests it for each trial. No finding otherwise. */
  beforeTrial(): Promise<readonly Finding[]>;
  /** Puts back what was, once the guests are gone. Findings of files that could not be, which stay in the journal on the host. */
  restore(): Promise<readonly Finding[]>;
}

const LOST_RACES = 5;

/**
 * Sets the controls of a host that this process has locked. The originals of everything that will change are on the disk
 * of the host before anything does; what an earlier run left is restored first, and where that cannot be, its originals
 * are kept. Of the same run, cut short, they stay in force: a trial may be going on under them. Rejects when the host
 * is lost, or its journal cannot be read; a control that cannot be set is a finding.
 */
export async function applyControls(
  host: ControlledHost,
  wanted: WantedControls,
  options: ApplyOptions,
): Promise<AppliedControls> {
  const files = controlFiles(host, options.root);
  const token = options.token ?? randomUUID();
  for (let attempt = 0; attempt < LOST_RACES; attempt += 1) {
    const taken = await takeOver(files, options.run);
    const original = originalTree(taken.view.tree, taken.older);
    const decisions = decide(original, wanted, options.pinned);
    const journal: ControlJournal = {
      token,
      boot: taken.view.boot,
      run: options.run,
      who: options.who,
      since: options.since,
      lines: journalLines(original, decisions, taken.older),
    };
    const written = await carryOut(files, taken, journal, decisions);
    if (written === undefined) continue;
    const surroundings = surroundingsOf(original, wanted, options.pinned);
    const after = await files.look(allPaths);
    const state = { decisions, surroundings, written, boot: after.boot, tree: after.tree };
    return {
      findings: [...taken.findings, ...decisions.map((decision) => judge(decision, written, after.tree, surroundings))],
      wrote: [...written.values()].some(({ ok }) => ok),
      drift: async () => driftOf(state, await files.look(allPaths)),
      beforeTrial: async () => (wanted.dropPageCache ? [await dropPageCache(host.executor, options.root)] : []),
      restore: async () =>
        journal.lines.length === 0
          ? []
          : (await putBack(files, journal, { reaped: true })).findings.filter(({ verdict }) => verdict !== 'ok'),
    };
  }
  throw new BenchError({
    stage: 'prepare',
    host: host.id,
    message: 'other processes keep changing the settings of this host',
  });
}

interface Taken {
  readonly view: View;
  /** Lines of the existing journal, whose originals remain valid. */
  readonly older: readonly JournalLine[];
  /** Token of that journal. */
  readonly old?: string;
  readonly findings: readonly Finding[];
}

async function takeOver(files: ControlFiles, run: string): Promise<Taken> {
  const view = await files.look(allPaths);
  const { journal, boot } = view;
  if (journal === 'none') return { view, older: [], findings: [] };
  if (journal.run === run && journal.boot === boot) {
    return { view, older: journal.lines, old: journal.token, findings: [] };
  }
  const { findings, left, journal: restored = journal } = await putBack(files, journal);
  const again = await files.look(allPaths);
  return { view: again, older: left, findings, ...(left.length === 0 ? {} : { old: restored.token }) };
}

/** Undefined: the journal is not what it was, so nothing was done. */
async function carryOut(
  files: ControlFiles,
  taken: Taken,
  journal: ControlJournal,
  decisions: readonly Decision[],
): Promise<ReadonlyMap<string, Written> | undefined> {
  if (journal.lines.length === 0) return new Map();
  if (!(await files.begin(taken.old, journal))) return undefined;
  const writes = writesOf(decisions, taken.view.tree, taken.older);
  const results = writes.length === 0 ? [] : await files.write(journal.token, writes);
  return results === undefined ? undefined : new Map(results.map((result) => [result.path, result]));
}
