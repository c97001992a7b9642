import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ForeignFile } from '../../harness/import/foreign-files.js';
import { importedRun } from '../../harness/import/imported.js';
import type { Suite, TargetConfig } from '../../harness/types.js';
import { suites } from '../../suites/index.js';

const folder = new URL('../suites/', import.meta.url);
const outputs = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(
    (entry) => entry.isFile() && entry.parentPath.endsWith('/fixtures') && /\.(stdout|stderr|txt)$/.test(entry.name),
  )
  .map(({ parentPath, name }) => ({ name, text: readFileSync(`${parentPath}/${name}`, 'utf8') }));

/** What happens to files between a machine and a reader. */
const damages: Readonly<Record<string, (text: string) => string>> = {
  whole: (text) => text,
  'cut in its middle': (text) => text.slice(0, text.length / 2),
  'without its last line': (text) => text.replace(/[^\n]*\n?$/, ''),
  'without the end of its last line': (text) => text.trimEnd().slice(0, -1),
  doubled: (text) => text + text,
  'doubled with CR LF': (text) => (text + text).replaceAll('\n', '\r\n'),
  'without text': () => '\n \n',
  'in another locale': (text) => text.replaceAll(/(\d)\.(\d)/g, '$1,$2'),
  'without its first line': (text) => text.replace(/^[^\n]*\n/, ''),
};

const target: TargetConfig = { id: 'xen-up', host: 'elsewhere', platform: 'xen', shape: { cpus: [0] }, options: {} };

/** Words of the refusal; undefined where the file is imported. */
function refusalOf(suite: Suite, name: string, text: string): string | undefined {
  const files: ForeignFile[] = [{ name, path: `data/${name}`, bytes: new TextEncoder().encode(text) }];
  try {
    importedRun({ suite, target, profile: 'paper', files, by: 'me', now: new Date(0) });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('each refusal of real output, whole and damaged, names file, line, what was expected and what was found', () => {
  const foreign = suites.filter((suite: Suite) => suite.recognize !== undefined);

  it.each(foreign.map((suite: Suite) => [suite.id, suite] as const))('%s', (_, suite) => {
    const poor = new Set<string>();
    let refused = 0;
    for (const { name, text } of outputs) {
      for (const [damage, change] of Object.entries(damages)) {
        const words = refusalOf(suite, name, change(text));
        if (words === undefined) continue;
        refused += 1;
        const place = words.indexOf(`data/${name}:`);
        const [, line, rest = ''] = /^:(\d+): (.*)$/s.exec(words.slice(place + `data/${name}`.length)) ?? [];
        const isWhole = /expected .+ found /s.test(rest) || / contradict each other/.test(rest);
        const isThere = Number(line) >= 1 && Number(line) <= Math.max(1, change(text).split('\n').length);
        if (place < 0 || !isWhole || !isThere || rest.includes('\n')) poor.add(`${name} ${damage}: ${words}`);
      }
    }
    expect(refused).toBeGreaterThan(outputs.length);
    expect([...poor]).toEqual([]);
  });
});
