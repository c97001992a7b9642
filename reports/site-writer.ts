import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunId } from '../harness/types.js';
import { sharedStyle } from './render/html/frame.js';
import type { Assets } from './render/exporter.js';
import { dataScript, readDataScript } from './site/find.js';
import { termsOf, type Term } from './site/glossary.js';
import type { RunDigest } from './site/model.js';
import { dataPath, runPath } from './site/names.js';
import { writeReport } from './writer.js';

/** What is in the folder of a site: the inputs of its runs, and the hash and size of each of its files. */
export interface SiteManifest {
  readonly format: 'bench-site/1';
  /** What made it; another maker makes everything again. */
  readonly maker: string;
  readonly runs: Readonly<Record<RunId, string>>;
  readonly files: Readonly<Record<string, FileMark>>;
}

type FileMark = readonly [sha256: string, bytes: number];

const MANIFEST = 'manifest.json';
/** Files of a site. No other path of a manifest is ever removed. */
const OWN_PATH = /^(?:(?:runs|data|changes|systems|metrics|assets)\/)?[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const EMPTY = { runs: {}, files: {} } as const;

/** The manifest of a site in this folder, or why there is none: `absent` in a folder that is empty or not there. */
export type FoundSite =
  | { readonly state: 'intact'; readonly manifest: SiteManifest }
  | { readonly state: 'absent' }
  | { readonly state: 'damaged' | 'foreign'; readonly why: string };

/** Looks what is in a folder; `foreign`: other files, and no site. Rejects with the system's error. */
export async function findSite(folder: string): Promise<FoundSite> {
  const names: readonly string[] = await readdir(folder).catch((error: unknown): string[] => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0) return { state: 'absent' };
  if (!names.includes(MANIFEST)) return { state: 'foreign', why: `it has ${names[0] ?? ''}, and no ${MANIFEST}` };
  try {
    const manifest = readManifest(await readFile(join(folder, MANIFEST), 'utf8'));
    return { state: 'intact', manifest };
  } catch (error) {
    return { state: 'damaged', why: (error as Error).message };
  }
}

function readManifest(text: string): SiteManifest {
  const value = JSON.parse(text) as Partial<SiteManifest> | null;
  if (value?.format !== 'bench-site/1' || typeof value.maker !== 'string') throw new Error('it has another format');
  const { maker, runs, files } = value;
  const isText = (one: unknown): boolean => typeof one === 'string';
  const isMark = (one: unknown): boolean => Array.isArray(one) && isText(one[0]) && typeof one[1] === 'number';
  if (!isObject(runs) || !Object.values(runs).every(isText)) throw new Error('its list of runs cannot be read');
  if (!isObject(files) || !Object.values(files).every(isMark)) throw new Error('its list of files cannot be read');
  return { format: value.format, maker, runs, files };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What pages of a site are made of beside runs. */
export interface SiteAssets {
  readonly files: ReadonlyMap<string, string>;
  readonly terms: readonly Term[];
  /** Hash of all assets: part of the maker. */
  readonly hash: string;
}

/** The style sheet, the script and the glossary. Rejects when one cannot be read: the installation is broken. */
export async function loadSiteAssets(assets: Assets): Promise<SiteAssets> {
  const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
  const [css, script, glossary] = await Promise.all([
    read('./site/site.css'),
    read('./site/site.js'),
    read('../docs/glossary.md'),
  ]);
  const style = `${sharedStyle(assets)}${css}`;
  const hash = sha256([style, script, glossary, ...Object.values(assets.templates)].join('\0'));
  const files = new Map([
    ['assets/site.css', style],
    ['assets/site.js', script],
  ]);
  return { files, terms: termsOf(glossary), hash };
}

/** The digest of a run that the site has, if its file is what the manifest describes; else undefined. */
export async function readDigest(folder: string, manifest: SiteManifest, run: RunId): Promise<RunDigest | undefined> {
  const path = dataPath(run);
  const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
  if (text === undefined || sha256(text) !== manifest.files[path]?.[0]) return undefined;
  if (!(await isThere(folder, runPath(run), manifest.files[runPath(run)]))) return undefined;
  return readDataScript('benchRun', text) as RunDigest;
}

export interface Written {
  readonly written: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** Writes a site file by file, and its manifest last: what an interrupted call leaves is written again by the next. */
export class SiteWriter {
  readonly #folder: string;
  readonly #before: Pick<SiteManifest, 'runs' | 'files'>;
  readonly #files = new Map<string, FileMark>();
  #written = 0;

  constructor(folder: string, before: SiteManifest | undefined) {
    this.#folder = folder;
    this.#before = before ?? EMPTY;
  }

  /** Writes a file, unless it is there already. */
  async write(path: string, content: string): Promise<void> {
    const mark: FileMark = [sha256(content), Buffer.byteLength(content)];
    this.#files.set(path, mark);
    const known = this.#before.files[path];
    if (known?.[0] === mark[0] && (await isThere(this.#folder, path, mark))) return;
    await replaceFile(join(this.#folder, path), content);
    this.#written += 1;
  }

  /** The page and the data of a run. */
  async writeRun(digest: RunDigest, page: string): Promise<void> {
    await this.write(runPath(digest.run), page);
    await this.write(dataPath(digest.run), dataScript('benchRun', digest));
  }

  /** Keeps the files of a run that did not change. */
  keepRun(run: RunId): void {
    for (const path of [runPath(run), dataPath(run)]) {
      const known = this.#before.files[path];
      if (known !== undefined) this.#files.set(path, known);
    }
  }

  /** Removes what the site had and has no more, and writes the manifest. */
  async finish(maker: string, runs: Readonly<Record<RunId, string>>): Promise<Written> {
    const gone = Object.keys(this.#before.files).filter((path) => !this.#files.has(path) && OWN_PATH.test(path));
    for (const path of gone) await rm(join(this.#folder, path), { force: true });
    const manifest: SiteManifest = {
      format: 'bench-site/1',
      maker,
      runs,
      files: Object.fromEntries([...this.#files].sort()),
    };
    await writeReport(join(this.#folder, MANIFEST), `${JSON.stringify(manifest)}\n`);
    return { written: this.#written, unchanged: this.#files.size - this.#written, removed: gone.length };
  }
}

async function isThere(folder: string, path: string, mark: FileMark | undefined): Promise<boolean> {
  const found = await stat(join(folder, path)).catch(() => undefined);
  return mark !== undefined && found?.isFile() === true && found.size === mark[1];
}

/** Whole or not at all, without a flush: thousands of these would take minutes, and sizes are checked the next time. */
async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(temporary, content);
    });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
