import type { Facts, Json } from '../../../harness/types.js';
import type { DifferenceClass, DifferenceMatrix, DifferenceRow } from '../../model/differences.js';
import { ruleFor, type DifferenceRule, type Side } from './rule.js';

/** One system as the matrix sees it. */
export interface Compared extends Side {
  /** Key of the report's system. */
  readonly key: string;
  /** Ids of the boots of its host that it was measured in, as far as they are known. */
  readonly boots: readonly string[];
  readonly baseline: boolean;
  /** Everything that may differ: properties by name, nested at will. Absent or null: it could not be read. */
  readonly properties: Facts;
}

const RANK: Readonly<Record<DifferenceClass, number>> = { blocking: 0, unknown: 1, 'by design': 2 };
/** Runs may be imported: a machine has some hundred facts, a hostile file could list a million. */
const MAX_PATHS = 5000;

/**
 * The properties in which systems differ, each with its class: of several differences from the baseline the worst counts.
 * A property that was read in one system and not in another is `unknown`. Pure.
 */
export function differencesOf(systems: readonly Compared[], rules: readonly DifferenceRule[]): DifferenceMatrix {
  const ordered = [...systems.filter(({ baseline }) => baseline), ...systems.filter(({ baseline }) => !baseline)];
  const [first, ...others] = ordered;
  if (first === undefined) return { systems: [], boots: [], rows: [], alike: 0 };
  const flat = new Map(ordered.map((system) => [system, leavesOf(system.properties)]));
  const valueIn = (system: Compared, path: string): string | null => flat.get(system)?.get(path) ?? null;
  const paths = [...new Set(ordered.flatMap((system) => [...(flat.get(system)?.keys() ?? [])]))].slice(0, MAX_PATHS);
  let alike = 0;
  const rows = paths.flatMap((path): DifferenceRow[] => {
    const values = ordered.map((system) => valueIn(system, path));
    if (values.every((value) => value === values[0])) {
      alike += 1;
      return [];
    }
    const judged = others
      .filter((other) => valueIn(other, path) !== values[0])
      .map((other) => judge(rules, path, [first, values[0] ?? null], [other, valueIn(other, path)]))
      .filter((judgement) => judgement !== undefined)
      .sort((a, b) => RANK[a.class] - RANK[b.class]);
    const [worst] = judged;
    return worst === undefined ? [] : [{ path, ...worst, values }];
  });
  const guests = new Set(rows.map(({ path, values }) => JSON.stringify([path, values])));
  const own = rows.filter(
    ({ path, values }) => !guests.has(JSON.stringify([withoutHost(path), values])) || path === withoutHost(path),
  );
  own.sort((a, b) => RANK[a.class] - RANK[b.class] || (a.path < b.path ? -1 : 1));
  return { systems: ordered.map(({ key }) => key), boots: ordered.map(({ boots }) => boots), rows: own, alike };
}

/**
 * Boots of one system in which nothing differs that a rule does not ignore are one side; others stay apart. Several
 * entries of one key are the boots of that system. Pure.
 */
export function joinEqualBoots(systems: readonly Compared[], rules: readonly DifferenceRule[]): readonly Compared[] {
  const joined: Compared[] = [];
  for (const system of systems) {
    const at = joined.findIndex(
      (other) => other.key === system.key && differencesOf([other, system], rules).rows.length === 0,
    );
    const other = joined[at];
    if (other === undefined) joined.push(system);
    else joined[at] = { ...other, boots: [...other.boots, ...system.boots] };
  }
  return joined;
}

type Reading = readonly [system: Compared, value: string | null];

function judge(
  rules: readonly DifferenceRule[],
  path: string,
  [a, valueOfA]: Reading,
  [b, valueOfB]: Reading,
): { readonly class: DifferenceClass; readonly why: string } | undefined {
  const onHosts = withoutHost(path) !== path;
  // Hosts are compared with each other: whether their guests have a hypervisor does not matter.
  const rule = onHosts
    ? ruleFor(rules, withoutHost(path), { ...a, boundary: 'none' }, { ...b, boundary: 'none' })
    : ruleFor(rules, path, a, b);
  if (rule.is === 'ignored') return undefined;
  if (rule.is === 'blocking' && (valueOfA === null || valueOfB === null)) {
    return { class: 'unknown', why: `could not be read everywhere; a difference matters: ${rule.why}` };
  }
  return { class: rule.is, why: rule.why };
}

/** Facts of the host of a guest are in `hostFacts`, and have the same rules as facts of the guest. */
const HOST_FACTS = 'hostFacts.';

function withoutHost(path: string): string {
  return path.startsWith(HOST_FACTS) ? path.slice(HOST_FACTS.length) : path;
}

/** Nested properties as paths with dots; lists are values. Text is kept, everything else is written as JSON. */
function leavesOf(properties: Facts): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (path: string, value: Json | undefined): void => {
    if (value === undefined || value === null || leaves.size >= MAX_PATHS) return;
    if (typeof value === 'object' && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) visit(path === '' ? name : `${path}.${name}`, inner);
    } else leaves.set(path, typeof value === 'string' ? value : JSON.stringify(value));
  };
  visit('', properties);
  return leaves;
}
