import { Command, Option } from 'commander';
import type { Context } from './context.js';
import { helpStyle } from './help.js';
import { positiveInteger, repeated, shareValue } from './option-values.js';
import {
  breakLock,
  example,
  gates,
  hosts,
  json,
  labVerb,
  measured,
  ofSuites,
  onTargets,
  planned,
  profile,
  seed,
  verb,
} from './verb.js';
import { version } from './version.js';
import type { BootOptions } from './boot.js';
import type { CheckOptions } from './check.js';
import type { ImportOptions } from './import.js';
import type { LabOptions } from './lab.js';
import type { ListOptions } from './list.js';
import type { NoiseOptions } from './noise.js';
import type { PlanOptions } from './plan.js';
import type { PrepareOptions } from './prepare.js';
import type { ReportOptions } from './report.js';
import type { RestoreOptions } from './restore.js';
import type { RunOptions } from './run.js';
import type { ShowOptions } from './show.js';

const ABOUT =
  'Compares virtualization systems: runs benchmark suites over SSH and sets the results beside published ones.';

const EXIT_CODES = `
Exit codes:
  0    done
  1    measured, but something failed or a gate said no
  2    usage or configuration
  3    a host could not be reached or prepared
  130  interrupted; the run can be resumed`;

type Done = (exitCode: number) => void;

/**
 * The command line as commander has it: texts only. The module of a verb is imported when the verb runs, so that
 * `--help` is there almost as soon as Node is. `done` gets the verb's exit code.
 */
export function makeProgram(context: Context, done: Done): Command {
  const program = new Command('bench');
  program
    .description(ABOUT)
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand(false)
    .exitOverride()
    .configureHelp(helpStyle)
    .configureOutput({
      writeOut: (text) => context.printer.out(text),
      writeErr: (text) => context.printer.line(text.trimEnd()),
      outputError: (text) =>
        context.printer.problem(
          text
            .trim()
            .replace(/^error: /, '')
            .replaceAll('\n', ' '),
        ),
    })
    .addHelpText('after', `${EXIT_CODES}\n${example('bench run --suite lmbench --target linux-up --target lxc-up')}`);
  addMeasuring(program, context, done);
  addBoot(program, context, done);
  addReading(program, context, done);
  addLab(program, context, done);
  return program;
}

function addMeasuring(program: Command, context: Context, done: Done): void {
  measured(
    planned(
      verb(program, 'run', 'measure every suite on every target, in random order; prints the directory of the run'),
    ).option('--resume <run>', 'go on with a run that ended early: what is finished is not repeated'),
  )
    .addHelpText('after', example('bench run --suite lmbench --target linux-up --target lxc-up --profile quick'))
    .action(async (options: RunOptions) => done(await (await import('./run.js')).run(context, options)));
  planned(verb(program, 'plan', 'print what `run` would do, in its order, without touching any host'))
    .argument('[runs...]', 'with --detect: runs to judge by (default: every run in the folder)')
    .option('--detect <share>', 'say instead how many trials would show such a difference: 2%', shareValue)
    .addHelpText(
      'after',
      example('bench plan --exhibit table-2 --profile paper --trials 5 --json', 'bench plan --detect 2% latest'),
    )
    .action(async (runs: string[], options: PlanOptions) =>
      done(await (await import('./plan.js')).plan(context, options, runs)),
    );
  measured(
    ofSuites(onTargets(verb(program, 'noise', 'measure one target against itself: what differences can be resolved')))
      .option('--trials <n>', 'trials per arm and suite or workload (default: as the profile says)', positiveInteger)
      .addOption(gates())
      .addOption(seed())
      .addOption(json()),
  )
    .addHelpText('after', example('bench noise --target linux-up --suite lmbench --trials 10'))
    .action(async (options: NoiseOptions) => done(await (await import('./noise.js')).noise(context, options)));
  onTargets(verb(program, 'check', 'look at hosts, and whether their targets can run there; changes nothing'))
    .addOption(json())
    .addHelpText('after', example('bench check --target lxc-up'))
    .action(async (options: CheckOptions) => done(await (await import('./check.js')).check(context, options)));
  ofSuites(onTargets(verb(program, 'prepare', 'install what targets lack, and start each of them once')))
    .addOption(breakLock())
    .addHelpText('after', example('bench prepare --suite lmbench --target lxc-up'))
    .action(async (options: PrepareOptions) => done(await (await import('./prepare.js')).prepare(context, options)));
  verb(program, 'restore', 'put back the settings of hosts that a run which is gone has left changed')
    .option('--host <id>', 'a host; repeat for more (default: all of the hosts file)', repeated, [])
    .option('--target <id>', 'the host of a target; repeat for more', repeated, [])
    .addOption(hosts())
    .addOption(breakLock())
    .addOption(json())
    .addHelpText('after', example('bench restore --host alpha'))
    .action(async (options: RestoreOptions) => done(await (await import('./restore.js')).restore(context, options)));
}

