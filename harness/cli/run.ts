import { execute } from '../run/execute.js';
import type { RunEvent } from '../run/session/events.js';
import { checkResumable, loadRun } from '../store/index.js';
import type { HostConfig, Problem, RunId } from '../types.js';
import { BenchError } from '../errors.js';
import { requireReboots } from './require-reboots.js';
import type { Report } from '../../reports/index.js';
import { relativeWidth } from '../../reports/statistics/power.js';
import { sharedWithBench } from '../host/shared-machine.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { INTERRUPTED, watchVerdict } from './exit-code.js';
import { watchInterrupts } from './interrupt.js';
import type { Printer } from './printer.js';
import { describePlan } from './plan.js';
import { makeRequestedPlan, readHosts, type PlanChoice } from './plan-request.js';
import { asJsonLines, watchProgress, type ProgressKind } from './progress/index.js';
import { findRun } from './runs.js';
import { makeWorld } from './world.js';

export interface RunOptions extends PlanChoice {
  readonly resume?: RunId;
  readonly breakLock: boolean;
  /** In seconds. Default: `QUIET_WAIT_SECONDS`; 0 where the host shares its CPUs with the machine that runs `bench`. */
  readonly quietWait?: number;
  readonly reboot: boolean;
  readonly verbose: boolean;
  readonly progress?: ProgressKind;
  /** A file that the report of the run is written to after each block. */
  readonly report?: string;
}

const QUIET_WAIT_SECONDS = 60;

/** `bench run`: measures. Progress goes to stderr; stdout gets the directory of the run, or with `--json` a summary. */
export async function run(context: Context, options: RunOptions): Promise<number> {
  const { summary, exitCode } = await measure(context, options);
  const { run: id } = summary;
  if (id !== undefined && options.progress !== 'json') {
    const { printer, process } = context;
    // What makes reports is loaded here and not when a run begins.
    const describe = async (): Promise<void> => {
      const { printEnd } = await import('./run-end.js');
      await printEnd(printer, { ...summary, run: id }, options, process.argv.slice(2));
    };
    // The run is on the disk: that its end cannot be described changes no exit code.
    await describe().catch((error: unknown) => printer.problem(error));
  }
  printSummary(context, options, summary);
  return exitCode;
}

/** Prints the directory of a run, or with `--json` its summary. */
export function printSummary({ printer }: Context, { json }: Pick<RunOptions, 'json'>, summary: Summary): void {
  if (json) printer.out(jsonText(summary));
  else if (summary.directory !== undefined) printer.out(`${summary.directory}\n`);
}

/** Executes a run. Prints the command that resumes it if it is interrupted. */
export async function measure(
  context: Context,
  options: RunOptions,
): Promise<{ readonly summary: Summary; readonly exitCode: number }> {
  const { process } = context;
  const now = (): number => Date.now();
  const printer = options.progress === 'json' ? asJsonLines(context.printer, now) : context.printer;
  const report =
    options.report === undefined
      ? undefined
      : (await import('./running-report.js')).makeRunningReport(printer, now, options.report, options.runsDir);
  const { hosts, plan, resume } = await (options.resume === undefined
    ? newRun(printer, options)
    : resumedRun({ printer, process }, options));
  if (report !== undefined) printer.line(`report, while it is measured: ${report.path}`);
  const world = await makeWorld();
  const progress = watchProgress(context.printer, now, options.progress);
  const verdict = watchVerdict();
  const summary = watchSummary();
  const { signal, stop } = watchInterrupts(process, printer);
  signal.addEventListener('abort', () => progress.show({ kind: 'interrupted' }));
  try {
    await execute(
      world,
      {
        hosts,
        plan,
        runsDir: options.runsDir,
        ...(resume === undefined ? {} : { resume }),
        breakLock: options.breakLock,
        ciWidthOf: relativeWidth,
        quietWaitSeconds: (host) => quietWaitOf(host, options),
        mayReboot: options.reboot,
        ...(report === undefined ? {} : { betweenTrials: report.betweenTrials }),
        signal,
      },
      (event) => {
        progress.show(event);
        verdict.see(event);
        summary.see(event);
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    // An error while the run ends does not change the exit code of an interrupt.
    if (error instanceof BenchError) printer.problem(error);
  } finally {
    progress.stop();
    stop();
  }
  const ended = { ...summary.read(), interrupted: signal.aborted };
  if (report !== undefined && ended.run !== undefined) await report.write(ended.run);
  return { summary: ended, exitCode: signal.aborted ? INTERRUPTED : verdict.exitCode() };
}

function quietWaitOf(host: HostConfig, { quietWait }: RunOptions): number {
  return quietWait ?? (sharedWithBench(host) === 'nothing' ? QUIET_WAIT_SECONDS : 0);
}

type RunRequest = Pick<Parameters<typeof execute>[1], 'hosts' | 'plan' | 'resume'>;

async function newRun(printer: Printer, options: RunOptions): Promise<RunRequest> {
  const { config, plan, leftOut } = await makeRequestedPlan(options);
  requireReboots(plan, config.hosts, options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  const waitOf = (host: HostConfig): number => quietWaitOf(host, options);
  printer.line(describePlan(plan, { hosts: config.hosts, waitOf }));
  return { hosts: config.hosts, plan };
}

/** Options that change the plan. */
const PLANNING = [
  ...['--profile', '--suite', '--workload', '--target', '--exhibit', '--trials', '--seed', '--gate'],
  ...['--order', '--boots', '--ci-width', '--min-trials', '--max-trials'],
];

/** A resumed run keeps its stored plan: options that change a plan are an error. */
async function resumedRun(
  { printer, process }: Pick<Context, 'printer' | 'process'>,
  options: RunOptions,
): Promise<RunRequest> {
  // Read from the command line: an option with a default does not show whether it was given.
  const given = PLANNING.filter((name) => process.argv.some((word) => word === name || word.startsWith(`${name}=`)));
  if (given.length > 0) {
    throw new BenchError({
      stage: 'config',
      message: '--resume uses the stored plan of the run',
      expected: 'no option that changes the plan',
      found: given.join(', '),
    });
  }
  const resume = await findRun(options.runsDir, options.resume ?? '');
  const run = await loadRun(options.runsDir, resume);
  for (const what of checkResumable(run)) printer.line(`run ${resume}: ${what}`, 'bad');
  const { hosts } = await readHosts(options.hosts);
  requireReboots(run.stored.plan, hosts, options);
  return { hosts, plan: run.stored.plan, resume };
}

/** What `--json` prints at the end of a run. `run` is absent if no run was created. */
export interface Summary {
  readonly run?: RunId;
  readonly directory?: string;
  readonly collected: number;
  readonly failed: number;
  readonly voided: number;
  readonly skipped: number;
  readonly interrupted: boolean;
  readonly problems: readonly Problem[];
  /** Only for `bench noise`. */
  readonly noise?: Report['noise'];
}

function watchSummary(): { see(event: RunEvent): void; read(): Summary } {
  let opened: Pick<Summary, 'run' | 'directory'> = {};
  let outcome = { collected: 0, failed: 0, voided: 0, skipped: 0, interrupted: false };
  const problems: Problem[] = [];
  return {
    read: () => ({ ...opened, ...outcome, problems }),
    see(event) {
      if (event.kind === 'opened') opened = { run: event.run, directory: event.directory };
      if (event.kind === 'problem') problems.push(event.problem);
      if (event.kind !== 'closed') return;
      const { collected, failed, voided, skipped, interrupted } = event;
      outcome = { collected, failed, voided, skipped, interrupted };
    },
  };
}
