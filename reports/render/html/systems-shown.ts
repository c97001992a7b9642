import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';

/** With more measured systems than this, tables have one column each, and a page can hide systems. */
const MANY = 4;

/** The systems that a page can hide, by check boxes and without a script. */
export interface SystemsShown {
  /** Whether there are so many that the page has such boxes. */
  readonly many: boolean;
  /** The class of what belongs to a system, by its key or label; empty where the page has no boxes. */
  readonly of: (name: string) => string;
  /** The id of the box of a system; empty without. */
  readonly boxOf: (name: string) => string;
  readonly boxes: readonly { readonly id: string; readonly label: string }[];
  /** The rules of the style sheet for the boxes. */
  readonly css: string;
}

export function systemsShown({ systems, exhibits }: Pick<Report, 'systems' | 'exhibits'>): SystemsShown {
  const shown = new Set(exhibits.flatMap(({ columns }) => columns));
  const own = systems.filter(({ origin, key }) => origin !== 'published' && shown.has(key));
  const many = own.length > MANY;
  const indexOf = (name: string): number => own.findIndex(({ key, label }) => key === name || label === name);
  const named = (name: string, prefix: string): string => {
    const index = many ? indexOf(name) : -1;
    return index < 0 ? '' : `${prefix}-${index}`;
  };
  const rules = own.map(
    (_, index) =>
      `body:has(#show-${index}:not(:checked)) .of-${index}{display:none}` +
      `body:has(#show-${index}:not(:checked)) svg .of-${index}{display:inline;opacity:.1}` +
      `body:has(#show-${index}:not(:checked)) .legend .of-${index}{display:flex;opacity:.45;text-decoration:line-through}`,
  );
  return {
    many,
    of: (name) => named(name, 'of'),
    boxOf: (name) => named(name, 'show'),
    boxes: many ? own.map(({ label }, index) => ({ id: `show-${index}`, label: plainLine(label) })) : [],
    // Paper has no boxes: what was hidden stays hidden there.
    css: many ? rules.join('') : '',
  };
}
