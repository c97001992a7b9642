// Builds dist/: compiled TypeScript, with every other file (C sources, templates, fonts, JSON) copied beside the
// module that reads it, so that `new URL('./file', import.meta.url)` finds it in the source tree and in dist alike, and
// the manual page. Everything is made in a folder of its own first: a build that fails changes nothing in dist/, and one
// that succeeds replaces file by file, so that a `bench` that runs from dist/ meanwhile finds every file at any time.
// `--watch` builds again after each change.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { utimesSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const SOURCES = ['harness', 'suites', 'reports'];
/** The entry is replaced last: who looks at its time sees that a build is complete. */
const ENTRY = join('harness', 'cli.js');

if (!existsSync(compiler)) {
  // `npm ci --omit=dev` of a packed release: dist came with the package and there is nothing to compile with.
  if (existsSync(join(dist, ENTRY))) process.exit(0);
  console.error('build: typescript is not installed and dist/ is missing; run `npm ci` without --omit=dev');
  process.exit(1);
}
if (process.argv.includes('--watch')) watchSources();
else process.exitCode = await build();

/** Resolves to the exit code of the compiler. */
async function build() {
  // On the file system of dist/, and where its modules find the installed packages.
  const fresh = join(root, `.dist-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  try {
    const argv = [compiler, '-p', join(root, 'harness', 'tsconfig.build.json'), '--outDir', fresh];
    const { status } = spawnSync(process.execPath, argv, { stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
    for (const folder of SOURCES) copyAssets(folder, fresh);
    mkdirSync(join(fresh, 'docs'));
    cpSync(join(root, 'docs', 'glossary.md'), join(fresh, 'docs', 'glossary.md'));
    copyDrawing(fresh);
    chmodSync(join(fresh, ENTRY), 0o755);
    await writeManual(fresh);
    writeCommit(fresh);
    replace(fresh);
    return 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Copies what is not compiled from `folder`, which is relative to the root. */
function copyAssets(folder, to) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) copyAssets(path, to);
    else if (!/\.(ts|mjs|md)$/.test(entry.name) && !/^tsconfig.*\.json$/.test(entry.name)) {
      cpSync(join(root, path), join(to, path));
    }
  }
}

/**
 * chartjs-node-canvas and the package `canvas` that it loads: as dependencies, npm would put the `canvas` of the registry
 * beside it, which compiles or downloads when it is installed. Of their files those that are loaded, with the licence.
 */
function copyDrawing(to) {
  const packages = join(to, 'node_modules');
  mkdirSync(packages);
  renameSync(join(to, 'reports', 'canvas'), join(packages, 'canvas'));
  const from = join(root, 'node_modules', 'chartjs-node-canvas');
  const drawing = join(packages, 'chartjs-node-canvas');
  const { name, version, license } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const main = 'chartJSNodeCanvas.js';
  mkdirSync(drawing);
  writeFileSync(join(drawing, 'package.json'), JSON.stringify({ name, version, license, main }));
  cpSync(join(from, 'LICENSE'), join(drawing, 'LICENSE'));
  for (const file of [main, 'chartJSNodeCanvasBase.js', 'backgroundColourPlugin.js', 'freshRequire.js']) {
    cpSync(join(from, 'dist', file), join(drawing, file));
  }
}

/** The manual page is made by the modules that were just compiled. */
async function writeManual(folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { manual } = await import(pathToFileURL(join(folder, 'harness', 'cli', 'manual', 'index.js')).href);
  mkdirSync(join(folder, 'man'));
  writeFileSync(join(folder, 'man', 'bench.1'), manual(version));
}

/** The commit that is built, which runs record; no file where this is no git clone, or git is not installed. */
function writeCommit(folder) {
  if (!existsSync(join(root, '.git'))) return;
  const argv = ['-C', root, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  const { status, stdout } = spawnSync('git', argv, { encoding: 'utf8' });
  if (status === 0) writeFileSync(join(folder, 'commit'), stdout);
}

/** Moves every file to its place in dist/ in one step each, then removes what this build does not have. */
function replace(fresh) {
  const files = list(fresh).filter((path) => path !== ENTRY);
  for (const path of [...files, ENTRY]) {
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    renameSync(join(fresh, path), join(dist, path));
  }
  const kept = new Set([...files, ENTRY]);
  for (const path of list(dist)) if (!kept.has(path)) rmSync(join(dist, path));
  removeEmpty(dist);
  const now = new Date();
  utimesSync(join(dist, ENTRY), now, now);
}

/** The files below a folder, relative to it. */
function list(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
}

function removeEmpty(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Builds now, and whenever the sources have rested after a change. Ends with Ctrl-C. */
function watchSources() {
  let waiting;
  const again = () => {
    // In a process of its own: a module is loaded once in each.
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: 'inherit' });
    console.error(status === 0 ? 'built dist/; watching for changes' : 'not built: dist/ is as it was');
  };
  for (const folder of SOURCES) {
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(waiting);
      waiting = setTimeout(again, 300);
    });
  }
  again();
}
