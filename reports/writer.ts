import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets, Font } from './render/exporter.js';

const FAMILY = 'IBM Plex Sans';
const WEIGHTS = [400, 600] as const;

/** Templates, style sheet and fonts of the HTML report. Rejects when one cannot be read: the installation is broken. */
export async function loadAssets(): Promise<Assets> {
  const folder = fileURLToPath(new URL('./render/html/', import.meta.url));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.hbs')).sort();
  const templates = await Promise.all(
    names.map(async (name) => [name.replace(/\.hbs$/, ''), await readFile(join(folder, name), 'utf8')] as const),
  );
  return {
    templates: Object.fromEntries(templates),
    css: await readFile(join(folder, 'report.css'), 'utf8'),
    fonts: await Promise.all(WEIGHTS.map(loadFont)),
  };
}

/**
 * The script of an interactive page: Chart.js, its error bars, and what draws the figures, as one text without requests.
 * Rejects when a part cannot be read: the installation is broken.
 */
export async function loadScript(): Promise<string> {
  const require = createRequire(import.meta.url);
  const libraries = [
    join(dirname(require.resolve('chart.js')), 'chart.umd.min.js'),
    join(dirname(require.resolve('chartjs-chart-error-bars')), 'index.umd.min.js'),
  ];
  const own = ['figure-chart.js', 'scatter-chart.js', 'page.js'].map((name) =>
    fileURLToPath(new URL(`./render/chart/${name}`, import.meta.url)),
  );
  const texts = await Promise.all([...libraries, ...own].map((path) => readFile(path, 'utf8')));
  const plain = texts.map((text) => text.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, ''));
  const modules = plain
    .slice(libraries.length)
    .map((text) => text.replaceAll(/^import [^;]*;$/gm, '').replaceAll(/^export (?=function )/gm, ''));
  // An own scope, and nothing that a parser of HTML takes for the end of the script.
  const script = [...plain.slice(0, libraries.length), `(() => {\n'use strict';\n${modules.join('\n')}})();`].join(
    '\n',
  );
  return script.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
}

async function loadFont(weight: number): Promise<Font> {
  const require = createRequire(import.meta.url);
  const path = require.resolve(`@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-${weight}-normal.woff2`);
  return { family: FAMILY, weight, data: (await readFile(path)).toString('base64') };
}

/**
 * Writes a report whole or not at all: into a temporary file in its folder, flushed, then renamed over it. Makes the
 * folder. A device or a pipe is written to and not replaced. Rejects with the system's own error, which names the path.
 */
export async function writeReport(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const there = await stat(path).catch(() => undefined);
  if (there?.isCharacterDevice() === true || there?.isFIFO() === true) return writeFile(path, content);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
