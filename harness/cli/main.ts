import { CommanderError } from 'commander';
import { EXIT } from '../errors.js';
import { exitCodeOf } from './exit-code.js';
import { makePrinter } from './printer.js';
import { makeProgram } from './program.js';

/**
 * `bench`: parses the command line, runs the verb, resolves to the exit code. Never rejects: every error is a line on
 * stderr. Loads only commander and texts; the modules of a verb are loaded when it runs.
 */
export async function main(process: NodeJS.Process): Promise<number> {
  const verbose = process.argv.includes('--verbose');
  const color = (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  const printer = makePrinter({ stdout: process.stdout, stderr: process.stderr, verbose, color });
  let exitCode: number = EXIT.done;
  const program = makeProgram({ printer, process }, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(process.argv);
    return exitCode;
  } catch (error) {
    // Commander has printed the error; its only successes are --help and --version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    printer.live('');
    printer.problem(error);
    return exitCodeOf(error);
  }
}
