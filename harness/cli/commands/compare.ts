import { Option, type Command } from 'commander';
import { comparisonExporters } from '../../../reports/render/comparison/index.js';
import type { CompareOptions } from '../compare/index.js';
import type { Context } from '../context.js';
import { pairValue, repeated } from '../option-values.js';
import { addVerb, examples, type Done } from './options.js';

/** `compare`. */
export function addCompare(program: Command, context: Context, done: Done): void {
  const about = 'Compare two sets of runs metric by metric: two labs, two dates, two kernels.';
  addVerb(program, 'compare', about)
    .argument('[a]', 'Runs of A: ids or folders, several with commas; a publication; latest; @last-7: the last 7.')
    .argument('[b]', 'Runs of B, likewise.')
    .option('--a <run>', 'A further run of A. Can be repeated.', repeated, [])
    .option('--b <run>', 'A further run of B. Can be repeated.', repeated, [])
    .option(
      '--map <target=target>',
      'Compare a target of A with this target of B, whatever they are. Can be repeated.',
      pairValue,
      [],
    )
    .addOption(
      new Option('--format <format>', 'Format of the comparison.')
        .choices(comparisonExporters.map(({ id }) => id))
        .default(comparisonExporters[0].id),
    )
    .addOption(new Option('--json', 'Print JSON, as --format json does.').implies({ format: 'json' }))
    .option('--fail-on <file>', 'JSON file of thresholds. Exit with 1 and a line for each that is exceeded.')
    .option('--rules <file>', 'JSON list of rules for differences between systems, applied before the built-in ones.')
    .option(
      '--noise <run>',
      'Noise run whose floors differences are compared with. Can be repeated. [default: the newest of each host]',
      repeated,
      [],
    )
    .option(
      '--out <file>',
      'Output file; - is stdout. [default: stdout; of html comparison.html in the folder of the runs]',
    )
    .addHelpText(
      'after',
      examples('bench compare @last-7 latest --fail-on limits.json', 'bench compare latest soltesz2007'),
    )
    .action(async (a: string | undefined, b: string | undefined, options: CompareOptions) => {
      const operands = [a, b].filter((name) => name !== undefined);
      done(await (await import('../compare/index.js')).compare(context, options, operands));
    });
}
