import { execute } from '../run/execute.js';
import type { RunEvent } from '../run/session/events.js';
import { checkResumable, loadRun } from '../store/index.js';
import type { Problem, RunId } from '../types.js';
import { BenchError } from '../errors.js';
import { requireReboots } from './require-reboots.js';
import type { Report } from '../../reports/index.js';
import { relativeWidth } from '../../reports/statistics/power.js';
import { sharedWithBench } from '../host/shared-machine.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { INTERRUPTED, watchVerdict } from './exit-code.js';
import { watchInterrupts } from './interrupt.js';
import { describePlan } from './plan.js';
import { makeRequestedPlan, readHosts, type PlanChoice } from './plan-request.js';
import { watchProgress } from './progress.js';
import { findRun } from './runs.js';
import { makeWorld } from './world.js';

export interface RunOptions extends PlanChoice {
  readonly resume?: RunId;
  readonly breakLock: boolean;
  /** In seconds. Default: `QUIET_WAIT_SECONDS`; 0 where the host shares its CPUs with the machine that runs `bench`. */
  readonly quietWait?: number;
  readonly reboot: boolean;
}

const QUIET_WAIT_SECONDS = 60;

/** `bench run`: measures. Progress goes to stderr; stdout gets the directory of the run, or with `--json` a summary. */
export async function run(context: Context, options: RunOptions): Promise<number> {
  const { summary, exitCode } = await measure(context, options);
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
  const { printer, process } = context;
  const { hosts, plan, resume } = await (options.resume === undefined
    ? newRun(context, options)
    : resumedRun(context, options));
  const world = await makeWorld();
  const progress = watchProgress(printer, () => world.now().getTime());
  const verdict = watchVerdict();
  const summary = watchSummary();
  const { signal, stop } = watchInterrupts(process, printer);
  const ticking = setInterval(() => progress.tick(), 1000);
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
        quietWaitSeconds: (host) => options.quietWait ?? (sharedWithBench(host) === 'nothing' ? QUIET_WAIT_SECONDS : 0),
        mayReboot: options.reboot,
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
    clearInterval(ticking);
    printer.live('');
    stop();
  }
  const { run: id } = summary.read();
  if (signal.aborted && id !== undefined) printer.line(`to resume: ${resumeCommand(id, options)}`);
  return { summary: summary.read(), exitCode: signal.aborted ? INTERRUPTED : verdict.exitCode() };
}

type RunRequest = Pick<Parameters<typeof execute>[1], 'hosts' | 'plan' | 'resume'>;

async function newRun({ printer }: Context, options: RunOptions): Promise<RunRequest> {
  const { config, plan, leftOut } = await makeRequestedPlan(options);
  requireReboots(plan, config.hosts, options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  printer.line(describePlan(plan));
  return { hosts: config.hosts, plan };
}

/** Options that change the plan. */
const PLANNING = [
  ...['--profile', '--suite', '--workload', '--target', '--exhibit', '--trials', '--seed', '--gate'],
  ...['--order', '--boots', '--ci-width', '--min-trials', '--max-trials'],
];

/** A resumed run keeps its stored plan: options that change a plan are an error. */
async function resumedRun({ printer, process }: Context, options: RunOptions): Promise<RunRequest> {
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

/** Quoted, so that it can be pasted into a shell. */
function resumeCommand(id: RunId, { hosts, runsDir, reboot }: RunOptions): string {
  const quote = (text: string): string => (/^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
  const where = runsDir === 'runs' ? [] : ['--runs-dir', quote(runsDir)];
  const file = hosts === 'hosts.json' ? [] : ['--hosts', quote(hosts)];
  return ['bench run', '--resume', quote(id), ...file, ...where, ...(reboot ? ['--reboot'] : [])].join(' ');
}
