import { readFile } from 'node:fs/promises';
import { printable } from '../../connect/failure.js';
import { BenchError } from '../../errors.js';
import type { ExecResult, Host, Problem } from '../../types.js';
import { isOfAnotherBoot, journalText, readJournal, type ControlJournal } from '../journal.js';
import { readTree, type Tree, type Write } from './tree.js';

/** A host's settings and its journal at one moment. */
export interface View {
  readonly boot: string;
  readonly journal: ControlJournal | 'none';
  readonly tree: Tree;
}

/** How one write ended; `message` is the system's. */
export type Written =
  | { readonly path: string; readonly ok: true }
  | { readonly path: string; readonly ok: false; readonly message: string };

/** The settings of a host and the journal of their originals: one round trip a call. */
export interface ControlFiles {
  /** Every file that a pattern matches. Rejects when the journal is none that this version can read. */
  look(patterns: readonly string[]): Promise<View>;
  /** Makes this the journal, durably. False: it is no longer the one with token `old`, and nothing was done. */
  begin(old: string | undefined, journal: ControlJournal): Promise<boolean>;
  /** Writes in this order. Undefined: the journal with this token, of this boot, is not there, and nothing was done. */
  write(token: string, writes: readonly Write[]): Promise<readonly Written[] | undefined>;
  /** Removes the journal, when it is the one with this token. */
  end(token: string): Promise<void>;
}

const JOURNAL_CHANGED = 9;
/** Taking hundreds of CPUs off- or online takes minutes, and another bench may have to be waited for. */
const LIMIT_MS = 10 * 60_000;

export type ControlledHost = Pick<Host, 'id' | 'executor' | 'workDir'>;

/** `root` is put before the path of every file: for copies of a host's files in a folder. */
export function controlFiles(host: ControlledHost, root = ''): ControlFiles {
  const dir = `${host.workDir}/controls`;

  const run = async (args: readonly string[], stdin: string): Promise<ExecResult> => {
    const script = await readFile(new URL('./controls.sh', import.meta.url), 'utf8');
    const argv = ['env', 'LC_ALL=C', 'sh', '-c', script, 'controls', ...args] as const;
    return host.executor.exec({ argv, stdin, timeoutMs: LIMIT_MS });
  };
  const expectDone = (result: ExecResult, verb: string): void => {
    const { exit } = result;
    if (exit.kind === 'code' && exit.code === 0) return;
    const code = exit.kind === 'code' ? `exit code ${exit.code}` : `signal ${exit.signal}`;
    const found = `${code} ${printable(result.stderr)}`.trim();
    throw failure(host, { message: `settings of ${host.executor.where} cannot be read or written (${verb})`, found });
  };
  const changed = ({ exit }: ExecResult): boolean => exit.kind === 'code' && exit.code === JOURNAL_CHANGED;

  return {
    async look(patterns) {
      const result = await run(['look', dir, root], lines(patterns));
      expectDone(result, 'look');
      return readView(host, dir, root, result.stdoutBytes);
    },
    async begin(old, journal) {
      const text = journalText(journal);
      const result = await run(['begin', dir, old ?? '-', String(text.length)], text);
      if (changed(result)) return false;
      expectDone(result, 'begin');
      return true;
    },
    async write(token, writes) {
      const result = await run(['write', dir, token, root], lines(writes.flatMap(({ path, value }) => [path, value])));
      if (changed(result)) return undefined;
      expectDone(result, 'write');
      return readWritten(result.stdout, writes);
    },
    async end(token) {
      const result = await run(['end', dir, token], '');
      if (!changed(result)) expectDone(result, 'end');
    },
  };
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

function readView(host: ControlledHost, dir: string, root: string, bytes: Uint8Array): View {
  // A journal is ASCII: with one character a byte its length in bytes is that of the text.
  const output = Buffer.from(bytes).toString('latin1');
  const head = /^boot ([0-9a-f-]{1,64})\njournal (none|\d{1,9})\n/.exec(output);
  if (head === null) {
    const found = printable(output.slice(0, 120));
    throw failure(host, { message: 'the script for settings printed something else', found });
  }
  const [{ length }, boot = '', size] = head;
  const tree = (from: number): Tree => readTree(Buffer.from(bytes.subarray(from)).toString('utf8'), root);
  if (size === 'none') return { boot, journal: 'none', tree: tree(length) };
  const end = length + Number(size);
  const journal = readJournal(output.slice(length, end));
  if (journal !== 'damaged') return { boot, journal, tree: tree(end + 1) };
  const over = isOfAnotherBoot(output.slice(length, end), boot);
  if (over !== false) {
    const unknown = { run: '?', who: '?', since: 'another version of bench wrote its journal', lines: [] };
    return { boot, journal: { ...over, ...unknown }, tree: tree(end + 1) };
  }
  throw failure(host, {
    message: `the journal of settings ${dir}/journal on ${host.executor.where} cannot be read`,
    expected: 'what this version of bench writes',
    found: printable(output.slice(length, Math.min(end, length + 80))),
    hint: 'restore with the bench that wrote it, or restart the host; or set its values by hand and remove it',
  });
}

function readWritten(output: string, writes: readonly Write[]): readonly Written[] {
  const results = new Map<string, Written>();
  for (const line of output.split('\n')) {
    const [how, path = '', message = ''] = line.split('\t');
    if (how === 'ok') results.set(path, { path, ok: true });
    if (how === 'failed') results.set(path, { path, ok: false, message: reason(message) });
  }
  return writes.map(({ path }) => results.get(path) ?? { path, ok: false, message: 'it was not tried' });
}

/** The system's words at the end of `cat: write error: No such device`. */
const reason = (message: string): string => printable(message.slice(message.lastIndexOf(': ') + 1).trim());

function failure(host: ControlledHost, problem: Omit<Problem, 'stage' | 'host'>): BenchError {
  return new BenchError({ stage: 'prepare', host: host.id, ...problem });
}
