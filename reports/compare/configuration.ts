import type { Facts, Json, LoadedRun } from '../../harness/types.js';
import { comparedSystems } from '../analysis/differences/compared.js';
import { differencesOf, type Compared } from '../analysis/differences/matrix.js';
import type { DifferenceRule } from '../analysis/differences/rule.js';
import type { ConfigurationDifferences, ConfigurationRow, SystemPair } from '../model/comparison.js';
import type { DifferenceClass } from '../model/differences.js';
import type { System } from '../model/types.js';
import { factsIn } from '../read/boots.js';
import { pairUp } from './pair-up.js';
import type { Side, Subject } from './sides.js';

/** The settings that a run made on its hosts are compared, too. */
const CONTROL_RULES: readonly DifferenceRule[] = [
  { path: 'controls.*', is: 'blocking', why: 'different setting of the host during the run' },
];

const RANK: Readonly<Record<DifferenceClass, number>> = { blocking: 0, unknown: 1, 'by design': 2 };

/**
 * What differs between the configurations of the pairs, by the rules of reports: kernel, microcode, processor, packages,
 * controls, versions of suites and tools. Only of systems that this harness measured. Pure.
 */
export function compareConfigurations(
  pairs: readonly (readonly [Subject, Subject])[],
  a: Side,
  b: Side,
  rules: readonly DifferenceRule[],
): ConfigurationDifferences {
  const [ofA, ofB] = [describe(a), describe(b)];
  const all = [...CONTROL_RULES, ...rules];
  const rows = new Map<string, ConfigurationRow>();
  const alike: number[] = [];
  for (const [systemA, systemB] of pairs.flatMap(measuredPairs)) {
    const pair = { a: systemA.label, b: systemB.label };
    const found = differencesOfPair(ofA(systemA), ofB(systemB), all, pair);
    alike.push(found.alike);
    for (const row of found.rows) {
      const key = JSON.stringify([row.path, row.class, row.a, row.b]);
      const known = rows.get(key);
      rows.set(key, known === undefined ? row : { ...known, systems: [...known.systems, pair] });
    }
  }
  return {
    pairs: alike.length,
    alike: alike.length === 0 ? 0 : Math.min(...alike),
    rows: [...rows.values()].sort((x, y) => RANK[x.class] - RANK[y.class] || (x.path < y.path ? -1 : 1)),
  };
}

/** The measured systems of two subjects, by profile. */
function measuredPairs([a, b]: readonly [Subject, Subject]): readonly (readonly [System, System])[] {
  const own = ({ systems }: Subject): readonly System[] => systems.filter(({ origin }) => origin === 'measured');
  return pairUp(own(a), own(b), [({ profile }) => profile, () => '']).pairs;
}

interface Described {
  /** One for each boot that it was measured in. */
  readonly boots: readonly Compared[];
  /** Whether facts of guests were not recorded. */
  readonly unread: boolean;
}

function describe({ runs, systems }: Side): (system: System) => Described {
  const { compared, unread } = comparedSystems(runs, systems);
  return (system) => ({
    unread: unread.length > 0,
    boots: compared
      .filter(({ key }) => key === system.key)
      .map((one) => ({
        ...one,
        properties: { ...one.properties, controls: controlsOf(runs, system, one.boots[0] ?? null) },
      })),
  });
}

/** By control, what was found. */
function controlsOf(runs: readonly LoadedRun[], { host, runs: own }: System, boot: string | null): Facts {
  const facts = factsIn(
    runs.filter(({ id }) => own.includes(id)),
    `controls of host ${host}`,
    boot,
  );
  return Object.fromEntries(Object.entries(facts ?? {}).map(([name, fact]) => [name, foundOf(fact)]));
}

function foundOf(fact: Json): Json {
  return typeof fact === 'object' && fact !== null && 'found' in fact ? (fact['found'] ?? null) : fact;
}

function differencesOfPair(
  a: Described,
  b: Described,
  rules: readonly DifferenceRule[],
  pair: SystemPair,
): { readonly alike: number; readonly rows: readonly ConfigurationRow[] } {
  const sides = [
    ...a.boots.map((one) => ({ ...one, baseline: true })),
    ...b.boots.map((one) => ({ ...one, baseline: false })),
  ];
  const { rows, alike } = differencesOf(sides, rules);
  const distinct = (values: readonly (string | null)[]): readonly (string | null)[] => [...new Set(values)];
  const split = rows.map(({ path, class: kind, why, values }): ConfigurationRow => {
    const [own, others] = [values.slice(0, a.boots.length), values.slice(a.boots.length)];
    return { path, class: kind, why, a: distinct(own), b: distinct(others), systems: [pair] };
  });
  return { alike, rows: split.filter((row) => !isElsewhereOnly(row) && !isUnread(row, a, b)) };
}

/** Whether a suite or tool differs only because a side was not measured with it: that is listed by metric. */
function isElsewhereOnly({ path, a, b }: ConfigurationRow): boolean {
  return /^(suite|tool)\./.test(path) && new Set([...a, ...b].filter((value) => value !== null)).size < 2;
}

/** Whether the facts of guests were recorded on the other side only. */
function isUnread({ path, a, b }: ConfigurationRow, ofA: Described, ofB: Described): boolean {
  if (ofA.unread === ofB.unread || path.startsWith('hostFacts.')) return false;
  return (ofA.unread ? a : b).every((value) => value === null);
}
