import { Option, type Command } from 'commander';
import { gateValue, positiveInteger, repeated, secondsValue, seedValue, shareValue } from './option-values.js';

/** A verb with what every verb takes. */
export function verb(parent: Command, name: string, about: string): Command {
  return parent
    .command(name)
    .description(about)
    .option('--runs-dir <folder>', 'the folder of the runs', 'runs')
    .option('--verbose', 'say where in the program an error came from', false);
}

/** A verb of a lab. */
export function labVerb(parent: Command, name: string, about: string): Command {
  return verb(parent, name, about).option('--name <name>', 'which lab, when there are several', 'main');
}

/** What a verb takes that measures. */
export function measured(command: Command): Command {
  return command
    .option('--reboot', 'reboot hosts into the systems that targets name; without it such targets are left out', false)
    .addOption(breakLock())
    .option(
      '--quiet-wait <seconds>',
      'how long a trial waits for its CPUs to be idle, 0: not at all (default: 60; in a lab 0)',
      secondsValue,
    );
}

/** What a verb takes that makes a plan. */
export function planned(command: Command): Command {
  return ofSuites(onTargets(command))
    .option('--trials <n>', 'trials per target and suite or workload (default: as the profile says)', positiveInteger)
    .option(
      '--ci-width <share>',
      'repeat until every 95 % interval is at most this wide, relative to its mean: 1%',
      shareValue,
    )
    .option('--min-trials <n>', 'fewest trials with --ci-width (default: 5)', positiveInteger)
    .option('--max-trials <n>', 'most trials with --ci-width (default: 30)', positiveInteger)
    .addOption(
      new Option(
        '--order <order>',
        'abba: two targets as A B B A or B A A B (default: blocks in random order)',
      ).choices(['randomized-blocks', 'abba']),
    )
    .addOption(gates())
    .addOption(seed())
    .addOption(json());
}

/** Which targets. */
export function onTargets(command: Command): Command {
  return command
    .option('--target <id>', 'a target; repeat for more (default: all that this version can start)', repeated, [])
    .addOption(hosts());
}

/** Which suites and workloads, at which sizes. */
export function ofSuites(command: Command): Command {
  return command
    .option('--suite <id>', 'a suite; repeat for more', repeated, [])
    .option('--workload <id>', 'a workload of several guests at once; repeat for more', repeated, [])
    .option('--exhibit <id>', 'the suites and workloads that an exhibit needs; repeat for more', repeated, [])
    .addOption(profile('quick'));
}

export const hosts = (): Option => new Option('--hosts <file>', 'hosts file').default('hosts.json');
export const gates = (): Option =>
  new Option(
    '--gate <id=limit>',
    'void trials beyond this: skew=2ms, foreign-load=3%; `bench list gates`; repeat for more',
  )
    .argParser(gateValue)
    .default({});
export const seed = (): Option =>
  new Option('--seed <n>', 'decides the order of the trials (default: 1)').argParser(seedValue);
export const json = (): Option => new Option('--json', 'print JSON').default(false);
export const breakLock = (): Option =>
  new Option('--break-lock', 'take a host that another bench holds, which is surely gone').default(false);
export const profile = (preset: 'quick' | 'paper'): Option =>
  new Option('--profile <profile>', 'sizes: as in the paper, or quick and not comparable with it')
    .choices(['quick', 'paper'])
    .default(preset);

/** The end of a verb's help. */
export function example(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
