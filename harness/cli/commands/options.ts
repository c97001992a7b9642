import { Option, type Command } from 'commander';
import { gateValue, positiveInteger, repeated, secondsValue, seedValue, shareValue } from '../option-values.js';

/** Gets the exit code of a verb when it has run. */
export type Done = (exitCode: number) => void;

/** Adds a verb, with the options that every verb has. */
export function addVerb(parent: Command, name: string, about: string): Command {
  return parent
    .command(name)
    .description(about)
    .option('--runs-dir <folder>', 'Folder of the runs.', 'runs')
    .option('--verbose', 'Print all details, and a stack trace with an error.', false);
}

/** Options of verbs that measure. */
export function addMeasuringOptions(command: Command): Command {
  return command
    .option('--reboot', 'Reboot hosts into the boots that targets name. Without it, such targets are skipped.', false)
    .addOption(breakLockOption())
    .addOption(
      new Option(
        '--progress <kind>',
        'How progress is shown on stderr: auto (a live line on a terminal, else a log), log, or json (one event a line).',
      )
        .choices(['auto', 'log', 'json'])
        .default('auto'),
    )
    .option(
      '--quiet-wait <seconds>',
      'Wait up to this long before a trial until its CPUs are idle. [default: 60; 0 on this machine and in a lab]',
      secondsValue,
    );
}

/** Options that make a plan: targets, benchmarks, number and order of trials, gates. */
export function addPlanOptions(command: Command): Command {
  return addBenchmarkOptions(addTargetOptions(command))
    .option('--trials <n>', 'Number of trials per target and benchmark. [default: set by the profile]', positiveInteger)
    .option(
      '--boots <n>',
      'Spread the trials over this many boots of each host; `run` reboots it with --reboot. [default: no reboot]',
      positiveInteger,
    )
    .option(
      '--ci-width <percent>',
      'Repeat until the 95 % confidence interval of every mean is at most this wide, relative to the mean: 1%.',
      shareValue,
    )
    .option('--min-trials <n>', 'Minimum number of trials with --ci-width. [default: 5]', positiveInteger)
    .option('--max-trials <n>', 'Maximum number of trials with --ci-width. [default: 30]', positiveInteger)
    .addOption(
      new Option(
        '--order <order>',
        'Order of the trials. abba runs two targets as A B B A or B A A B. [default: balanced]',
      ).choices(['balanced', 'abba']),
    )
    .addOption(gateOption())
    .addOption(seedOption())
    .addOption(jsonOption());
}

const SEVERAL_TARGETS = 'A target. Can be repeated. [default: every target of the hosts file]';

/** `--target`, described by `about`, and `--hosts`. */
export function addTargetOptions(command: Command, about = SEVERAL_TARGETS): Command {
  return command.option('--target <target>', about, repeated, []).addOption(hostsOption());
}

/** Which suites and workloads run, and at which sizes. */
export function addBenchmarkOptions(command: Command): Command {
  return command
    .option('--suite <suite>', 'A suite. Can be repeated.', repeated, [])
    .option('--workload <workload>', 'A workload: suites in several guests at once. Can be repeated.', repeated, [])
    .option(
      '--exhibit <exhibit>',
      'A table or figure: the suites and workloads that it shows. Can be repeated.',
      repeated,
      [],
    )
    .addOption(profileOption('quick'));
}

export const hostsOption = (): Option => new Option('--hosts <file>', 'Hosts file.').default('hosts.json');
export const gateOption = (): Option =>
  new Option(
    '--gate <gate=limit>',
    'Void a trial beyond this limit: skew=2ms, foreign-load=3%. See `bench list gates`. Can be repeated.',
  )
    .argParser(gateValue)
    .default({});
export const seedOption = (): Option =>
  new Option(
    '--seed <n>',
    'Seed of the order of the trials; the plan prints it. [default: drawn for each plan]',
  ).argParser(seedValue);
export const jsonOption = (): Option => new Option('--json', 'Print JSON.').default(false);
export const breakLockOption = (): Option =>
  new Option('--break-lock', 'Take over the lock of a host. Use it only if its owner is not running.').default(false);
export const profileOption = (preset: 'quick' | 'paper'): Option =>
  new Option('--profile <profile>', 'Sizes of the benchmarks. Only paper is comparable with published values.')
    .choices(['quick', 'paper'])
    .default(preset);
/** Of an import: without it the outputs state their sizes. */
export const foreignProfileOption = (): Option =>
  new Option(
    '--profile <profile>',
    'Profile whose sizes the output has. What states other sizes is refused. [default: that of the stated sizes]',
  ).choices(['quick', 'paper']);

/** Examples, for the end of a verb's help. */
export function examples(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
