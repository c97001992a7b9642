import { Option, type Command } from 'commander';
import { exporters } from '../../../reports/render/index.js';
import type { Context } from '../context.js';
import type { ImportOptions } from '../import.js';
import { positiveInteger, repeated } from '../option-values.js';
import type { ReportOptions } from '../report.js';
import type { ShowOptions } from '../show.js';
import { addVerb, examples, jsonOption, profileOption, type Done } from './options.js';

/** `report`, `show` and `import`. */
export function addResultVerbs(program: Command, context: Context, done: Done): void {
  addReport(program, context, done);
  addShow(program, context, done);
  addImport(program, context, done);
}

function addReport(program: Command, context: Context, done: Done): void {
  addVerb(program, 'report', 'Make tables and figures of runs, next to the published values. Prints the path.')
    .argument('[runs...]', 'Runs. [default: every run in the folder]')
    .addOption(
      new Option('--format <format>', 'Format of the report.')
        .choices(exporters.map(({ id }) => id))
        .default(exporters[0].id),
    )
    .addOption(new Option('--json', 'Print JSON, as --format json does.').implies({ format: 'json' }))
    .option('--exhibit <exhibit>', 'Show only this table or figure. Can be repeated.', repeated, [])
    .option('--baseline <target>', 'Target that the others are compared with. [default: the baseline of the plan]')
    .option('--rules <file>', 'JSON list of rules for differences between systems, applied before the built-in ones.')
    .option('--noise <run>', 'Noise run whose floors differences are compared with. [default: the newest that fits]')
    .option('--with-emulated', 'Include emulated machines in exhibits.')
    .option('--redact', 'Replace names of hosts and users, addresses, boot ids and the like.')
    .option('--out <file>', 'Output file; - is stdout. [default: report.html in the folder of the runs, else stdout]')
    .addHelpText('after', examples('bench report --exhibit table-2 --out table-2.html'))
    .action(async (runs: string[], options: ReportOptions) =>
      done(await (await import('../report.js')).report(context, options, runs)),
    );
}

function addShow(program: Command, context: Context, done: Done): void {
  addVerb(program, 'show', 'Show a run, or one of its trials: status, findings, raw output.')
    .argument('<run>', 'A run, or `latest`.')
    .argument('[trial]', 'A trial: t0001, or t0001.2 for its second attempt.')
    .addOption(jsonOption())
    .addHelpText('after', examples('bench show latest t0003'))
    .action(async (run: string, trial: string | undefined, options: ShowOptions) =>
      done(await (await import('../show.js')).show(context, options, run, trial)),
    );
}

function addImport(program: Command, context: Context, done: Done): void {
  addVerb(program, 'import', 'Make a run of raw output that was measured elsewhere, or of published values.')
    .argument('[files...]', 'Raw output. In a folder: the files HOST.N of an lmbench results tree.')
    .option('--suite <suite>', 'Suite whose tool wrote the files.')
    .option('--target <target>', 'Target that was measured: one of the hosts file, or a new id.')
    .option('--label <text>', 'Name of the target in reports.')
    .option('--platform <platform>', 'Platform of the target, if it is not in the hosts file.')
    .option('--cpus <n>', 'Number of its CPUs, if it is not in the hosts file.', positiveInteger)
    .addOption(profileOption('paper'))
    .option('--hosts <file>', 'Hosts file. [default: hosts.json if it exists]')
    .option(
      '--published <reference>',
      'Import the values of a publication instead of files: soltesz2007, soltesz2006-preprint or felter2015.',
    )
    .addHelpText(
      'after',
      examples(
        'bench import --suite lmbench --target vserver-up results/x86_64-linux-gnu',
        'bench import --published soltesz2007',
      ),
    )
    .action(async (files: string[], options: ImportOptions) =>
      done(await (await import('../import.js')).importResults(context, options, files)),
    );
}
