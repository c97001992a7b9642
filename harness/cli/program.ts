import { Command } from 'commander';
import { addHostVerbs } from './commands/hosts.js';
import { addLabVerbs } from './commands/lab.js';
import { addMeasureVerbs } from './commands/measure.js';
import { examples, type Done } from './commands/options.js';
import { addReferenceVerbs } from './commands/reference.js';
import { addResultVerbs } from './commands/results.js';
import type { Context } from './context.js';
import { helpStyle } from './help.js';
import { EXIT_CODES } from './manual/texts.js';
import { version } from '../version.js';

const ABOUT =
  'Compare native Linux, containers and virtual machines: run benchmark suites over SSH, and report the results next to published ones.';

const exitCodes = `
Exit codes:
${EXIT_CODES.map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}`).join('\n')}`;

/**
 * The command line for commander: texts only. The module of a verb is imported when the verb runs, so that `--help`
 * starts fast. `done` gets the exit code of the verb.
 */
export function makeProgram(context: Context, done: Done): Command {
  const program = new Command('bench');
  program
    .description(ABOUT)
    .version(version(), '--version', 'Print the version.')
    .helpOption('-h, --help', 'Print help.')
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
    .addHelpText('after', `${exitCodes}\n${examples('bench run --suite lmbench --target linux-up --target lxc-up')}`);
  for (const add of [addMeasureVerbs, addHostVerbs, addResultVerbs, addLabVerbs, addReferenceVerbs]) {
    add(program, context, done);
  }
  return program;
}
