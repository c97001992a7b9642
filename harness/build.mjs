// Builds dist/: compiled TypeScript, with every other file (C sources, templates, fonts, JSON) copied beside the
// module that reads it, so that `new URL('./file', import.meta.url)` finds it in the source tree and in dist alike.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

if (!existsSync(compiler)) {
  // `npm ci --omit=dev` of a packed release: dist came with the package and there is nothing to compile with.
  if (existsSync(join(dist, 'harness', 'cli.js'))) process.exit(0);
  console.error('build: typescript is not installed and dist/ is missing; run `npm ci` without --omit=dev');
  process.exit(1);
}

rmSync(dist, { recursive: true, force: true });
const tsc = spawnSync(process.execPath, [compiler, '-p', join(root, 'harness', 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

for (const folder of ['harness', 'suites', 'reports']) copyAssets(folder);
chmodSync(join(dist, 'harness', 'cli.js'), 0o755);

/** @param {string} folder a folder relative to the root */
function copyAssets(folder) {
  for (const name of readdirSync(join(root, folder))) {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) copyAssets(path);
    else if (!/\.(ts|mjs|md)$/.test(name) && !/^tsconfig.*\.json$/.test(name)) {
      cpSync(join(root, path), join(dist, path));
    }
  }
}
