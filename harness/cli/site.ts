import { relative, resolve, sep } from 'node:path';
import {
  buildReport,
  digestOf,
  findSite,
  loadAssets,
  loadSiteAssets,
  readDigest,
  renderHtml,
  sitePages,
  SiteWriter,
  type Assets,
  type RunDigest,
  type SiteManifest,
} from '../../reports/index.js';
import { BenchError, EXIT, foundInstead } from '../errors.js';
import { fingerprintRun, listRuns, loadRun } from '../store/index.js';
import type { LoadedRun, RunId } from '../types.js';
import type { CommonOptions, Context } from './context.js';
import type { Printer } from './printer.js';
import { allSuites, allWorkloads } from './registries.js';
import { reportCommand } from './report-page.js';
import { findRun, warnOfDamage } from './runs.js';
import { version } from '../version.js';

export interface SiteOptions extends CommonOptions {
  /** Default: every run in the folder. */
  readonly runs: readonly string[];
}

/**
 * `bench site`: writes a static site of runs into a folder. Runs that the site has already, and pages that would be the same,
 * are not touched. Prints the path of its front page.
 */
export async function site({ printer }: Context, options: SiteOptions, given: string): Promise<number> {
  const folder = resolve(given);
  const { runsDir } = options;
  const ids = options.runs.length === 0 ? await listRuns(runsDir) : await namedRuns(runsDir, options.runs);
  if (ids.length === 0) throw noRuns(runsDir);
  try {
    const assets = await loadAssets();
    const shared = await loadSiteAssets(assets);
    const maker = `bench ${version()} ${shared.hash}`;
    const before = await siteBefore(folder, maker, printer);
    const writer = new SiteWriter(folder, before);
    const makeRun = runMaker(folder, runsDir, assets);
    const inputs: Record<RunId, string> = {};
    const digests: RunDigest[] = [];
    let made = 0;
    for (const id of ids) {
      const input = await fingerprintRun(runsDir, id);
      const known = before?.runs[id] === input ? await readDigest(folder, before, id) : undefined;
      if (known === undefined && before?.runs[id] === input)
        printer.line(`run ${id}: its files in the site are damaged: made again`, 'bad');
      if (known === undefined) {
        const loaded = await loadRun(runsDir, id).catch((error: unknown) => skipped(error, options, printer));
        if (loaded === undefined) continue;
        warnOfDamage([loaded], (line) => printer.line(line, 'bad'));
        const { digest, page } = makeRun(loaded);
        await writer.writeRun(digest, page);
        digests.push(digest);
        made += 1;
      } else {
        writer.keepRun(id);
        digests.push(known);
      }
      inputs[id] = input;
    }
    for (const [path, content] of [...shared.files, ...sitePages(digests, shared.terms)])
      await writer.write(path, content);
    const { written, unchanged, removed } = await writer.finish(maker, inputs);
    printer.line(
      `${digests.length} runs, ${made} of them new or changed; ${written} files written, ${unchanged} unchanged, ${removed} removed`,
    );
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw new BenchError(
      { stage: 'config', message: `cannot write the site to ${folder}`, found: foundInstead(error) },
      { cause: error },
    );
  }
  printer.out(`${resolve(folder, 'index.html')}\n`);
  return EXIT.done;
}

/** The report of one run as a page of the site, and its digest. */
function runMaker(
  folder: string,
  runsDir: string,
  assets: Assets,
): (run: LoadedRun) => { digest: RunDigest; page: string } {
  const linkBase = relative(resolve(folder, 'runs'), resolve(runsDir)).split(sep).map(encodeURIComponent).join('/');
  return (run) => {
    const report = buildReport([run], { suites: allSuites, workloads: allWorkloads });
    const page = renderHtml(report, assets, {
      ...{ linkBase, version: version(), shared: { stylesheet: '../assets/site.css', home: '../index.html' } },
      command: reportCommand({ format: 'html', exhibit: [], baseline: [] }, [run]),
    });
    const noise = run.stored.plan.noise === true;
    return { digest: digestOf(report, { noise, bytes: Buffer.byteLength(page) }), page };
  };
}

/** The manifest of the site that is there, if it can be continued. */
async function siteBefore(folder: string, maker: string, printer: Printer): Promise<SiteManifest | undefined> {
  const found = await findSite(folder);
  switch (found.state) {
    case 'absent':
      return undefined;
    case 'damaged':
      printer.line(`manifest.json of the site is damaged (${found.why}): everything is made again`, 'bad');
      return undefined;
    case 'foreign': {
      const hint = 'choose an empty folder, or the folder of a site';
      throw new BenchError({ stage: 'config', message: `${folder} is no site`, found: found.why, hint });
    }
    case 'intact':
      if (found.manifest.maker === maker) return found.manifest;
      printer.line('another version of bench made the site: everything is made again');
      // Its files are known all the same, so that those that are not written again are removed.
      return { ...found.manifest, runs: {} };
  }
}

/** As `bench report` does: a named run must be readable, one of many is skipped. */
function skipped(error: unknown, { runs }: SiteOptions, printer: Printer): undefined {
  if (!(error instanceof BenchError) || runs.length > 0) throw error;
  printer.line(`${error.problem.message}: skipped`, 'bad');
}

async function namedRuns(runsDir: string, names: readonly string[]): Promise<readonly RunId[]> {
  const ids: RunId[] = [];
  for (const name of names) ids.push(await findRun(runsDir, name));
  return [...new Set(ids)];
}

function noRuns(runsDir: string): BenchError {
  const hint = '`bench run` makes one; `bench import` imports existing results';
  return new BenchError({ stage: 'config', message: `there are no runs in ${runsDir}`, hint });
}
