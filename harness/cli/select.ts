import { suggestion } from '../config/nearest.js';
import type { Config } from '../config/load.js';
import { BenchError } from '../errors.js';
import type { Suite, TargetConfig, Workload } from '../types.js';

/** What the CLI needs to know of an exhibit. */
export interface ExhibitChoice {
  readonly id: string;
  readonly title: string;
  readonly suites: readonly string[];
  readonly workloads?: readonly string[];
}

/** The item of this id, or an error of usage with the nearest one. */
export function byId<T extends { readonly id: string }>(what: string, id: string, items: Iterable<T>): T {
  const all = [...items];
  const found = all.find((item) => item.id === id);
  if (found !== undefined) return found;
  throw unknown(
    what,
    id,
    all.map((item) => item.id),
  );
}

export function unknown(what: string, name: string, known: readonly string[]): BenchError {
  const message = `there is no ${what} ${JSON.stringify(name)}`;
  return new BenchError({ stage: 'config', message, hint: suggestion(name, known) });
}

/**
 * The suites that were named and those that the exhibits need, each once, in the order of the registry. Throws on a load,
 * which says nothing by itself.
 */
export function chooseSuites(
  asked: { readonly suite: readonly string[]; readonly exhibit: readonly string[] },
  suites: readonly Suite[],
  exhibits: readonly ExhibitChoice[],
): readonly Suite[] {
  const needed = asked.exhibit.flatMap((id) => byId('exhibit', id, exhibits).suites);
  const wanted = new Set([...asked.suite, ...needed].map((id) => byId('suite', id, suites)));
  const load = suites.find((suite) => wanted.has(suite) && suite.isLoad === true);
  if (load !== undefined) throw loadAlone(load);
  return suites.filter((suite) => wanted.has(suite));
}

function loadAlone({ id }: Suite): BenchError {
  const message = `suite ${id} only disturbs others, and says nothing when it is measured alone`;
  const hint = 'name a workload that it has a part in, see bench list workloads';
  return new BenchError({ stage: 'config', message, suite: id, hint });
}

/** The same of workloads. */
export function chooseWorkloads(
  asked: { readonly workload: readonly string[]; readonly exhibit: readonly string[] },
  workloads: readonly Workload[],
  exhibits: readonly ExhibitChoice[],
): readonly Workload[] {
  const needed = asked.exhibit.flatMap((id) => byId('exhibit', id, exhibits).workloads ?? []);
  const wanted = new Set([...asked.workload, ...needed].map((id) => byId('workload', id, workloads)));
  return workloads.filter((workload) => wanted.has(workload));
}

/** Throws unless something to measure was chosen. */
export function requireSome(
  chosen: { readonly suites: readonly Suite[]; readonly workloads: readonly Workload[] },
  known: { readonly suites: readonly Suite[]; readonly workloads: readonly Workload[] },
): void {
  if (chosen.suites.length + chosen.workloads.length > 0) return;
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join(', ');
  throw new BenchError({
    stage: 'config',
    message: 'nothing to measure was named',
    expected: '--suite ID, --workload ID or --exhibit ID',
    hint: `there are the suites ${ids(known.suites)}, and the workloads ${ids(known.workloads)}`,
  });
}

/** The targets that were named; else every target of the file. */
export function chooseTargets(asked: readonly string[], config: Config): readonly TargetConfig[] {
  const all = [...config.targets.values()];
  if (asked.length > 0) return [...new Set(asked)].map((id) => byId('target', id, all));
  if (all.length > 0) return all;
  throw new BenchError({ stage: 'config', message: `${config.path}: it has no targets` });
}

/** Throws when a suite needs a peer that a target does not name. */
export function checkPeers(suites: readonly Suite[], targets: readonly TargetConfig[]): void {
  const needing = suites.find((suite) => suite.needs.peer === true);
  const lonely = targets.find((target) => target.peer === undefined);
  if (needing === undefined || lonely === undefined) return;
  throw new BenchError({
    stage: 'config',
    message: `suite ${needing.id} needs a host at the other end, and target ${lonely.id} names no "peer"`,
    hint: 'add "peer" to the target',
  });
}
