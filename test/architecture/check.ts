import type { Source } from './source.js';

/** Every group of files that import each other in a circle, types included: one line each, from the first by name. */
export function cycles(sources: readonly Source[]): readonly string[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  return components(graph)
    .filter((group) => group.length > 1 || graph.get(group[0] ?? '')?.includes(group[0] ?? ''))
    .map((group) => group.sort().join(' <-> '))
    .sort();
}

/** Tarjan's algorithm: the strongly connected components of a graph. */
function components(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node) ?? 0);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!graph.has(next)) continue;
      if (!index.has(next)) visit(next);
      else if (!stack.includes(next)) continue;
      low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) === index.get(node)) found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

/** Folders and files of one level; a level imports itself and the levels before it. */
export type Layers = readonly (readonly string[])[];

/** Imports that point from a level to a later one, and files below `roots` that are on no level. */
export function upwards(sources: readonly Source[], layers: Layers): readonly string[] {
  return sources.flatMap(({ path, imports }) => {
    const own = levelOf(path, layers);
    if (own === undefined) return [`${path} is on no level`];
    return imports
      .filter(({ target }) => (levelOf(target, layers) ?? own) > own)
      .map(({ target }) => `${path} -> ${target}`);
  });
}

/** The level of the longest entry that the path is, or is in. */
function levelOf(path: string, layers: Layers): number | undefined {
  const entries = layers.flatMap((names, level) => names.map((name) => ({ name, level })));
  const fitting = entries.filter(({ name }) => path === name || path.startsWith(`${name}/`));
  return fitting.sort((a, b) => b.name.length - a.name.length)[0]?.level;
}

/** Imports of the project from `folder` that are neither within it nor of what is allowed (files or folders). */
export function foreign(sources: readonly Source[], folder: string, allowed: readonly string[]): readonly string[] {
  const known = new Set(sources.map(({ path }) => path));
  const fits = (target: string): boolean =>
    [folder, ...allowed].some((name) => target === name || target.startsWith(`${name}/`));
  return sources
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .flatMap(({ path, imports }) =>
      imports.filter(({ target }) => known.has(target) && !fits(target)).map(({ target }) => `${path} -> ${target}`),
    );
}

/** Imports of values from `folder` to where only types may come from. */
export function valueImports(
  sources: readonly Source[],
  folder: string,
  typesOnly: readonly string[],
): readonly string[] {
  return sources
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .flatMap(({ path, imports }) =>
      imports
        .filter(({ target, typeOnly }) => !typeOnly && typesOnly.some((name) => target.startsWith(`${name}/`)))
        .map(({ target }) => `${path} -> ${target}`),
    );
}

/** Modules of Node that only compute: hashing and requiring JSON that is part of the code, names of paths and URLs. */
const HARMLESS = ['node:crypto', 'node:module', 'node:path', 'node:url', 'node:util', 'node:assert', 'node:buffer'];

/**
 * What a pure file reaches, directly or through what it imports (types aside), that is no pure function: modules of Node,
 * clocks, random sources, the environment. One line each: the way there.
 */
export function impurities(sources: readonly Source[], isPure: (path: string) => boolean): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const found: string[] = [];
  const roots = sources.filter(({ path }) => isPure(path)).map(({ path }) => path);
  for (const root of roots) {
    const via = new Map<string, string | undefined>([[root, undefined]]);
    for (const path of via.keys()) {
      const source = byPath.get(path);
      if (source === undefined) continue;
      const values = source.imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target);
      const modules = values.filter((target) => target.startsWith('node:') && !HARMLESS.includes(target));
      // What is behind another pure file is reported once, from there.
      if (path === root || !isPure(path)) {
        for (const what of [...modules, ...source.ambient]) found.push(`${wayTo(path, via)} -> ${what}`);
        for (const target of values) if (byPath.has(target) && !via.has(target)) via.set(target, path);
      }
    }
  }
  return [...new Set(found)].sort();
}

function wayTo(path: string, via: ReadonlyMap<string, string | undefined>): string {
  const before = via.get(path);
  return before === undefined ? path : `${wayTo(before, via)} -> ${path}`;
}

/** Files that name an id, as a string literal, outside of where it may be named. */
export function namings(
  sources: readonly Source[],
  ids: readonly string[],
  mayName: (path: string, id: string) => boolean,
): readonly string[] {
  return sources.flatMap(({ path, strings }) =>
    [...new Set(strings)].filter((text) => ids.includes(text) && !mayName(path, text)).map((id) => `${path}: ${id}`),
  );
}
