import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

// The rules of the house that a compiler does not know: who may import whom, what is pure, how large a file grows.

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths within the repository; packages and node: modules as written. */
  readonly imports: readonly string[];
}

const sources = ['harness', 'suites', 'reports'].flatMap((folder) => listTypeScript(folder)).map(readSource);

function listTypeScript(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  const imports = specifiers.map((specifier) =>
    specifier.startsWith('.') ? relative('.', normalize(join(dirname(path), specifier))) : specifier,
  );
  return { path, text, imports };
}

const inside = (folder: string) => sources.filter(({ path }) => path.startsWith(`${folder}/`));
const within = (path: string) =>
  path.startsWith('harness/') || path.startsWith('suites/') || path.startsWith('reports/');

function breaches(of: readonly Source[], allowed: (target: string, source: Source) => boolean): string[] {
  return of.flatMap((source) =>
    source.imports
      .filter((target) => within(target) && !allowed(target, source))
      .map((target) => `${source.path} -> ${target}`),
  );
}

const isCli = (path: string): boolean => path === 'harness/cli.ts' || path.startsWith('harness/cli/');
const isPure = ({ path }: Source): boolean =>
  path === 'harness/run/plan.ts' ||
  path.endsWith('/parse.ts') ||
  (path.startsWith('reports/') && path !== 'reports/writer.ts');

describe('the import rule', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
  });

  it('suites import the nouns of the harness and each other, nothing else of the project', () => {
    const allowed = (target: string): boolean => target.startsWith('suites/') || target === 'harness/types.js';
    expect(breaches(inside('suites'), allowed)).toEqual([]);
  });

  it('reports import suites and the nouns of the harness', () => {
    const allowed = (target: string): boolean =>
      target.startsWith('reports/') || target.startsWith('suites/') || target === 'harness/types.js';
    expect(breaches(inside('reports'), allowed)).toEqual([]);
  });

  it('the harness never imports reports, except the CLI', () => {
    const allowed = (target: string, source: Source): boolean => !target.startsWith('reports/') || isCli(source.path);
    expect(breaches(inside('harness'), allowed)).toEqual([]);
  });

  it('nothing but the CLI imports the CLI', () => {
    const allowed = (target: string, source: Source): boolean => !isCli(target) || isCli(source.path);
    expect(breaches(sources, allowed)).toEqual([]);
  });

  it('a driver knows no suite', () => {
    const drivers = inside('harness/platforms');
    expect(breaches(drivers, (target) => !target.startsWith('suites/'))).toEqual([]);
  });
});

describe('what is pure', () => {
  const pure = sources.filter(isPure);
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.|\bperformance\.now\(/;

  // Hashing is arithmetic; node:module requires the JSON files that are part of the code.
  const harmless = ['node:crypto', 'node:module'];

  it('does no I/O: it imports no module of Node that could', () => {
    const found = pure.flatMap(({ path, imports }) =>
      imports
        .filter((target) => target.startsWith('node:') && !harmless.includes(target))
        .map((target) => `${path} -> ${target}`),
    );
    expect(found).toEqual([]);
  });

  it('reads no clock, no environment, no randomness', () => {
    expect(pure.filter(({ text }) => impure.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the shape of the code', () => {
  it('keeps files small', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 280).map(({ path }) => path);
    expect(long).toEqual(['harness/types.ts']);
  });

  it('names modules after their noun', () => {
    const vague = /\/(utils?|helpers?|common|misc|manager)[./-]/;
    expect(sources.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  it('asks which platform it is only inside the drivers', () => {
    const asking = /platform(\.id)?\s*===\s*'/;
    // Reports know which of the paper's columns a platform is kin to: knowledge of the paper, not of a driver.
    const asked = [...inside('harness'), ...inside('suites')];
    const found = asked.filter(({ path, text }) => !path.startsWith('harness/platforms/') && asking.test(text));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});
