import { describe, expect, it } from 'vitest';
import { cycles, foreign, impurities, namings, upwards, valueImports } from './check.js';
import { readSource, type Source } from './source.js';

// A small tree with each breach that the rules are there to find, and its lawful neighbours.

const tree = (files: Readonly<Record<string, string>>): readonly Source[] =>
  Object.entries(files).map(([path, text]) => readSource(path, text));
const all = (): boolean => true;

describe('cycles', () => {
  it.each([
    ['of values', "import { b } from './b.js'; b();", "import { a } from './a.js'; a();"],
    ['of types', "import type { B } from './b.js';", "import { type A } from './a.js';"],
    ['by a type in place', "export type A = import('./b.js').B;", "export * from './a.js';"],
    ['by an import at run time', "await import('./b.js');", "import './a.js';"],
  ])('%s are found', (_, a, b) => {
    expect(cycles(tree({ 'x/a.ts': a, 'x/b.ts': b, 'x/c.ts': "import './a.js';" }))).toEqual(['x/a.ts <-> x/b.ts']);
  });

  it('through a third file, and of a file with itself, are found, each once', () => {
    const files = {
      'x/a.ts': "import './b.js';",
      'x/b.ts': "import './c.js';",
      'x/c.ts': "import './a.js';",
      'x/own.ts': "import './own.js';",
    };
    expect(cycles(tree(files))).toEqual(['x/a.ts <-> x/b.ts <-> x/c.ts', 'x/own.ts']);
  });

  it('are not two ways to the same file, nor an import in a text', () => {
    const files = {
      'x/a.ts': "import './b.js'; import './c.js';",
      'x/b.ts': "import './d.js'; // import './a.js'",
      'x/c.ts': "import './d.js';",
      'x/d.ts': 'export const text = "import \'./a.js\'";',
    };
    expect(cycles(tree(files))).toEqual([]);
  });
});

describe('upward arrows', () => {
  const layers = [['low'], ['low/high', 'top.ts']];
  it('are found, of types, too', () => {
    const files = {
      'low/a.ts': "import type { B } from './high/b.js';",
      'low/high/b.ts': "import '../c.js'; import '../../top.js';",
      'low/c.ts': "export * from '../top.js';",
      'top.ts': "import './low/a.js';",
    };
    expect(upwards(tree(files), layers)).toEqual(['low/a.ts -> low/high/b.ts', 'low/c.ts -> top.ts']);
  });

  it('a folder that no level has is reported', () => {
    expect(upwards(tree({ 'new/a.ts': '' }), layers)).toEqual(['new/a.ts is on no level']);
  });
});

describe('foreign imports', () => {
  it('are those of the project that are not allowed', () => {
    const files = {
      'a/x.ts': "import 'zod'; import './y.js'; import '../b/x.js'; import type { C } from '../c/x.js';",
      'a/y.ts': '',
      'b/x.ts': "import '../c/x.js';",
      'c/x.ts': '',
    };
    expect(foreign(tree(files), 'a', ['b'])).toEqual(['a/x.ts -> c/x.ts']);
  });
});

describe('imports of values', () => {
  it('are found where only types may be imported', () => {
    const files = {
      'a/x.ts': "import type { B } from '../b/x.js'; import { type B } from '../b/x.js'; import '../c/x.js';",
      'a/y.ts': "import { b, type B } from '../b/x.js';",
      'b/x.ts': '',
      'c/x.ts': '',
    };
    expect(valueImports(tree(files), 'a', ['b'])).toEqual(['a/y.ts -> b/x.ts']);
  });
});

describe('impurity', () => {
  it.each([
    ['a module that does I/O', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['a process', "import { spawn } from 'node:child_process';", 'node:child_process'],
    ['the network', "import net from 'node:net';", 'node:net'],
    ['a clock', 'export const now = () => Date.now();', 'Date.now'],
    ['a date of now', 'export const now = () => new Date();', 'new Date()'],
    ['a fine clock', 'export const now = () => performance.now();', 'performance.now'],
    ['a random source', 'export const dice = () => Math.random();', 'Math.random'],
    ['a random name', "import { randomUUID as id } from 'node:crypto';", 'randomUUID of node:crypto'],
    ['the environment', 'export const home = () => process.env.HOME;', 'process'],
    ['a timer', 'setTimeout(() => undefined, 1);', 'setTimeout'],
  ])('of %s is found, two imports away', (_, text, what) => {
    const files = { 'pure/a.ts': "import '../x/b.js';", 'x/b.ts': "export * from './c.js';", 'x/c.ts': text };
    const found = impurities(tree(files), (path) => path.startsWith('pure/'));
    expect(found).toEqual([`pure/a.ts -> x/b.ts -> x/c.ts -> ${what}`]);
  });

  it('is not what types are imported of, nor what only computes', () => {
    const files = {
      'pure/a.ts': "import type { C } from '../x/c.js'; import { createHash } from 'node:crypto'; new Date(0);",
      'x/c.ts': "import 'node:fs';",
    };
    expect(impurities(tree(files), (path) => path.startsWith('pure/'))).toEqual([]);
  });

  it('is reported once, from the pure file that is nearest', () => {
    const files = { 'a.ts': "import './b.js';", 'b.ts': "import 'node:fs';" };
    expect(impurities(tree(files), all)).toEqual(['b.ts -> node:fs']);
  });
});

describe('ids', () => {
  it('are found as whole strings where they may not be named', () => {
    const files = {
      'registry.ts': "export const ids = ['lxc'];",
      'other.ts': "if (platform === 'lxc') run(`lxc`); // 'lxc'",
      'prose.ts': "say('lxc-start failed');",
    };
    expect(namings(tree(files), ['lxc'], (path) => path === 'registry.ts')).toEqual(['other.ts: lxc']);
  });
});
