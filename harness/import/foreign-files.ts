import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { BenchError } from '../errors.js';
import { sha256 } from '../store/index.js';
import { MAX_RAW_BYTES } from '../trial/raw-file.js';
import type { KeptFile } from './record-run.js';

/** A file to import: where it was found, and how the run will call it. */
export interface ForeignFile extends KeptFile {
  readonly path: string;
}

/** `HOST.0`, `HOST.1`, ...: what lmbench calls the results of its repetitions. */
const REPETITION = /^[^.].*\.\d+$/;

/**
 * The files that were named, with those named `HOST.N` of every folder among them, in the order of their numbers. Throws
 * on a path that is not there, a folder without results, a file that is too large, and the same output twice.
 */
export async function collectFiles(paths: readonly string[]): Promise<readonly ForeignFile[]> {
  const found: string[] = [];
  for (const path of paths) found.push(...(await expand(path)));
  const unique = [...new Set(found)];
  const files: ForeignFile[] = [];
  const taken = new Set<string>();
  const digests = new Map<string, string>();
  for (const path of unique) {
    const bytes = await readFile(path).catch(unreadable(path));
    refuseWide(path, bytes);
    const digest = sha256(bytes);
    const twin = digests.get(digest);
    if (twin !== undefined) {
      throw refusal(`${path} is the same output as ${twin}`, 'one of them', 'it would count twice');
    }
    digests.set(digest, path);
    files.push({ path, bytes, name: freeName(basename(path), taken) });
  }
  return files;
}

/** UTF-16, as some editors and shells of Windows write it: its mark, or a NUL beside each of its first characters. */
function refuseWide(path: string, bytes: Uint8Array): void {
  const [first, second, third, fourth] = bytes;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const unmarked = bytes.length >= 4 && ((first === 0 && third === 0) || (second === 0 && fourth === 0));
  if (!marked && !unmarked) return;
  throw refusal(`${path} is text in UTF-16`, 'UTF-8', 'convert it with iconv -f UTF-16 -t UTF-8');
}

const unreadable =
  (path: string) =>
  (error: unknown): never => {
    throw new BenchError({ stage: 'config', message: `cannot import ${path}: ${(error as Error).message}` });
  };

async function expand(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(unreadable(path));
  if (found.isDirectory()) {
    const results = await walk(path);
    if (results.length > 0) return results;
    throw refusal(`there are no results in ${path}`, 'files named HOST.0, HOST.1, ...', 'name the files one by one');
  }
  if (!found.isFile()) throw refusal(`cannot import ${path}`, 'a file or a folder');
  if (found.size <= MAX_RAW_BYTES) return [path];
  throw refusal(`${path} is too large to be raw output`, `at most ${MAX_RAW_BYTES} bytes`);
}

/** Symbolic links are not followed: a results tree has none, and they can make circles. */
async function walk(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(unreadable(folder));
  const collator = new Intl.Collator('en', { numeric: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => collator.compare(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await walk(path)));
    else if (entry.isFile() && REPETITION.test(entry.name)) found.push(...(await expand(path)));
  }
  return found;
}

/** The file's own name in the alphabet of artifacts; a number before the extension where it is taken. */
function freeName(name: string, taken: Set<string>): string {
  const plain = name
    .replaceAll(/[^A-Za-z0-9._@+=,-]/g, '_')
    .replace(/^[.-]+/, '_')
    .slice(-120);
  const dot = plain.lastIndexOf('.') < 1 ? plain.length : plain.lastIndexOf('.');
  for (let copy = 1; ; copy += 1) {
    const free = copy === 1 ? plain : `${plain.slice(0, dot)}-${copy}${plain.slice(dot)}`;
    if (taken.has(free)) continue;
    taken.add(free);
    return free;
  }
}

function refusal(message: string, expected: string, hint?: string): BenchError {
  return new BenchError({ stage: 'config', message, expected, ...(hint === undefined ? {} : { hint }) });
}
