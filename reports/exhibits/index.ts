import type { ExhibitDefinition } from '../model/exhibit.js';
import { figure2 } from './figure-2.js';
import { figure5 } from './figure-5.js';
import { figure6a, figure6b } from './figure-6.js';
import { figure7 } from './figure-7.js';
import { figure8 } from './figure-8.js';
import { table2 } from './table-2.js';
import { table3 } from './table-3.js';

/** Every exhibit, in the order of the report. A new one is one file and one line here. */
const registry = [
  table2,
  figure5,
  figure6a,
  figure6b,
  figure7,
  table3,
  figure8,
  figure2,
] as const satisfies readonly ExhibitDefinition[];

type ExhibitId = (typeof registry)[number]['id'];

export const exhibits: readonly (ExhibitDefinition & { readonly id: ExhibitId })[] = registry;

/** The requested exhibits, or all. Throws on an unknown id and lists the known ones. */
export function chooseExhibits(ids: readonly string[] | undefined): readonly ExhibitDefinition[] {
  const known: readonly string[] = exhibits.map(({ id }) => id);
  for (const id of ids ?? []) {
    if (!known.includes(id)) throw new Error(`there is no exhibit ${id}; known are ${known.join(', ')}`);
  }
  return ids === undefined ? exhibits : exhibits.filter((exhibit) => ids.includes(exhibit.id));
}
