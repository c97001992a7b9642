import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Compiles the product into `folder` as the build does, whatever state dist/ is in; returns the path of its CLI. */
export function compileBench(folder: string): string {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const dist = join(folder, 'dist');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // Types are checked elsewhere.
  const options = ['-p', join(root, 'harness', 'tsconfig.build.json'), '--outDir', dist, '--noCheck'];
  execFileSync(process.execPath, [compiler, ...options]);
  for (const part of ['harness', 'suites', 'reports']) copyAssets(part, dist);
  return join(dist, 'harness', 'cli.js');
}

/** The same for the lab; returns the path of its module. */
export function compileLab(folder: string): string {
  return join(dirname(compileBench(folder)), 'lab', 'index.js');
}

/** What compiled modules read from beside them. */
function copyAssets(part: string, dist: string): void {
  for (const entry of readdirSync(join(root, part), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts')) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(dist, source.slice(root.length));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  }
}
