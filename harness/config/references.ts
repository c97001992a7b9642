import { controlMistakes } from '../host/controls/wanted.js';
import type { Json } from '../types.js';
import { misnamed, show, type Mistake } from './mistake.js';
import { entriesOf, textAt, valueAt } from './raw-value.js';

/** Names that a hosts file may use and that it does not define itself. */
export interface KnownNames {
  /** Ids of suites, for `toolDirs`; not checked when absent. */
  readonly suites?: readonly string[];
  /** Columns of publications, for `reproduces`; not checked when absent. */
  readonly columns?: readonly string[];
}

/**
 * Contradictions between parts of a hosts file: references to nothing, CPUs that a host lacks, and members that exclude
 * each other. Takes JSON of any form, so that these mistakes are reported together with those of form. Pure.
 */
export function mistakesOfMeaning(raw: unknown, known: KnownNames): Mistake[] {
  const hosts = new Map(entriesOf(valueAt(raw, ['hosts'])));
  const targets = entriesOf(valueAt(raw, ['targets']));
  return [
    ...baselineMistakes(raw, targets),
    ...[...hosts].flatMap(([id, host]) => [
      ...connectionMistakes(id, host),
      ...toolMistakes(id, host, known),
      ...mistakesInControls(id, host),
    ]),
    ...targets.flatMap(([id, target]) => targetMistakes(id, target, hosts, known)),
  ];
}

function baselineMistakes(raw: unknown, targets: readonly (readonly [string, unknown])[]): Mistake[] {
  const ids = targets.map(([id]) => id);
  const paths = [['baseline'], ...ids.map((id) => ['targets', id, 'baseline'])];
  return paths.flatMap((path) => {
    const baseline = textAt(raw, path);
    if (baseline === undefined || ids.includes(baseline)) return [];
    return [misnamed(path, baseline, 'the id of a target of this file', ids)];
  });
}

const SSH_ONLY = ['user', 'port', 'identityFiles', 'knownHostsFiles', 'configFile', 'jump'] as const;

function connectionMistakes(id: string, host: unknown): Mistake[] {
  if (typeof host !== 'object' || host === null || Array.isArray(host)) return [];
  const path = ['hosts', id];
  const local = valueAt(host, ['connect']) !== undefined;
  const ssh = valueAt(host, ['ssh']) !== undefined;
  if (local && ssh) return [{ path, expected: 'either "ssh" or "connect"', found: 'both' }];
  if (!local && !ssh) return [{ path, expected: '"ssh": a destination, or "connect": "local"', found: 'neither' }];
  if (ssh) return [];
  return SSH_ONLY.filter((key) => valueAt(host, [key]) !== undefined).map((key) => ({
    path: [...path, key],
    expected: 'no such key on a host that is "local": it is for hosts that are reached over SSH',
  }));
}

function mistakesInControls(id: string, host: unknown): Mistake[] {
  // The value was parsed from JSON.
  const asked = Object.fromEntries(entriesOf(valueAt(host, ['controls']))) as Readonly<Record<string, Json>>;
  return controlMistakes(asked).map(({ control, expected, hint }) => ({
    path: ['hosts', id, 'controls', control],
    expected,
    ...(hint === undefined ? { found: show(asked[control]) } : { hint }),
  }));
}

function toolMistakes(id: string, host: unknown, { suites }: KnownNames): Mistake[] {
  if (suites === undefined) return [];
  return entriesOf(valueAt(host, ['toolDirs']))
    .filter(([suite]) => !suites.includes(suite))
    .map(([suite]) => misnamed(['hosts', id, 'toolDirs', suite], suite, 'the id of a suite', suites));
}

function targetMistakes(
  id: string,
  target: unknown,
  hosts: ReadonlyMap<string, unknown>,
  known: KnownNames,
): Mistake[] {
  const named = (['host', 'peer'] as const).flatMap((key) => {
    const name = textAt(target, [key]);
    if (name === undefined || hosts.has(name)) return [];
    return [misnamed(['targets', id, key], name, 'the id of a host of this file', hosts.keys())];
  });
  const host = hosts.get(textAt(target, ['host']) ?? '');
  const available = valueAt(host, ['cpus']);
  return [
    ...named,
    ...publicationMistakes(id, target, known),
    ...bootMistakes(id, target, host),
    ...cpuMistakes(id, target, typeof available === 'number' ? available : undefined),
  ];
}

/** Reports compare these names without regard to case. */
function publicationMistakes(id: string, target: unknown, { columns }: KnownNames): Mistake[] {
  const name = textAt(target, ['reproduces']);
  // Empty text is a mistake of form.
  if (columns === undefined || name === undefined || name === '') return [];
  if (columns.some((column) => column.toLowerCase() === name.toLowerCase())) return [];
  return [misnamed(['targets', id, 'reproduces'], name, 'the name of a published column', columns)];
}

function bootMistakes(id: string, target: unknown, host: unknown): Mistake[] {
  const boot = textAt(target, ['boot']);
  const known = entriesOf(valueAt(host, ['boots'])).map(([name]) => name);
  // An unknown host is reported as a mistake of its own.
  if (boot === undefined || host === undefined || known.includes(boot)) return [];
  return [misnamed(['targets', id, 'boot'], boot, 'one of the "boots" of its host', known)];
}

function cpuMistakes(id: string, target: unknown, available: number | undefined): Mistake[] {
  const cpus = valueAt(target, ['shape', 'cpus']);
  if (!Array.isArray(cpus)) return [];
  const path = ['targets', id, 'shape', 'cpus'];
  const mistakes = cpus.flatMap((cpu: unknown, index): Mistake[] => {
    if (typeof cpu !== 'number' || available === undefined || cpu < available) return [];
    const host = textAt(target, ['host']) ?? '';
    const has = available === 1 ? 'CPU 0 only' : `CPUs 0 to ${available - 1}`;
    return [{ path: [...path, index], expected: `a CPU of host ${host}, which has ${has}`, found: show(cpu) }];
  });
  const numbers = cpus.filter((cpu) => typeof cpu === 'number');
  if (numbers.some((cpu, index) => index > 0 && cpu <= (numbers[index - 1] ?? -1))) {
    mistakes.push({ path, expected: 'CPU numbers in ascending order, each once', found: show(cpus) });
  }
  for (const share of ['cpuCap', 'cpuReservation']) {
    const asked = valueAt(target, ['shape', share]);
    if (typeof asked !== 'number' || cpus.length === 0 || asked <= cpus.length) continue;
    const expected = `at most ${cpus.length}: the guest is pinned to as many CPUs`;
    mistakes.push({ path: ['targets', id, 'shape', share], expected, found: show(asked) });
  }
  return mistakes;
}
