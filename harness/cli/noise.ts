import { buildReport, renderNoise } from '../../reports/index.js';
import { loadRun } from '../store/index.js';
import type { Context } from './context.js';
import { allSuites, allWorkloads } from './registries.js';
import { resumeCommand } from './run-end.js';
import { measure, printSummary, type RunOptions } from './run.js';

export type NoiseOptions = Omit<RunOptions, 'noise' | 'resume'>;

/** Columns of the table, which goes to stderr. */
const WIDTH = 160;

/**
 * `bench noise`: compares a target with itself, with the harness attached and detached. Stdout is as for `bench run`.
 * The noise floors go to stderr at the end; with `--json` they are part of the summary.
 */
export async function noise(context: Context, options: NoiseOptions): Promise<number> {
  const { summary, exitCode } = await measure(context, { ...options, noise: true });
  if (summary.run === undefined) {
    printSummary(context, options, summary);
    return exitCode;
  }
  if (summary.interrupted) context.printer.line(`to resume: ${resumeCommand(summary.run, options)}`);
  const run = await loadRun(options.runsDir, summary.run);
  const { noise: floors } = buildReport([run], { suites: allSuites, workloads: allWorkloads });
  for (const floor of floors) for (const line of renderNoise(floor, WIDTH).split('\n')) context.printer.line(line);
  printSummary(context, options, { ...summary, noise: floors });
  return exitCode;
}
