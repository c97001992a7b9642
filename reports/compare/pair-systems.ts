import type { Shape } from '../../harness/types.js';
import { pairUp, type Paired } from './pair-up.js';
import type { Side, Subject } from './sides.js';

/** Which target of A is compared with which of B, by id or label; for systems with unlike names, platforms or shapes. */
export type SystemMap = readonly (readonly [a: string, b: string])[];

/**
 * The systems of two sides that are the same kind of system: platform, shape (numbers of CPUs, not which) and published
 * system that it reproduces. Of several of one kind those with the same target, host, boot and options belong together,
 * then those with less in common. A published system is matched by what a target reproduces. `map` comes first.
 */
export function pairSystems(a: Side, b: Side, map: SystemMap): Paired<Subject> {
  const mapped = map.flatMap(([nameA, nameB]) => {
    const [as, bs] = [named(a, nameA), named(b, nameB)];
    return pairUp(
      as,
      bs,
      levels(() => ''),
    ).pairs;
  });
  const done = new Set(mapped.flat());
  const namesA = new Set(map.map(([name]) => name));
  const namesB = new Set(map.map(([, name]) => name));
  const free = (side: Side, names: ReadonlySet<string>): readonly Subject[] =>
    side.subjects.filter((one) => !done.has(one) && !names.has(one.target) && !names.has(one.label));
  const [as, bs] = [free(a, namesA), free(b, namesB)];
  const kinds = pairUp(as, bs, levels(kindOf));
  // A publication states no memory and no limits, and another platform may reproduce a system that no longer runs.
  const ofA = pairUp(kinds.left.a.filter(isPublished), kinds.left.b.filter(reproducesOne), [reproducedIn]);
  const ofB = pairUp(
    kinds.left.a.filter((one) => reproducesOne(one) && !isPublished(one)),
    kinds.left.b.filter(isPublished),
    [reproducedIn],
  );
  const pairs = [...mapped, ...kinds.pairs, ...ofA.pairs, ...ofB.pairs];
  const paired = new Set(pairs.flat());
  const left = (side: Side): readonly Subject[] => side.subjects.filter((one) => !paired.has(one));
  return { pairs, left: { a: left(a), b: left(b) } };
}

/** The systems of a side that a name of the map is of. */
export function named({ subjects }: Side, name: string): readonly Subject[] {
  return subjects.filter(({ target, label }) => target === name || label === name);
}

function levels(kind: (subject: Subject) => string): readonly ((subject: Subject) => string)[] {
  const key =
    (pick: (subject: Subject) => readonly unknown[]) =>
    (subject: Subject): string =>
      JSON.stringify([kind(subject), ...pick(subject)]);
  return [
    key(({ target, systems: [{ host, boot, options, emulated }] }) => [target, host, boot, options, emulated]),
    key(({ target, systems: [{ host, emulated }] }) => [target, host, emulated]),
    key(({ target, systems: [{ emulated }] }) => [target, emulated]),
    key(({ systems: [{ emulated }] }) => [emulated]),
    key(({ target }) => [target]),
    key(() => []),
  ];
}

function kindOf({ reproduces, systems: [{ platform, shape, arm }] }: Subject): string {
  return JSON.stringify([platform, limitsOf(shape), reproduces, arm]);
}

/** Two labs number their CPUs differently. */
function limitsOf({ cpus, ...limits }: Shape): unknown {
  const entries = Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1));
  return [cpus.length, entries];
}

function isPublished({ systems: [{ origin }], reproduces }: Subject): boolean {
  return origin === 'published' && reproduces !== null;
}

function reproducesOne({ reproduces }: Subject): boolean {
  return reproduces !== null;
}

function reproducedIn({ reproduces }: Subject): string {
  return reproduces ?? '';
}
