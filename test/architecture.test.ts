import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { controls } from '../harness/host/controls/index.js';
import { platforms } from '../harness/platforms/index.js';
import { gates } from '../harness/run/gates/index.js';
import { exhibits } from '../reports/exhibits/index.js';
import { suites, workloads } from '../suites/index.js';
import { cycles, foreign, impurities, namings, upwards, valueImports } from './architecture/check.js';
import { HYPERVISORS, isPure, layers, mayImport, namingRules, typesOnly, type Naming } from './architecture/rules.js';
import { readTree } from './architecture/source.js';
import { lanes, machineTests } from './machine-tests.js';

// The rules that a compiler does not check: who may import whom, what is pure, who may name what, how large a file grows.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = readTree(root, ['harness', 'suites', 'reports']);

describe('imports', () => {
  it('are found', () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(1000);
  });

  it('have no cycles, those of types included', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('never point from a lower folder to a higher one', () => {
    expect(upwards(sources, layers)).toEqual([]);
  });

  it.each(Object.entries(mayImport))('of %s are only of what it may know', (folder, allowed) => {
    expect(foreign(sources, folder, allowed)).toEqual([]);
  });

  it.each(Object.entries(typesOnly))('of %s are of types only from where it may know no more', (folder, from) => {
    expect(valueImports(sources, folder, from)).toEqual([]);
  });

  it('of reports are of the harness only in the command line', () => {
    const others = sources.filter(({ path }) => path.startsWith('harness/') && !path.startsWith('harness/cli'));
    const found = others.filter(({ imports }) => imports.some(({ target }) => target.startsWith('reports/')));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

describe('what is pure', () => {
  it('reaches no I/O, no clock, no environment and no random source, by whatever it imports', () => {
    expect(sources.filter(({ path }) => isPure(path)).length).toBeGreaterThan(150);
    expect(impurities(sources, isPure)).toEqual([]);
  });
});

describe('ids', () => {
  const idsOf = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);
  const registries: readonly (readonly [Naming, readonly string[]])[] = [
    [namingRules.platforms, idsOf(platforms)],
    [namingRules.suites, idsOf(suites)],
    [namingRules.workloads, idsOf(workloads)],
    [namingRules.controls, idsOf(controls)],
    [namingRules.exhibits, idsOf(exhibits)],
    [namingRules.gates, idsOf(gates)],
  ];
  const isHypervisor = (path: string, id: string): boolean =>
    HYPERVISORS.ids.some((kind) => kind === id) && HYPERVISORS.places.some((place) => place === path);

  it.each(registries)('are named by their registry and their own folder only: $what', ({ places, homonyms }, ids) => {
    const mayName = (path: string, id: string): boolean =>
      homonyms.includes(id) ||
      isHypervisor(path, id) ||
      places.some((place) => path === place || path.startsWith(`${place}/`));
    expect(ids.length).toBeGreaterThan(0);
    expect(namings(sources, ids, mayName)).toEqual([]);
  });
});

describe('the shape of the code', () => {
  it('keeps files small', () => {
    expect(sources.filter(({ lines }) => lines > 260).map(({ path }) => `${path} is long`)).toEqual([]);
  });

  it('names modules after their noun', () => {
    const vague = /\/(utils?|helpers?|common|misc|manager)[./-]/;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });
});

describe('the lists of test files', () => {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).map((name) => `test/${name}`);

  it.each(machineTests.flatMap(alternatives))('%s matches a file', (pattern) => {
    const text = pattern
      .replace(/[.]/g, '[.]')
      .replaceAll('*', '[^/]*')
      .replace(/\{([^}]*)\}/g, (_, names: string) => `(${names.replaceAll(',', '|')})`);
    expect(files.filter((file) => new RegExp(`^${text}$`).test(file))).not.toEqual([]);
  });

  it('are the lanes that npm test runs', () => {
    const script = readFileSync(join(root, 'test', 'run.mjs'), 'utf8');
    const [, beside = '', alone = ''] = /const LANES = \[(.*)\];\nconst ALONE = (.*);/.exec(script) ?? [];
    expect(`[${beside}, ${alone}]`.replaceAll("'", '"')).toBe(JSON.stringify(Object.keys(lanes)).replaceAll(',', ', '));
  });
});

/** The pattern with each alternative of each of its braces in turn, so that a name that matches nothing is found. */
function alternatives(pattern: string): string[] {
  const braces = [...pattern.matchAll(/\{([^}]*)\}/g)];
  if (braces.length === 0) return [pattern];
  return braces.flatMap(({ 0: whole, 1: names = '', index }) =>
    names.split(',').map((name) => pattern.slice(0, index) + name + pattern.slice(index + whole.length)),
  );
}
