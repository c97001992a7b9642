import type { Finding, Json } from '../../types.js';
import { canBeKept, type JournalLine } from '../journal.js';
import type { Written } from './control-files.js';
import { isValue, type Control, type Setting, type Surroundings } from './control.js';
import { controls } from './index.js';
import { isPassedOn, passedOnLines, passedOnPaths, removingWrites } from './passed-on.js';
import { onlineCpus } from './processors.js';
import { withValues, writable, type Tree, type Write } from './tree.js';
import { inWords, type WantedControls } from './wanted.js';

/** What is done about one control of a host, and why. */
export type Decision = { readonly control: Control; readonly before: Setting } & (
  | { readonly kind: 'left' }
  | { readonly kind: 'spared'; readonly wanted: Json }
  | { readonly kind: 'impossible'; readonly wanted: Json; readonly why: string }
  | {
      readonly kind: 'set';
      readonly wanted: Json;
      readonly writes: readonly Write[];
      readonly affects: readonly string[];
    }
);

/** Every pattern that some control looks at, once, and the files that only the journal keeps. */
export const allPaths: readonly string[] = [...new Set([...controls.flatMap(({ paths }) => paths), ...passedOnPaths])];

/**
 * What to do about every control, from the files as they were before any was set: the tree with the originals that a
 * journal has.
 */
export function decide(tree: Tree, wanted: WantedControls, pinned: readonly number[]): readonly Decision[] {
  const surroundings = surroundingsOf(tree, wanted, pinned);
  return controls.map((control) => decideOne(control, tree, wanted, surroundings));
}

function decideOne(control: Control, tree: Tree, wanted: WantedControls, surroundings: Surroundings): Decision {
  const want = wanted.byControl.get(control.id) ?? { kind: 'leave' };
  const before = control.read(tree);
  if (want.kind === 'leave') return { control, before, kind: 'left' };
  if (want.kind === 'spare') return { control, before, kind: 'spared', wanted: want.value };
  const common = { control, before, wanted: want.value };
  if (!isValue(before)) return { ...common, kind: 'impossible', why: before.unavailable };
  const writes = control.set(tree, want.value, surroundings);
  if (typeof writes === 'string') return { ...common, kind: 'impossible', why: writes };
  const affects = writes.length === 0 ? [] : (control.affects?.(tree, want.value) ?? []);
  const unkept = [...writes.map(({ path }) => path), ...affects].find((path) => {
    const content = tree.get(path);
    return content === undefined || !canBeKept(path, content);
  });
  if (unkept !== undefined)
    return { ...common, kind: 'impossible', why: `${unkept} has no value that can be restored` };
  return { ...common, kind: 'set', writes, affects };
}

/** Later controls need to know which CPUs the earlier ones leave online. */
export function surroundingsOf(tree: Tree, wanted: WantedControls, pinned: readonly number[]): Surroundings {
  let staying = onlineCpus(tree);
  for (const control of controls) {
    const want = wanted.byControl.get(control.id);
    if (control.staying === undefined || want?.kind !== 'set' || !isValue(control.read(tree))) continue;
    if (typeof control.set(tree, want.value, { pinned, staying }) === 'string') continue;
    const after = control.staying(tree, want.value);
    staying = staying.filter((cpu) => after.includes(cpu));
  }
  return { pinned, staying };
}

/** What must be written, in order: `older` are the lines of a journal whose settings are still in force. */
export function writesOf(decisions: readonly Decision[], tree: Tree, older: readonly JournalLine[]): readonly Write[] {
  const set = decisions.filter((decision) => decision.kind === 'set');
  const writes = set.flatMap((decision) => decision.writes);
  const stillSet = (line: JournalLine): boolean =>
    writes.some(({ path }) => path === line.path) ||
    (line.wanted === undefined && set.some(({ control }) => control.id === line.control));
  const stale = older.filter((line) => !stillSet(line) && !isPassedOn(line));
  // A missing file is written to all the same: the message of the system becomes the finding.
  const needed = writes.filter(({ path, value }) => writable(tree.get(path) ?? '') !== value);
  return [...restoringWrites(stale, tree), ...needed];
}

