import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { BenchError, foundInstead } from '../errors.js';
import type { HostConfig, HostId, TargetConfig, TargetId } from '../types.js';
import { readJsonText, type JsonText } from './json-text.js';
import { describeMistake, writePath, type Mistake } from './mistake.js';
import { mistakesOfForm } from './mistakes.js';
import { mistakesOfMeaning, type KnownNames } from './references.js';
import { hostsFileSchema } from './schema.js';
import { mistakesOfSecrecy } from './secrets.js';
import { toHost, toTarget, type LocalPaths } from './to-config.js';

/** A hosts file that has no mistakes, in the terms of the harness. */
export interface Config {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly targets: ReadonlyMap<TargetId, TargetConfig>;
  readonly baseline?: TargetId;
  /** Absolute. */
  readonly path: string;
}

export type ReadConfig =
  | { readonly ok: true; readonly config: Config }
  /** One line each, `FILE:LINE:COLUMN: PATH: expected ..., found ...; hint`, in the order of the file. */
  | { readonly ok: false; readonly mistakes: readonly string[] };

/**
 * Reads and checks a hosts file. Every mistake of it is one line of the message of the `BenchError` (stage `config`) that
 * this throws; so is a file that cannot be read.
 */
export async function loadConfig(path: string, known: KnownNames = {}): Promise<Config> {
  const bytes = await readFile(path).catch((error: unknown) => {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new BenchError({
      stage: 'config',
      message: absent ? `there is no hosts file ${path}` : `cannot read ${path}`,
      ...(absent ? {} : { expected: 'a file', found: foundInstead(error) }),
      hint: '`bench init` writes one, and `bench lab up` makes hosts.lab.json; --hosts FILE names another',
    });
  });
  const text = bytes.toString('utf8');
  if (/^(?:\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))) {
    throw new BenchError({ stage: 'config', message: `cannot read ${path}`, expected: 'UTF-8', found: 'UTF-16' });
  }
  const read = readConfig(text, path, homedir(), known);
  if (read.ok) return read.config;
  throw new BenchError({ stage: 'config', message: read.mistakes.join('\n') });
}

/** The content of a hosts file, checked; `path` is for messages and for paths that are relative to it. Pure. */
export function readConfig(text: string, path: string, home: string, known: KnownNames = {}): ReadConfig {
  const json = readJsonText(text);
  if (!json.ok) {
    const hint = json.hint === undefined ? '' : `; ${json.hint}`;
    const at = `${path}:${json.position.line}:${json.position.column}`;
    return { ok: false, mistakes: [`${at}: not JSON: expected ${json.expected}, found ${json.found}${hint}`] };
  }
  const mistakes = [
    ...json.repeated.map((at): Mistake => ({ path: at, expected: `${writePath(at)} once`, found: 'it again' })),
    ...mistakesOfSecrecy(json.value),
    ...mistakesOfMeaning(json.value, known),
    ...mistakesOfForm(json.value),
  ];
  if (mistakes.length > 0) return { ok: false, mistakes: inOrder(mistakes, json, path) };
  const file = hostsFileSchema.parse(json.value);
  const paths: LocalPaths = { folder: dirname(resolve(path)), home };
  return {
    ok: true,
    config: {
      hosts: new Map(Object.entries(file.hosts).map(([id, host]) => [id, toHost(id, host, paths)])),
      targets: new Map(Object.entries(file.targets).map(([id, target]) => [id, toTarget(id, target)])),
      ...(file.baseline === undefined ? {} : { baseline: file.baseline }),
      path: resolve(path),
    },
  };
}

/** One line for each path, in the order of the file: of several mistakes at one path only the first is shown. */
export function inOrder(mistakes: readonly Mistake[], json: JsonText, file: string): string[] {
  const byPath = new Map<string, Mistake>();
  for (const mistake of mistakes) {
    const key = JSON.stringify(mistake.path);
    if (!byPath.has(key)) byPath.set(key, mistake);
  }
  return [...byPath.values()]
    .map((mistake) => ({ mistake, position: json.positionOf(mistake.path) }))
    .sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column)
    .map(({ mistake, position }) => `${file}:${position.line}:${position.column}: ${describeMistake(mistake)}`);
}
