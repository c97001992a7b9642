import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PLATFORM_IDS } from '../config/schema.js';
import { BenchError, EXIT } from '../errors.js';
import { collectFiles } from '../import/foreign-files.js';
import { foreignTarget } from '../import/foreign-target.js';
import { importedRun, measuringFiles } from '../import/imported.js';
import { knownFiles } from '../import/known-files.js';
import { recordRun, type ForeignRun } from '../import/record-run.js';
import type { PlatformId } from '../platforms/index.js';
import type { ProfileId, TargetConfig } from '../types.js';
import type { CommonOptions, Context } from './context.js';
import { importBundle, isBundle } from './import-bundle.js';
import { readHosts } from './plan-request.js';
import { thisOperator } from './operator.js';
import { counted } from '../../reports/narrative/format.js';
import { readPublication } from './publication.js';
import { allSuites, references } from './registries.js';
import { byId, suiteById, unknown } from './select.js';

export interface ImportOptions extends CommonOptions {
  readonly suite?: string;
  readonly target?: string;
  readonly label?: string;
  readonly platform?: string;
  readonly cpus?: number;
  readonly profile?: ProfileId;
  readonly hosts?: string;
  readonly published?: string;
  /** Of a bundle. */
  readonly allowedSigners?: string;
}

/** `bench import`: makes a run of raw output, published values or a bundle, and prints its directory. */
export async function importResults(
  context: Context,
  options: ImportOptions,
  paths: readonly string[],
): Promise<number> {
  const bundles = options.suite === undefined && options.published === undefined ? await bundlesOf(paths) : [];
  if (bundles.length > 0) return importBundles(context, options, paths, bundles);
  const { printer } = context;
  const { who } = await thisOperator();
  const at = new Date();
  const foreign = await (options.published === undefined
    ? fromFiles(context, options, paths, who, at)
    : fromPublication(options, options.published, paths, who, at));
  if (foreign === undefined) return EXIT.done;
  const { run, directory, before } = await recordRun(options.runsDir, foreign, at);
  const trials = counted(foreign.records.length, 'trial');
  printer.line(before ? `run ${run} already has these results` : `run ${run}: imported ${trials}${sizeWords(foreign)}`);
  printer.out(`${directory}\n`);
  return EXIT.done;
}

/** What output of no profile is compared with. */
function sizeWords({ plan: { profile, size } }: ForeignRun): string {
  if (profile !== 'unknown') return ` at the ${profile} profile`;
  return size === undefined
    ? ' of unknown size: they are compared with nothing, unless --profile states their size'
    : `, whose size is that of no profile: they are compared with others of ${size} only`;
}

async function bundlesOf(paths: readonly string[]): Promise<readonly string[]> {
  const bundles: string[] = [];
  for (const path of paths) if (await isBundle(path)) bundles.push(path);
  return bundles;
}

/** One after the other; the first that is refused ends it. */
async function importBundles(
  context: Context,
  options: ImportOptions,
  paths: readonly string[],
  bundles: readonly string[],
): Promise<number> {
  const other = paths.find((path) => !bundles.includes(path));
  if (other !== undefined) {
    const message = 'bundles are imported without other files';
    throw new BenchError({ stage: 'config', message, found: other });
  }
  for (const path of bundles) {
    const code = await importBundle(context, options, path);
    if (code !== EXIT.done) return code;
  }
  return EXIT.done;
}

/** Undefined where all files are in runs already; what is there is printed. */
async function fromFiles(
  { printer }: Context,
  options: ImportOptions,
  paths: readonly string[],
  by: string,
  now: Date,
): Promise<ForeignRun | undefined> {
  const suite = suiteById(options.suite ?? missing('--suite ID'), allSuites);
  const id = options.target ?? missing('--target ID');
  if (paths.length === 0) missing('files or folders with raw output, or --published REFERENCE');
  const { label, cpus, profile, runsDir } = options;
  const configured = await knownTarget(id, options.hosts);
  const platform = options.platform === undefined ? undefined : platformOf(options.platform);
  const target = foreignTarget({
    id,
    ...(configured === undefined ? {} : { known: configured }),
    ...(label === undefined ? {} : { label }),
    ...(platform === undefined ? {} : { platform }),
    ...(cpus === undefined ? {} : { cpus }),
  });
  const files = await collectFiles(paths);
  const measuring = measuringFiles(suite, files);
  const candidates = files.filter(({ name }) => measuring.has(name));
  const known = await knownFiles(runsDir, candidates, { suite: suite.id, target: id });
  const runs = [...new Set(known.map(({ run }) => run))];
  if (known.length > 0 && known.length === candidates.length) {
    for (const run of runs) printer.line(`run ${run} already has these results`);
    printer.out(runs.map((run) => `${join(runsDir, run)}\n`).join(''));
    return undefined;
  }
  for (const { file, run, path } of known)
    printer.line(`${file.path} is ${path} of run ${run}: it is not imported again`);
  const fresh = files.filter((file) => known.every((one) => one.file !== file));
  return importedRun({ suite, target, profile, files: fresh, by, now });
}

async function fromPublication(
  options: ImportOptions,
  reference: string,
  paths: readonly string[],
  by: string,
  now: Date,
): Promise<ForeignRun> {
  if (paths.length > 0 || options.suite !== undefined || options.target !== undefined) {
    byId('reference', reference, references);
    const message = '--published excludes files, --suite and --target';
    throw new BenchError({ stage: 'config', message });
  }
  return readPublication(reference, by, now);
}

/** The target of the hosts file, when it has one; a file that was not named need not be there. */
async function knownTarget(id: string, hosts: string | undefined): Promise<TargetConfig | undefined> {
  if (hosts !== undefined) return (await readHosts(hosts)).targets.get(id);
  const present = await readFile('hosts.json').catch(() => undefined);
  return present === undefined ? undefined : (await readHosts('hosts.json')).targets.get(id);
}

function platformOf(name: string): PlatformId {
  const found = PLATFORM_IDS.find((known) => known === name);
  if (found === undefined) throw unknown('platform', name, PLATFORM_IDS);
  return found;
}

function missing(expected: string): never {
  throw new BenchError({ stage: 'config', message: 'an argument is missing', expected });
}
