import { join } from 'node:path';
import { buildReport, loadAssets, makeRedactor } from '../../reports/index.js';
import type { Manifest, Member } from '../bundle/index.js';
import { loadRun } from '../store/index.js';
import { allSuites, allWorkloads, exporters } from './registries.js';
import { byId } from './select.js';
import { shellWords } from './shell-words.js';
import { version } from '../version.js';

/** The reports in a bundle, whose links lead to the runs beside them. */
const FORMATS = ['html', 'json'] as const;

/**
 * The reports of a bundle, of its runs below `folder`: the same runs and options give the same bytes. Rejects when a run
 * cannot be read, or an option names something unknown.
 */
export async function renderBundled(
  folder: string,
  { report: options, redacted }: Pick<Manifest, 'report' | 'redacted'>,
): Promise<readonly Member[]> {
  const runsDir = join(folder, 'runs');
  const runs = [];
  for (const id of options.runs) runs.push(await loadRun(runsDir, id));
  const noise = options.noise === null ? undefined : await loadRun(runsDir, options.noise);
  const built = buildReport(runs, {
    suites: allSuites,
    workloads: allWorkloads,
    withEmulated: options.withEmulated,
    ...(options.exhibits === null ? {} : { exhibits: options.exhibits }),
    ...(options.baseline === null ? {} : { baselines: [{ baseline: options.baseline }] }),
    ...(noise === undefined ? {} : { noise: { run: noise, how: 'requested' as const } }),
  });
  // The runs are redacted already; the report may quote raw files, which are not.
  const document = redacted ? makeRedactor(noise === undefined ? runs : [...runs, noise]).report(built) : built;
  const members: Member[] = [];
  for (const format of FORMATS) {
    const exporter = byId('format', format, exporters);
    const text = await exporter.render(document, {
      ...{ version: version(), command: commandOf(options, redacted) },
      ...{ assets: loadAssets, linkBase: 'runs', width: 120 },
    });
    members.push({ path: `report.${exporter.extension}`, bytes: Buffer.from(text) });
  }
  return members;
}

function commandOf({ runs, exhibits, baseline, noise, withEmulated }: Manifest['report'], redacted: boolean): string {
  return shellWords([
    ...['bench', 'bundle', ...runs],
    ...(exhibits ?? []).flatMap((id) => ['--exhibit', id]),
    ...(baseline === null ? [] : ['--baseline', baseline]),
    ...(noise === null ? [] : ['--noise', noise]),
    ...(withEmulated ? ['--with-emulated'] : []),
    ...(redacted ? ['--redact'] : []),
  ]);
}
