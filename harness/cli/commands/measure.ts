import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { NoiseOptions } from '../noise.js';
import { positiveInteger, shareValue } from '../option-values.js';
import type { PlanOptions } from '../plan.js';
import type { RunOptions } from '../run.js';
import {
  addBenchmarkOptions,
  addMeasuringOptions,
  addPlanOptions,
  addTargetOptions,
  addVerb,
  examples,
  gateOption,
  jsonOption,
  seedOption,
  type Done,
} from './options.js';

/** `run`, `plan` and `noise`. */
export function addMeasureVerbs(program: Command, context: Context, done: Done): void {
  addRun(program, context, done);
  addPlan(program, context, done);
  addNoise(program, context, done);
}

function addRun(program: Command, context: Context, done: Done): void {
  const about = 'Measure every benchmark on every target, in a balanced random order. Prints the directory of the run.';
  addMeasuringOptions(addPlanOptions(addVerb(program, 'run', about)))
    .option('--report <file>', 'Write the report of the run while it is measured: .html, .md, .json, .csv or .txt.')
    .option('--resume <run>', 'Resume a run that ended early. Finished trials are not repeated.')
    .addHelpText('after', examples('bench run --suite lmbench --target linux-up --target lxc-up --profile quick'))
    .action(async (options: RunOptions) => done(await (await import('../run.js')).run(context, options)));
}

function addPlan(program: Command, context: Context, done: Done): void {
  addPlanOptions(addVerb(program, 'plan', 'Print the trials of a run in their order. Connects to no host.'))
    .argument('[runs...]', 'With --detect: the runs to estimate the variance from. [default: all]')
    .option(
      '--detect <percent>',
      'Print the number of trials that detects a difference of this size instead: 2%.',
      shareValue,
    )
    .addHelpText(
      'after',
      examples('bench plan --exhibit table-2 --profile paper --trials 5 --json', 'bench plan --detect 2% latest'),
    )
    .action(async (runs: string[], options: PlanOptions) =>
      done(await (await import('../plan.js')).plan(context, options, runs)),
    );
}

function addNoise(program: Command, context: Context, done: Done): void {
  const about = 'Compare one target with itself. Prints the smallest difference that can be detected.';
  const target = 'The target. [default: the only target of the hosts file]';
  addMeasuringOptions(
    addBenchmarkOptions(addTargetOptions(addVerb(program, 'noise', about), target))
      .option(
        '--trials <n>',
        'Number of trials of each arm (a, its repetition b, detached) per benchmark. [default: set by the profile]',
        positiveInteger,
      )
      .addOption(gateOption())
      .addOption(seedOption())
      .addOption(jsonOption()),
  )
    .addHelpText('after', examples('bench noise --target linux-up --suite lmbench --trials 10'))
    .action(async (options: NoiseOptions) => done(await (await import('../noise.js')).noise(context, options)));
}
