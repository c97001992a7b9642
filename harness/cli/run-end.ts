import { buildReport, renderBrief } from '../../reports/index.js';
import { loadRun } from '../store/index.js';
import type { LoadedRun, Problem, RunId } from '../types.js';
import { describeCauses } from './ending.js';
import type { Printer } from './printer.js';
import { allSuites, allWorkloads } from './registries.js';
import { shellWords } from './shell-words.js';

/** Options of a run that matter to the commands that follow it. */
export interface FollowedRun {
  readonly hosts: string;
  readonly runsDir: string;
  readonly reboot: boolean;
  readonly quietWait?: number;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly progress?: string;
  readonly report?: string;
}

/** How a run ended, as far as its end is described by it. */
export interface Ended {
  readonly run: RunId;
  readonly interrupted: boolean;
  readonly collected: number;
  readonly skipped: number;
  readonly problems: readonly Problem[];
}

/** The width of tables in a log. */
const LOG_WIDTH = 120;

/** Prints what was measured, why the rest was not, and the command to go on with. */
export async function printEnd(
  printer: Printer,
  ended: Ended,
  options: FollowedRun,
  argv: readonly string[],
): Promise<void> {
  const run = await loadRun(options.runsDir, ended.run);
  const width = printer.watched ? printer.columns() : LOG_WIDTH;
  if (ended.collected > 0) for (const line of tableOf(run, width)) printer.line(line);
  for (const line of describeCauses(run, ended.problems)) printer.line(line, 'bad');
  printer.line(nextCommand(ended, options, argv));
}

function tableOf(run: LoadedRun, width: number): readonly string[] {
  const report = buildReport([run], { suites: allSuites, workloads: allWorkloads });
  return ['', ...renderBrief(report, width).split('\n')];
}

/** `argv`: the words of this command line after `bench`. Pure. */
export function nextCommand(ended: Ended, options: FollowedRun, argv: readonly string[]): string {
  const { run, interrupted, skipped, collected } = ended;
  if (interrupted) return `to resume: ${resumeCommand(run, options)}`;
  if (skipped > 0) return `next, once that is mended: ${resumeCommand(run, options)}`;
  if (collected === 0) return `next, once that is mended: ${againCommand(argv)}`;
  const where = options.runsDir === 'runs' ? [] : ['--runs-dir', options.runsDir];
  return `next: ${shellWords(['bench', 'report', run, ...where])}`;
}

/** Trials that stayed void are not repeated by a resumed run. */
function againCommand(argv: readonly string[]): string {
  const resumed = argv.some((word) => word === '--resume' || word.startsWith('--resume='));
  return resumed ? 'a new `bench run` with the options of the first one' : shellWords(['bench', ...argv]);
}

/** Has the options that a resumed run takes, except `--break-lock`, which is for one moment. Pure. */
export function resumeCommand(id: RunId, options: FollowedRun): string {
  const { hosts, runsDir, reboot, quietWait, json, verbose, progress = 'auto', report } = options;
  const option = (name: string, value: string | undefined, preset?: string): string[] =>
    value === undefined || value === preset ? [] : [name, value];
  return shellWords([
    ...['bench', 'run', '--resume', id],
    ...option('--hosts', hosts, 'hosts.json'),
    ...option('--runs-dir', runsDir, 'runs'),
    ...option('--quiet-wait', quietWait?.toString()),
    ...option('--report', report),
    ...option('--progress', progress, 'auto'),
    ...(reboot ? ['--reboot'] : []),
    ...(json ? ['--json'] : []),
    ...(verbose ? ['--verbose'] : []),
  ]);
}