/** What must be in the journal before these decisions are carried out; `tree` has the originals of the older lines. */
export function journalLines(
  tree: Tree,
  decisions: readonly Decision[],
  older: readonly JournalLine[],
): readonly JournalLine[] {
  const lines = new Map([...passedOnLines(tree), ...older].map((line) => [line.path, line]));
  for (const decision of decisions) {
    if (decision.kind !== 'set') continue;
    const control = decision.control.id;
    for (const { path, value } of decision.writes) {
      lines.set(path, { control, path, original: writable(tree.get(path) ?? ''), wanted: value });
    }
    for (const path of decision.affects) {
      if (!lines.has(path)) lines.set(path, { control, path, original: writable(tree.get(path) ?? '') });
    }
  }
  return inOrder([...lines.values()]);
}

function inOrder(lines: readonly JournalLine[]): readonly JournalLine[] {
  const position = new Map(controls.map(({ id }, index) => [id, index]));
  // Of an unknown control (another version of bench wrote it): restored first, as if set last.
  const positionOf = ({ control }: JournalLine): number => position.get(control) ?? controls.length;
  return [...lines].sort((a, b) => positionOf(a) - positionOf(b));
}

/** Writes that restore every file of the journal that reads otherwise: the last control first, its files in order. */
export function restoringWrites(lines: readonly JournalLine[], tree: Tree): readonly Write[] {
  const ids = [...new Set(lines.map(({ control }) => control))].reverse();
  return ids
    .flatMap((id) => lines.filter(({ control }) => control === id))
    .flatMap((line) => {
      if (isPassedOn(line)) return removingWrites(line, tree);
      const { path, original } = line;
      return differs(tree, path, original) ? [{ path, value: original }] : [];
    });
}

function differs(tree: Tree, path: string, original: string): boolean {
  const content = tree.get(path);
  return content !== undefined && writable(content) !== original.trim();
}

/** The tree as it was before what a journal has was set. */
export const originalTree = (tree: Tree, lines: readonly JournalLine[]): Tree =>
  withValues(
    tree,
    lines.map(({ path, original }) => ({ path, value: original })),
  );

/** The finding of a decision, after it was carried out and everything was read again. */
export function judge(
  decision: Decision,
  written: ReadonlyMap<string, Written>,
  after: Tree,
  surroundings: Surroundings,
): Finding {
  const { control, before } = decision;
  const check = `control ${control.id}`;
  const shown = (setting: Setting): string => (isValue(setting) ? setting.value : 'not available');
  const now = shown(control.read(after));
  switch (decision.kind) {
    case 'left':
      if (isValue(before)) return { check, expected: 'as it is', found: now, verdict: 'ok' };
      return { check, expected: 'recorded', found: now, verdict: 'unavailable', hint: before.unavailable };
    case 'spared': {
      const hint = isValue(before) ? 'shared machine: only what the hosts file requests is set' : before.unavailable;
      return { check, expected: inWords(decision.wanted), found: now, verdict: 'unavailable', hint };
    }
    case 'impossible': {
      const expected = inWords(decision.wanted);
      return { check, expected, found: now, verdict: 'unavailable', hint: decision.why };
    }
    case 'set': {
      const was = isValue(before) && before.value !== now ? ` (was ${before.value})` : '';
      const common = { check, expected: inWords(decision.wanted), found: `${now}${was}` };
      return { ...common, ...verdictOf(decision, written, after, surroundings) };
    }
  }
}

/** Messages of errno(3) that mean that this machine lacks the setting, not that a write failed. */
const LACKING = [
  'No such device',
  'Operation not supported',
  'Read-only file system',
  'Permission denied',
  'Operation not permitted',
  'No such file or directory',
];

function verdictOf(
  { control, wanted }: Extract<Decision, { kind: 'set' }>,
  written: ReadonlyMap<string, Written>,
  after: Tree,
  surroundings: Surroundings,
): Pick<Finding, 'verdict' | 'hint'> {
  const left = control.set(after, wanted, surroundings);
  if (typeof left === 'string') return { verdict: 'differs', hint: left };
  if (left.length === 0) return { verdict: 'ok' };
  const failures = left.flatMap(({ path }) => {
    const result = written.get(path);
    return result?.ok === false ? [{ path, message: result.message }] : [];
  });
  const first = failures[0];
  if (first === undefined) {
    const rival = control.rival === undefined ? '' : `; ${control.rival}`;
    return { verdict: 'differs', hint: `it was written, and another value is read back${rival}` };
  }
  const why = `${first.path}: ${first.message}`;
  if (failures.length === left.length && failures.every(({ message }) => control.tolerates?.(message) === true)) {
    return { verdict: 'ok', hint: `${failures.length} stay: ${why}` };
  }
  const lacking = failures.every(({ message }) => LACKING.some((known) => message.includes(known)));
  return { verdict: lacking ? 'unavailable' : 'differs', hint: why };
}
