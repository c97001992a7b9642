import type { LoadedRun } from '../../../harness/types.js';
import { plainLine } from '../../narrative/format.js';
import type { System } from '../../model/types.js';
import { comparedSystems } from './compared.js';
import { labelOf } from './labels.js';
import type { DifferenceMatrix, DifferenceRow, Differences } from '../../model/differences.js';
import { differencesOf, joinEqualBoots } from './matrix.js';
import type { DifferenceRule } from './rule.js';

/** Up to this many differences are named in the statement; the table lists all. */
const NAMED = 4;
/** Longer values are cut in the statement. */
const VALUE_LENGTH = 48;

/** The differences between the systems that were measured, and between boots of one; null where there are not two. Pure. */
export function differencesBetween(
  runs: readonly LoadedRun[],
  systems: readonly System[],
  rules: readonly DifferenceRule[],
): Differences | null {
  const { compared: all, unread } = comparedSystems(runs, systems);
  const sides = joinEqualBoots(all, rules);
  if (sides.length < 2) return null;
  const found = differencesOf(sides, rules);
  const matrix = { ...found, rows: found.rows.filter((row) => !isElsewhereOnly(row)) };
  const blocking = matrix.rows.filter((row) => row.class === 'blocking');
  const compared = matrix.alike + matrix.rows.length;
  const labels = columnLabels(matrix, systems);
  const unreadLabels = systems.filter(({ key }) => unread.includes(key)).map(({ label }) => label);
  return {
    ...matrix,
    labels,
    blocking: blocking.length,
    compared,
    unread,
    statement: [stateBlocking(blocking, labels, compared), ...stateUnread(unreadLabels)].join(' '),
  };
}

/** Eight digits of the id of its first boot distinguish columns of one system. */
function columnLabels({ systems: keys, boots }: DifferenceMatrix, systems: readonly System[]): string[] {
  return keys.map((key, index) => {
    const label = systems.find((system) => system.key === key)?.label ?? key;
    const isOnly = keys.filter((other) => other === key).length === 1;
    return isOnly ? label : `${label} (boot ${boots[index]?.[0]?.slice(0, 8) ?? 'unknown'})`;
  });
}

/** Whether a suite or tool differs only because some system was not measured with it. */
function isElsewhereOnly({ path, values }: DifferenceRow): boolean {
  return /^(suite|tool)\./.test(path) && new Set(values.filter((value) => value !== null)).size < 2;
}

function stateBlocking(blocking: readonly DifferenceRow[], labels: readonly string[], compared: number): string {
  if (blocking.length === 0)
    return `No blocking difference among ${count(compared, 'property', 'properties')} compared.`;
  const named = blocking.slice(0, NAMED).map((row) => `${labelOf(row.path)} ${contrast(row.values, labels)}`);
  const rest = blocking.length - named.length;
  const list = rest === 0 ? named.join('; ') : `${named.join('; ')}; and ${rest} more`;
  return `Not a like-for-like comparison: ${count(blocking.length, 'blocking difference', 'blocking differences')}: ${list}.`;
}

/** `250 versus 1000`; of several systems those that differ from the first are named. */
function contrast(values: readonly (string | null)[], labels: readonly string[]): string {
  const [first, ...others] = values.map(short);
  const different = others
    .map((value, index) => ({ value, label: labels[index + 1] ?? '' }))
    .filter(({ value }) => value !== first);
  const byValue = new Map<string, string[]>();
  for (const { value, label } of different) byValue.set(value, [...(byValue.get(value) ?? []), label]);
  const named = [...byValue].map(([value, who]) => (others.length === 1 ? value : `${value} (${who.join(', ')})`));
  return `${first ?? ''} versus ${named.join(', ')}`;
}

function short(value: string | null): string {
  const text = plainLine(value ?? 'unknown');
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}

function stateUnread(labels: readonly string[]): string[] {
  if (labels.length === 0) return [];
  return [`The facts of guests of ${labels.join(', ')} were not recorded: only their hosts were compared.`];
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
