import { Option, type Command } from 'commander';
import { exporters } from '../../../reports/render/index.js';
import type { BundleOptions } from '../bundle.js';
import type { Context } from '../context.js';
import type { ImportOptions } from '../import.js';
import { FIGURE_FORMATS } from '../../../reports/render/figure/formats.js';
import { baselineValue, dotsPerInch, figureFormats, millimetres, positiveInteger, repeated } from '../option-values.js';
import type { ReportOptions } from '../report.js';
import { EMBEDDINGS } from '../embeddings.js';
import type { ShowOptions } from '../show.js';
import type { VerifyOptions } from '../verify.js';
import { addCompare } from './compare.js';
import { addVerb, examples, foreignProfileOption, jsonOption, type Done } from './options.js';
import { addSite } from './site.js';

/** `report`, `compare`, `show`, `import`, `bundle` and `verify`. */
export function addResultVerbs(program: Command, context: Context, done: Done): void {
  addReport(program, context, done);
  addCompare(program, context, done);
  addSite(program, context, done);
  addShow(program, context, done);
  addImport(program, context, done);
  addBundle(program, context, done);
  addVerify(program, context, done);
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
    .option(
      '--baseline <baseline>',
      'Target that others are compared with; TARGET=BASELINE for one target. Can be repeated: a target is then compared with the baseline that has as many CPUs. [default: as the hosts file of the run]',
      baselineValue,
      [],
    )
    .option('--rules <file>', 'JSON list of rules for differences between systems, applied before the built-in ones.')
    .option('--noise <run>', 'Noise run whose floors differences are compared with. [default: the newest that fits]')
    .option('--with-emulated', 'Include emulated machines in exhibits.')
    .option('--published-only', 'Show what the paper states and measure nothing: no run is needed.')
    .option('--redact', 'Replace names of hosts and users, addresses, boot ids and the like.')
    .addOption(
      new Option('--embed <what>', 'Raw files in the page: the lines that numbers were read from, or all.')
        .choices(EMBEDDINGS)
        .default(EMBEDDINGS[0]),
    )
    .option('--out <file>', 'Output file; - is stdout. [default: report.html in the folder of the runs, else stdout]')
    .option('--interactive', 'Add a script to the page: hover, zoom, hide systems. It makes no request.')
    .option('--figures <folder>', 'Also write each figure into files in this folder.')
    .addOption(
      new Option('--figure-format <formats>', 'Formats of these files: svg, png, pdf.')
        .argParser(figureFormats)
        .default(FIGURE_FORMATS, FIGURE_FORMATS.join()),
    )
    .addOption(
      new Option('--width <length>', 'Their width: 84mm, 8.4cm, 3.3in.').argParser(millimetres).default(160, '160mm'),
    )
    .addOption(new Option('--dpi <n>', 'Dots per inch of PNG files.').argParser(dotsPerInch).default(300))
    .addHelpText(
      'after',
      examples(
        'bench report --exhibit table-2 --out table-2.html',
        'bench report --figures figures --figure-format pdf --width 84mm',
      ),
    )
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
  addVerb(
    program,
    'import',
    'Make runs of a bundle, of raw output that was measured elsewhere, or of published values.',
  )
    .argument('[files...]', 'Bundles, or raw output. In a folder: the files HOST.N of an lmbench results tree.')
    .option('--suite <suite>', 'Suite whose tool wrote the files.')
    .option('--target <target>', 'Target that was measured: one of the hosts file, or a new id.')
    .option('--label <text>', 'Name of the target in reports.')
    .option('--platform <platform>', 'Platform of the target, if it is not in the hosts file.')
    .option('--cpus <n>', 'Number of its CPUs, if it is not in the hosts file.', positiveInteger)
    .addOption(foreignProfileOption())
    .option('--hosts <file>', 'Hosts file. [default: hosts.json if it exists]')
    .option(
      '--published <reference>',
      'Import the values of a publication instead of files: soltesz2007, soltesz2006-preprint or felter2015.',
    )
    .addOption(allowedSignersOption())
    .addHelpText(
      'after',
      examples(
        'bench import --suite lmbench --target vserver-up results/x86_64-linux-gnu',
        'bench import --published soltesz2007',
        'bench import table-2.tar.zst',
      ),
    )
    .action(async (files: string[], options: ImportOptions) =>
      done(await (await import('../import.js')).importResults(context, options, files)),
    );
}

const allowedSignersOption = (): Option =>
  new Option('--allowed-signers <file>', 'Accept only a bundle that one of these signers signed. See ssh-keygen(1).');

function addBundle(program: Command, context: Context, done: Done): void {
  addVerb(program, 'bundle', 'Write runs, their report and checksums into one file that others can verify and import.')
    .argument('[runs...]', 'Runs. [default: every run in the folder]')
    .option(
      '--out <file>',
      'Output file: .tar.zst, .tar.gz or .tar. [default: bundle.tar.zst in the folder of the runs]',
    )
    .option('--hosts <file>', 'Hosts file; the part that the runs used is included. [default: hosts.json if it exists]')
    .option('--sign <file>', 'Sign the manifest with this SSH key, by ssh-keygen.')
    .option('--redact', 'Replace names of hosts and users, addresses and the like, except in raw files.')
    .option('--exhibit <exhibit>', 'Show only this table or figure in the report. Can be repeated.', repeated, [])
    .option('--baseline <target>', 'Target that the others are compared with. [default: the baseline of the plan]')
    .option('--noise <run>', 'Noise run whose floors differences are compared with; it is included.')
    .option('--with-emulated', 'Include emulated machines in exhibits.')
    .addHelpText('after', examples('bench bundle latest --sign ~/.ssh/id_ed25519 --out table-2.tar.zst'))
    .action(async (runs: string[], options: BundleOptions) =>
      done(await (await import('../bundle.js')).bundle(context, options, runs)),
    );
}

function addVerify(program: Command, context: Context, done: Done): void {
  addVerb(program, 'verify', 'Check a bundle: signature, checksums, runs, and that its report can be made again.')
    .argument('<file>', 'A bundle.')
    .addOption(allowedSignersOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('bench verify table-2.tar.zst --allowed-signers signers'))
    .action(async (file: string, options: VerifyOptions) =>
      done(await (await import('../verify.js')).verify(context, options, file)),
    );
}
