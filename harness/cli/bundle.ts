import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeRedactor, type Redactor } from '../../reports/index.js';
import {
  compress,
  compressionOf,
  extract,
  hostsOfRun,
  listFiles,
  MANIFEST,
  MANIFEST_FORMAT,
  manifestText,
  membersOfRun,
  noBundle,
  packArchive,
  sign,
  SIGNATURE,
  type Manifest,
  type Member,
} from '../bundle/index.js';
import { readJsonText } from '../config/json-text.js';
import { EXIT } from '../errors.js';
import { loadPlan, planHash } from '../store/index.js';
import type { Json, LoadedRun } from '../types.js';
import { renderBundled } from './bundle-report.js';
import type { CommonOptions, Context } from './context.js';
import { writeDocument } from './document.js';
import { loadNoiseRun } from './noise-run.js';
import { readHosts } from './plan-request.js';
import { exhibits } from './registries.js';
import { checkBaselines } from './report.js';
import { loadRuns, warnOfDamage } from './runs.js';
import { byId } from './select.js';
import { version } from '../version.js';

export interface BundleOptions extends CommonOptions {
  /** Default: `bundle.tar.zst` in the folder of the runs. */
  readonly out?: string;
  readonly hosts?: string;
  readonly sign?: string;
  readonly redact?: boolean;
  readonly baseline?: string;
  readonly exhibit: readonly string[];
  readonly noise?: string;
  readonly withEmulated?: boolean;
}

/** `bench bundle`: writes runs with their report and checksums into one file, and prints its path. */
export async function bundle({ printer }: Context, options: BundleOptions, names: readonly string[]): Promise<number> {
  const path = resolve(options.out ?? join(options.runsDir, 'bundle.tar.zst'));
  const compression = compressionOf(path);
  for (const id of options.exhibit) byId('exhibit', id, exhibits);
  const warn = (line: string): void => printer.line(line, 'bad');
  const shown = await loadRuns(options.runsDir, names, warn);
  checkBaselines(options.baseline === undefined ? [] : [{ baseline: options.baseline }], shown);
  const noise = options.noise === undefined ? undefined : await loadNoiseRun(options.runsDir, options.noise);
  const runs = noise === undefined ? shown : [...shown.filter(({ id }) => id !== noise.id), noise];
  warnOfDamage(runs, warn);
  const redactor = options.redact === true ? makeRedactor(runs) : undefined;
  const hosts = await hostsFile(options.hosts);
  const members: Member[] = [];
  for (const run of runs) members.push(...(await runMembers(options.runsDir, run, hosts, redactor)));
  if (redactor !== undefined) {
    for (const line of unredacted(members, redactor)) warn(line);
  }
  const about = describe(options, shown, noise, runs);
  const manifest = await complete(about, members);
  const archive = await packArchive(await signed(manifest, members, options.sign));
  await writeDocument('bundle', path, await compress(archive, compression));
  printer.out(`${path}\n`);
  return EXIT.done;
}

/** The content of the hosts file; undefined where none is named and there is no `hosts.json`. */
async function hostsFile(named: string | undefined): Promise<unknown> {
  const path = named ?? 'hosts.json';
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (named === undefined && text === undefined) return undefined;
  // Refuses mistakes, of which a secret is one.
  await readHosts(path);
  const read = readJsonText(text ?? '');
  return read.ok ? read.value : undefined;
}

/** The files of a run, as they are or redacted, with its part of the hosts file. */
async function runMembers(
  runsDir: string,
  run: LoadedRun,
  hosts: unknown,
  redactor: Redactor | undefined,
): Promise<readonly Member[]> {
  const stored = await membersOfRun(runsDir, run.id);
  const hostsPath = `runs/${run.id}/hosts.json`;
  const part = hosts === undefined ? undefined : hostsOfRun(hosts, run.stored.plan);
  const has = stored.some(({ path }) => path === hostsPath);
  const all = has || part === undefined ? stored : [...stored, { path: hostsPath, bytes: Buffer.from(part) }];
  return redactor === undefined ? all : redactedMembers(run, all, redactor);
}

