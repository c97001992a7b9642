import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

// The build in a folder of its own, with a stand-in for the compiler: it writes what `compiled.json` has, or fails.

const root = fileURLToPath(new URL('../../', import.meta.url));
const COMPILER = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const to = process.argv[process.argv.indexOf('--outDir') + 1];
for (const [path, text] of Object.entries(JSON.parse(readFileSync('compiled.json', 'utf8')))) {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  writeFileSync(join(to, path), text);
}
process.exit(Number(process.env.FAILS ?? 0));
`;
const MANUAL = 'export const manual = (version) => `the manual of ${version}`;';

/** What is loaded of chartjs-node-canvas. */
const DRAWING = ['backgroundColourPlugin.js', 'chartJSNodeCanvas.js', 'chartJSNodeCanvasBase.js', 'freshRequire.js'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-build-'));
  put('package.json', '{ "type": "module", "version": "1.2.3" }');
  put('node_modules/typescript/bin/tsc', COMPILER);
  put('node_modules/typescript/package.json', '{ "type": "commonjs" }');
  put('harness/agent/agent.c', 'int main;');
  put('harness/notes.md', 'no asset');
  put('suites/tool.sh', '# a script');
  put('docs/glossary.md', '# Glossary');
  put('reports/canvas/index.cjs', '1;');
  const drawing = 'node_modules/chartjs-node-canvas';
  put(`${drawing}/package.json`, '{ "name": "chartjs-node-canvas", "version": "5.0.0" }');
  put(`${drawing}/LICENSE`, 'MIT');
  for (const file of DRAWING) put(`${drawing}/dist/${file}`, '1;');
  cpSync(join(root, 'harness/build.mjs'), join(folder, 'harness/build.mjs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function build(compiled: Readonly<Record<string, string>>, fails = 0): number | null {
  put('compiled.json', JSON.stringify({ 'harness/cli.js': '1;', 'harness/cli/manual/index.js': MANUAL, ...compiled }));
  const env = { ...process.env, FAILS: String(fails) };
  return spawnSync(process.execPath, ['harness/build.mjs'], { cwd: folder, env, stdio: 'pipe' }).status;
}

const built = (path: string): string => readFileSync(join(folder, 'dist', path), 'utf8');

it('makes dist/ of what is compiled, of the assets, and of the manual page', () => {
  expect(build({ 'suites/index.js': 'one' })).toBe(0);
  const files = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' });
  expect(files.filter((path) => path.includes('.')).sort()).toEqual([
    'docs/glossary.md',
    'harness/agent/agent.c',
    'harness/cli.js',
    'harness/cli/manual/index.js',
    'man/bench.1',
    'node_modules/canvas/index.cjs',
    ...DRAWING.map((file) => `node_modules/chartjs-node-canvas/${file}`),
    'node_modules/chartjs-node-canvas/package.json',
    'suites/index.js',
    'suites/tool.sh',
  ]);
  expect(built('man/bench.1')).toBe('the manual of 1.2.3');
});

it.each([
  ['the compiler fails', {}, 2],
  ['the manual page cannot be made', { 'harness/cli/manual/index.js': 'throw new Error("no");' }, 0],
])('leaves dist/ as it is when %s', (_what, compiled, fails) => {
  expect(build({ 'suites/index.js': 'one' })).toBe(0);
  expect(build({ 'suites/index.js': 'two', ...compiled }, fails)).not.toBe(0);
  expect(built('suites/index.js')).toBe('one');
  expect(built('man/bench.1')).toBe('the manual of 1.2.3');
  expect(readdirSync(folder).filter((name) => name.startsWith('.dist'))).toEqual([]);
});

it('replaces what changed, and removes what is no longer made', () => {
  expect(build({ 'suites/index.js': 'one', 'suites/old/gone.js': '' })).toBe(0);
  expect(build({ 'suites/index.js': 'two' })).toBe(0);
  expect(built('suites/index.js')).toBe('two');
  expect(existsSync(join(folder, 'dist/suites/old'))).toBe(false);
});
