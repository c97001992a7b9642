import { nearest, suggestion } from '../nearest.js';
import type { Config } from '../config/load.js';
import { BenchError } from '../errors.js';
import type { Suite, TargetConfig, Workload } from '../types.js';

/** An exhibit, as far as the CLI needs it. */
export interface ExhibitChoice {
  readonly id: string;
  readonly title: string;
  readonly suites: readonly string[];
  readonly workloads?: readonly string[];
}

/** The item with this id. Throws a `BenchError` of stage `config` that suggests the nearest id. */
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

/** The suite with this id. Throws a `BenchError` of stage `config` that suggests the suite that was probably intended. */
export function suiteById(id: string, suites: readonly Suite[]): Suite {
  const found = suites.find((suite) => suite.id === id);
  if (found !== undefined) return found;
  const message = `there is no suite ${JSON.stringify(id)}`;
  throw new BenchError({ stage: 'config', message, hint: suiteInstead(id, suites) });
}

/** Suites that run a program of this name come before those whose id is near, and these before programs that are near. */
function suiteInstead(name: string, suites: readonly Suite[]): string {
  const ids = suites.map(({ id }) => id);
  const near = nearest(
    name,
    suites.flatMap(({ tools = [] }) => tools),
  );
  const exact = runners(name.toLowerCase(), suites);
  if (exact !== undefined) return exact;
  if (near === undefined || nearest(name, ids) !== undefined) return suggestion(name, ids);
  return runners(near, suites) ?? suggestion(name, ids);
}

function runners(tool: string, suites: readonly Suite[]): string | undefined {
  const found = suites.filter(({ tools = [], isLoad }) => isLoad !== true && tools.includes(tool));
  if (found.length === 0) return undefined;
  const names = found.map(({ id }) => JSON.stringify(id)).join(' or ');
  return `did you mean ${names}, which ${found.length === 1 ? 'runs' : 'run'} ${tool}?`;
}

/**
 * The named suites and those of the named exhibits, each once, in the order of the registry. Throws on a suite that is
 * only a load: it has no results when it runs alone.
 */
export function chooseSuites(
  named: { readonly suite: readonly string[]; readonly exhibit: readonly string[] },
  suites: readonly Suite[],
  exhibits: readonly ExhibitChoice[],
): readonly Suite[] {
  const needed = named.exhibit.flatMap((id) => byId('exhibit', id, exhibits).suites);
  const wanted = new Set([...named.suite, ...needed].map((id) => suiteById(id, suites)));
  const load = suites.find((suite) => wanted.has(suite) && suite.isLoad === true);
  if (load !== undefined) throw loadAlone(load);
  return suites.filter((suite) => wanted.has(suite));
}

function loadAlone({ id }: Suite): BenchError {
  const message = `suite ${id} is only a load for other guests and has no results of its own`;
  const hint = 'choose a workload that includes it; `bench list workloads` lists them';
  return new BenchError({ stage: 'config', message, hint });
}

/** The named workloads and those of the named exhibits, each once, in the order of the registry. */
export function chooseWorkloads(
  named: { readonly workload: readonly string[]; readonly exhibit: readonly string[] },
  workloads: readonly Workload[],
  exhibits: readonly ExhibitChoice[],
): readonly Workload[] {
  const needed = named.exhibit.flatMap((id) => byId('exhibit', id, exhibits).workloads ?? []);
  const wanted = new Set([...named.workload, ...needed].map((id) => byId('workload', id, workloads)));
  return workloads.filter((workload) => wanted.has(workload));
}

/** Throws a `BenchError` of stage `config` if no suite and no workload is chosen. */
export function requireSome(
  chosen: { readonly suites: readonly Suite[]; readonly workloads: readonly Workload[] },
  known: { readonly suites: readonly Suite[]; readonly workloads: readonly Workload[] },
): void {
  if (chosen.suites.length + chosen.workloads.length > 0) return;
  const ids = (all: readonly { readonly id: string }[]): string => all.map(({ id }) => id).join(', ');
  throw new BenchError({
    stage: 'config',
    message: 'no benchmark is named',
    expected: '--suite ID, --workload ID or --exhibit ID',
    hint: `suites: ${ids(known.suites)}; workloads: ${ids(known.workloads)}`,
  });
}

/** The named targets, or every target of the file. */
export function chooseTargets(named: readonly string[], config: Config): readonly TargetConfig[] {
  const all = [...config.targets.values()];
  if (named.length > 0) return [...new Set(named)].map((id) => byId('target', id, all));
  if (all.length > 0) return all;
  throw new BenchError({ stage: 'config', message: `${config.path} has no targets` });
}

/** Throws when a suite needs a peer that a target does not name. */
export function checkPeers(suites: readonly Suite[], targets: readonly TargetConfig[]): void {
  const needing = suites.find((suite) => suite.needs.peer === true);
  const without = targets.find((target) => target.peer === undefined);
  if (needing === undefined || without === undefined) return;
  throw new BenchError({
    stage: 'config',
    message: `suite ${needing.id} needs a peer host, and target ${without.id} has no "peer"`,
    hint: 'add "peer" to the target',
  });
}
