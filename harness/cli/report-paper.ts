import { buildReport, type Report, type RequestedBaseline } from '../../reports/index.js';
import { BenchError } from '../errors.js';
import type { LoadedRun } from '../types.js';
import { loadPublication } from './publication.js';
import { allSuites, allWorkloads } from './registries.js';
import type { Embed } from './embeddings.js';

/** What results can be read of. */
export const benchmarks = { suites: allSuites, workloads: allWorkloads };

/** The publication that the exhibits are of. */
const PAPER = 'soltesz2007';

/** Options of `bench report` that are about runs. */
interface RunOptions {
  readonly publishedOnly?: boolean;
  readonly baseline?: readonly RequestedBaseline[];
  readonly noise?: string;
  readonly rules?: string;
  readonly withEmulated?: boolean;
  readonly redact?: boolean;
  readonly embed?: Embed;
  readonly interactive?: boolean;
}

/** The report of what the paper states: of its own values, without any run of the folder. */
export async function paperAlone({
  exhibit,
}: {
  readonly exhibit: readonly string[];
}): Promise<{ runs: readonly LoadedRun[]; built: Report; redactor: undefined }> {
  const runs = [await loadPublication(PAPER)];
  const chosen = exhibit.length === 0 ? {} : { exhibits: exhibit };
  const built = buildReport(runs, { ...benchmarks, ...chosen, publishedOnly: true });
  return { runs, built, redactor: undefined };
}

/** Throws a `BenchError` of stage `config` where runs, or options that need some, are given with `--published-only`. */
export function checkPublishedOnly(options: RunOptions, names: readonly string[]): void {
  if (options.publishedOnly !== true) return;
  const { baseline = [], noise, rules, withEmulated, redact, embed, interactive } = options;
  const others = Object.entries({
    baseline: baseline.length === 0 ? undefined : baseline,
    noise,
    rules,
    'with-emulated': withEmulated,
    redact,
    embed: embed === 'none' ? undefined : embed,
    interactive,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  const [found] = [...names, ...others];
  if (found === undefined) return;
  const message = '--published-only shows what the paper states, without runs';
  throw new BenchError({ stage: 'config', message, expected: 'neither runs nor options for them', found });
}
