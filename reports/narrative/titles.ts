import { baselinesAmong } from './baselines.js';
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
  const baselines = baselinesAmong(own).filter(({ baseline }) => baseline);
  const others = own.filter((system) => !baselines.includes(system)).map((system) => system.label);
  const to = list(baselines.map(({ label }) => label));
  if (others.length === 0) return to === '' ? 'Virtualization systems compared' : to;
  const named = others.length > 2 ? `${others.length} systems` : list(others);
  return to === '' ? named : `${named} compared with ${to}`;
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