/** Plan, records, journal and hosts without names; raw files are as they were. */
function redactedMembers(run: LoadedRun, members: readonly Member[], redactor: Redactor): readonly Member[] {
  if (run.damage.length > 0) {
    const hint = 'bundle it without --redact';
    throw noBundle(`run ${run.id} is damaged, which a redacted copy would not show`, {
      found: run.damage[0] ?? '',
      hint,
    });
  }
  const { stored, records, journal } = redactor.run(run);
  const plan = { ...stored, hash: planHash(stored.plan) };
  const lines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const contents: Readonly<Record<string, (text: string) => string>> = {
    'plan.json': () => `${JSON.stringify(plan, null, 2)}\n`,
    'records.jsonl': () => lines(records),
    'journal.jsonl': () => lines(journal),
    'hosts.json': (text) => `${JSON.stringify(redactor.hostsFile(JSON.parse(text) as Json), null, 2)}\n`,
  };
  return members.map(({ path, bytes }) => {
    const content = contents[path.split('/').slice(2).join('/')];
    return content === undefined
      ? { path, bytes }
      : { path, bytes: Buffer.from(content(Buffer.from(bytes).toString())) };
  });
}

const NAMED = 5;

/** A line on the raw files that identify something, which `--redact` does not change. */
function unredacted(members: readonly Member[], redactor: Redactor): readonly string[] {
  const raw = members.filter(({ path }) => path.includes('/raw/'));
  const found = raw
    .filter(({ bytes }) => redactor.isRedacted(Buffer.from(bytes).toString('utf8')))
    .map(({ path }) => path);
  if (found.length === 0) return [];
  const named = `${found.slice(0, NAMED).join(', ')}${found.length > NAMED ? ', ...' : ''}`;
  return [
    `${found.length} of ${raw.length} raw files name machines, people or addresses, and are bundled as they are: ${named}`,
  ];
}

type About = Omit<Manifest, 'files' | 'runs'> & { readonly loaded: readonly LoadedRun[] };

function describe(
  options: BundleOptions,
  shown: readonly LoadedRun[],
  noise: LoadedRun | undefined,
  loaded: readonly LoadedRun[],
): About {
  return {
    schema: MANIFEST_FORMAT,
    bench: version(),
    redacted: options.redact ?? false,
    report: {
      runs: shown.map(({ id }) => id),
      noise: noise?.id ?? null,
      baseline: options.baseline ?? null,
      exhibits: options.exhibit.length === 0 ? null : [...options.exhibit],
      withEmulated: options.withEmulated ?? false,
    },
    loaded,
  };
}

/** Adds the report of the members to them, made of what the bundle will have in it, and lists all of them. */
async function complete({ loaded, ...about }: About, members: Member[]): Promise<Manifest> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-bundle-'));
  try {
    await extract(folder, members, false);
    members.push(...(await renderBundled(folder, about)));
    const runs: Manifest['runs'] = [];
    for (const { id } of loaded) runs.push({ id, planHash: (await loadPlan(join(folder, 'runs'), id)).hash });
    return { ...about, runs, files: listFiles(members) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The members in the order of the archive: manifest, its signature, then the files that it lists. */
async function signed(
  manifest: Manifest,
  members: readonly Member[],
  key: string | undefined,
): Promise<readonly Member[]> {
  const bytes = Buffer.from(manifestText(manifest));
  const byPath = new Map(members.map((member) => [member.path, member]));
  return [
    { path: MANIFEST, bytes },
    ...(key === undefined ? [] : [{ path: SIGNATURE, bytes: await sign(bytes, key) }]),
    ...manifest.files.flatMap(({ path }) => byPath.get(path) ?? []),
  ];
}
