import { execute } from '../run/execute.js';
import type { RunEvent } from '../run/session/events.js';
import { checkResumable, loadRun } from '../store/index.js';
import type { Problem, RunId } from '../types.js';
import { BenchError } from '../errors.js';
import type { Report } from '../../reports/index.js';
import { relativeWidth } from '../../reports/statistics/power.js';
import { sharedWithBench } from '../host/shared-machine.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { INTERRUPTED, watchVerdict } from './exit-code.js';
import { watchInterrupts } from './interrupt.js';
import { describePlan } from './plan.js';
import { planOf, readHosts, type PlanChoice } from './plan-request.js';
import { watchProgress } from './progress.js';
import { findRun } from './runs.js';
import { makeWorld } from './world.js';

export interface RunOptions extends PlanChoice {
  readonly resume?: RunId;
  readonly breakLock: boolean;
  /** In seconds; default `QUIET_WAIT_SECONDS`, and none on machines that others use anyway. */
  readonly quietWait?: number;
  readonly reboot: boolean;
}

const QUIET_WAIT_SECONDS = 60;

/** `bench run`: measures, telling how it goes on stderr; stdout gets the run's directory, or with `--json` a summary. */
export async function run(context: Context, options: RunOptions): Promise<number> {
  const { summary, exitCode } = await measure(context, options);
  tellSummary(context, options, summary);
  return exitCode;
}

/** Stdout of a run: its directory, or with `--json` what became of it. */
export function tellSummary({ printer }: Context, { json }: Pick<RunOptions, 'json'>, summary: Summary): void {
  if (json) printer.out(jsonText(summary));
  else if (summary.directory !== undefined) printer.out(`${summary.directory}\n`);
}

/** Carries a run out, and says how to go on with one that was interrupted. */
export async function measure(
  context: Context,
  options: RunOptions,
): Promise<{ readonly summary: Summary; readonly exitCode: number }> {
  const { printer, process } = context;
  const { hosts, plan, resume } = await (options.resume === undefined
    ? beginning(context, options)
    : resuming(context, options));
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
        progress.tell(event);
        verdict.see(event);
        summary.see(event);
      },
    );
  } catch (error) {
    if (!signal.aborted) throw error;
    // What stopping a trial interrupted is no failure of its own.
    if (error instanceof BenchError) printer.problem(error);
  } finally {
    clearInterval(ticking);
    printer.live('');
    stop();
  }
  const { run: id } = summary.read();
  if (signal.aborted && id !== undefined) printer.line(`to go on: ${resumeCommand(id, options)}`);
  return { summary: summary.read(), exitCode: signal.aborted ? INTERRUPTED : verdict.exitCode() };
}

type Undertaking = Pick<Parameters<typeof execute>[1], 'hosts' | 'plan' | 'resume'>;

async function beginning({ printer }: Context, options: RunOptions): Promise<Undertaking> {
  const { config, plan, leftOut } = await planOf(options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  printer.line(describePlan(plan));
  return { hosts: config.hosts, plan };
}

/** Options that make a plan. */
const PLANNING = [
  ...['--profile', '--suite', '--workload', '--target', '--exhibit', '--trials', '--seed', '--gate'],
  ...['--order', '--ci-width', '--min-trials', '--max-trials'],
];

/** The stored plan is what counts: options that would change it are refused. */
async function resuming({ printer, process }: Context, options: RunOptions): Promise<Undertaking> {
  // Looked up in what was typed: an option that has a default does not show whether it was given.
  const given = PLANNING.filter((name) => process.argv.some((word) => word === name || word.startsWith(`${name}=`)));
  if (given.length > 0) {
    throw new BenchError({
      stage: 'config',
      message: '--resume goes on with the plan of its run',
      expected: 'no option beside it that makes a plan',
      found: given.join(', '),
    });
  }
  const resume = await findRun(options.runsDir, options.resume ?? '');
  const run = await loadRun(options.runsDir, resume);
  for (const what of checkResumable(run)) printer.line(`run ${resume}: ${what}`, 'bad');
  return { hosts: (await readHosts(options.hosts)).hosts, plan: run.stored.plan, resume };
}

/** What `--json` prints when a run is over; without `run` none was begun. */
export interface Summary {
  readonly run?: RunId;
  readonly directory?: string;
  readonly collected: number;
  readonly failed: number;
  readonly voided: number;
  readonly skipped: number;
  readonly interrupted: boolean;
  readonly problems: readonly Problem[];
  /** Of `bench noise` only. */
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
