import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { EXIT } from '../errors.js';
import { demoHere, demoInLab, hostsHere, type DemoPlan } from '../lab/demo-plan.js';
import type { CommonOptions, Context } from './context.js';
import { findingsOf } from './demo-findings.js';

export interface DemoOptions extends CommonOptions {
  /** False: measure this machine itself, as where no lab can be made. */
  readonly lab: boolean;
  /** File of the page. */
  readonly out: string;
}

interface Ended {
  readonly status: number;
  readonly stdout: string;
}

/** Runs `bench` with other words as a user would. Its progress goes where that of this process goes. */
type Bench = (words: readonly string[], stdout: 'pipe' | 'inherit') => Ended;

/**
 * `bench demo`: brings up the lab, runs the suites of Table 2 and Figures 5, 6(a) and 6(b) natively and in a container over
 * real SSH, prints these exhibits next to the paper's values, and ends with its main findings in words. The full report is a
 * page that is written each minute or so between trials. Without the lab it measures this machine itself.
 */
export function demo({ printer, process }: Context, { lab, out, runsDir }: DemoOptions): number {
  const bench = benchOf(process);
  const page = resolve(out);
  const line = (text: string): void => printer.line(text);
  const plan = (lab ? labUp(bench, line) : undefined) ?? here(runsDir);
  line(`the report: ${page}, from the second minute on`);
  const run = measure(bench, plan, { runsDir, page });
  if (run.directory === '') return run.status || EXIT.failed;
  const id = relative(runsDir, run.directory);
  const shown = bench(['report', id, '--runs-dir', runsDir, ...exhibitsOf(plan), '--format', 'text'], 'inherit');
  const findings = findingsOf(headlinesOf(bench(jsonOf(id, runsDir), 'pipe')));
  for (const [at, text] of findings.entries()) printer.out(`${at === 0 ? '\n' : ''}${at + 1}. ${text}\n`);
  if (plan.targets.length > 1) line('the lab stays up for the next time; `bench lab down` removes it');
  printer.out(`${page}\n`);
  return run.status || shown.status;
}

/** Undefined where this user cannot make the lab. */
function labUp(bench: Bench, line: (text: string) => void): DemoPlan | undefined {
  if (bench(['lab', 'up'], 'pipe').status === EXIT.done) return demoInLab;
  line('going on without the lab: what needs no second machine is measured natively on this one');
  return undefined;
}

function here(runsDir: string): DemoPlan {
  const hosts = join(runsDir, 'hosts.local.json');
  mkdirSync(runsDir, { recursive: true });
  writeFileSync(hosts, `${JSON.stringify(hostsHere(availableParallelism() > 1 ? 1 : 0), null, 2)}\n`);
  return { ...demoHere, hosts };
}

const exhibitsOf = ({ exhibits }: DemoPlan): readonly string[] => exhibits.flatMap((exhibit) => ['--exhibit', exhibit]);

const jsonOf = (run: string, runsDir: string): readonly string[] => [
  ...['report', run, '--runs-dir', runsDir],
  ...['--format', 'json', '--out', '-'],
];

/** Trials that failed show in the report. `directory` is empty when there is no run to report on. */
function measure(
  bench: Bench,
  plan: DemoPlan,
  { runsDir, page }: { readonly runsDir: string; readonly page: string },
): { readonly status: number; readonly directory: string } {
  const chosen = [...exhibitsOf(plan), ...plan.targets.flatMap((target) => ['--target', target])];
  // An interval takes three trials.
  const options = ['--profile', 'quick', '--trials', '3', '--hosts', plan.hosts, '--runs-dir', runsDir];
  const { status, stdout } = bench(['run', ...chosen, ...options, '--report', page], 'pipe');
  return { status, directory: stdout.trim() };
}

function headlinesOf({ status, stdout }: Ended): readonly string[] {
  if (status !== EXIT.done) return [];
  return z.object({ headlines: z.array(z.string()) }).parse(JSON.parse(stdout)).headlines;
}

/** Each verb in a process of its own, which ends by itself on Ctrl-C, as any other. */
function benchOf({ execPath, argv }: NodeJS.Process): Bench {
  return (words, stdout) => {
    const result = spawnSync(execPath, [argv[1] ?? '', ...words], {
      stdio: ['ignore', stdout, 'inherit'],
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (result.error !== undefined) throw result.error;
    return { status: result.status ?? EXIT.failed, stdout: stdout === 'pipe' ? result.stdout : '' };
  };
}