function addBoot(program: Command, context: Context, done: Done): void {
  verb(program, 'boot', 'reboot the hosts of targets into the systems that these name, and prove that they are in them')
    .option('--target <id>', 'a target with a "boot"; repeat for more', repeated, [])
    .addOption(hosts())
    .addOption(breakLock())
    .addHelpText('after', example('bench boot --target xen3-up --hosts hosts.lab.json'))
    .action(async (options: BootOptions) => done(await (await import('./boot.js')).boot(context, options)));
}

function addReading(program: Command, context: Context, done: Done): void {
  verb(program, 'report', 'tables and figures of runs, beside the published values; prints the path of an HTML report')
    .argument('[runs...]', 'runs (default: every run in the folder)')
    .addOption(
      new Option('--format <format>', 'form of the report')
        .choices(['html', 'md', 'csv', 'json', 'text'])
        .default('html'),
    )
    .option('--exhibit <id>', 'only this exhibit; repeat for more', repeated, [])
    .option('--baseline <target>', 'the target that others are compared with (default: as planned)')
    .option('--rules <file>', 'what differences between systems mean, before the built-in rules: a JSON list')
    .option('--noise <run>', 'the noise run whose floors differences are held against (default: the newest that fits)')
    .option('--with-emulated', 'show emulated machines beside real ones, which exhibits leave out')
    .option('--out <file>', 'write here; - is stdout (default: report.html in the folder of the runs, else stdout)')
    .addHelpText('after', example('bench report --exhibit table-2 --out table-2.html'))
    .action(async (runs: string[], options: ReportOptions) =>
      done(await (await import('./report.js')).report(context, options, runs)),
    );
  verb(program, 'show', 'what a run did, or one of its trials: status, findings, raw output')
    .argument('<run>', 'a run, or `latest`')
    .argument('[trial]', 'a trial of it: t0001, or t0001.2 for its second attempt')
    .addOption(json())
    .addHelpText('after', example('bench show latest t0003'))
    .action(async (run: string, trial: string | undefined, options: ShowOptions) =>
      done(await (await import('./show.js')).show(context, options, run, trial)),
    );
  verb(program, 'import', 'make a run of raw output that was measured elsewhere, or of published values')
    .argument('[files...]', 'raw output; in a folder, the files HOST.N of an lmbench results tree')
    .option('--suite <id>', 'the suite whose tool wrote the files')
    .option('--target <id>', 'the target that was measured: one of the hosts file, or any id')
    .option('--label <text>', 'how reports call it')
    .option('--platform <id>', 'how its guests were made, when the hosts file does not say')
    .option('--cpus <n>', 'how many CPUs it had, when the hosts file does not say', positiveInteger)
    .addOption(profile('paper'))
    .option('--hosts <file>', 'hosts file (default: hosts.json where there is one)')
    .option('--published <reference>', 'values of a publication instead of files, for example soltesz2007')
    .addHelpText(
      'after',
      example(
        'bench import --suite lmbench --target vserver-up results/x86_64-linux-gnu',
        'bench import --published soltesz2007',
      ),
    )
    .action(async (files: string[], options: ImportOptions) =>
      done(await (await import('./import.js')).importResults(context, options, files)),
    );
}

function addLab(program: Command, context: Context, done: Done): void {
  const lab = program
    .command('lab')
    .description('hosts on this machine, for a first try and for tests')
    .addHelpText('after', example('bench lab up'));
  const act = (action: 'up' | 'down' | 'status') => async (options: LabOptions) => {
    done(await (await import('./lab.js')).lab(context, options, action));
  };
  labVerb(lab, 'up', 'make hosts, start them, and write hosts.lab.json; changes nothing when all is there')
    .option('--host <id>', 'a host to make; repeat for more (default: alpha and peer)', repeated, [])
    .option('--directory <folder>', 'where hosts.lab.json is written', '.')
    .option(
      '--with <names>',
      'add to it: docker, podman, nspawn, runc, xen, kvm, with commas between (xen and kvm: an emulated machine)',
      repeated,
      [],
    )
    .addHelpText('after', example('bench lab up && bench run --hosts hosts.lab.json --exhibit table-2'))
    .action(act('up'));
  labVerb(lab, 'down', 'remove everything that the lab made, also after a crash')
    .option('--purge', 'the cache of root file systems, too')
    .addHelpText('after', example('bench lab down'))
    .action(act('down'));
  labVerb(lab, 'status', 'what there is of the lab')
    .addOption(json())
    .addHelpText('after', example('bench lab status --json'))
    .action(act('status'));
  verb(program, 'list', 'what there is to choose from')
    .argument('<what>', 'suites, workloads, targets, platforms, exhibits or gates')
    .addOption(hosts())
    .addOption(json())
    .addHelpText('after', example('bench list targets --hosts hosts.lab.json'))
    .action(async (what: string, options: ListOptions) =>
      done(await (await import('./list.js')).list(context, options, what)),
    );
  verb(program, 'schema', 'print the JSON Schema of hosts files, or of reports')
    .argument('[what]', 'hosts or report', 'hosts')
    .addHelpText('after', example('bench schema report'))
    .action(async (what: string) => done(await (await import('./schema.js')).schema(context, what)));
}
