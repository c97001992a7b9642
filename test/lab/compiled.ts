import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from '@typescript/typescript6';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Compiles the lab into `folder` and returns the path of its module, so that a test can run it in a process of its own
 * and kill that; independent of whether dist/ is fresh.
 */
export function compileLab(folder: string): string {
  const lab = join('harness', 'lab');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // With what it imports: the drivers, for their packages, and what they need.
  const sources = readdirSync(join(root, 'harness'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  for (const path of sources) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    if (path.endsWith('.ts')) {
      const { outputText } = ts.transpileModule(readFileSync(join(root, path), 'utf8'), {
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      writeFileSync(join(folder, path.replace(/\.ts$/, '.js')), outputText);
    } else if (!path.endsWith('.mjs')) {
      copyFileSync(join(root, path), join(folder, path));
    }
  }
  return join(folder, lab, 'index.js');
}
