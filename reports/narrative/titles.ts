import { shortTitle } from './headline-figures.js';
import type { System } from '../model/types.js';

/** The title of a report of published values alone. */
export const PUBLISHED_TITLE = 'Container-based operating system virtualization: what the paper states';

/** The title of the report: that of its only exhibit, or the compared systems and the exhibits. */
export function titleOf(titles: readonly string[], systems: readonly System[]): string {
  const [only] = titles;
  if (titles.length === 1 && only !== undefined) return only;
  const subject = subjectOf(systems.filter((system) => system.origin !== 'published'));
  return titles.length === 0 ? subject : `${subject}: ${exhibitsInWords(titles.map(shortTitle))}`;
}

/** Up to two systems by name, more by number, and the baseline. */
function subjectOf(own: readonly System[]): string {
  const baseline = own.find((system) => system.baseline);
  const others = own.filter((system) => system !== baseline).map((system) => system.label);
  if (others.length === 0) return baseline === undefined ? 'Virtualization systems compared' : baseline.label;
  const named = others.length > 2 ? `${others.length} systems` : list(others);
  return baseline === undefined ? named : `${named} compared with ${baseline.label}`;
}

/** `Table 2 and Figures 5, 6(a) and 6(b)`. */
function exhibitsInWords(names: readonly string[]): string {
  const kinds = new Map<string, string[]>();
  for (const name of names) {
    const [kind = name, ...rest] = name.split(' ');
    kinds.set(kind, [...(kinds.get(kind) ?? []), rest.join(' ')]);
  }
  return list([...kinds].map(([kind, numbers]) => `${kind}${numbers.length > 1 ? 's' : ''} ${list(numbers)}`));
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
