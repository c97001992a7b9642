import type { ForeignTrial, RawText } from '../../harness/types.js';
import { quote } from '../parsing.js';
import { divided, exact } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import type { DdMetric } from './parse.js';
import { readReports } from './report.js';

/** A command of a transcript: after a prompt, or as `sh -x` prints it. */
const COMMAND = /^(?:[+$#%>] ?)*(?:\S*\/)?dd (?=.*\b[io]f=).*$/m;

/**
 * Pure: outputs of GNU dd that were measured elsewhere, one call a file. dd does not print whether it read or wrote. The
 * command shows it, if it is in the first lines of the file; else the file's name must contain `read` or `write`. Throws
 * an `Error` that names the file otherwise, and where the command shows that dd did not wait for the disk.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<DdMetric>[] {
  return files.map((file) => {
    const command = COMMAND.exec(file.text)?.[0];
    const copied = readForeign(file.file, () => readReports(withoutCommand(file)));
    const [copy] = copied;
    if (copy === undefined || copied.length > 1) {
      throw new Error(`${file.file}: expected the report of one call of dd, found ${copied.length}`);
    }
    const metric = command === undefined ? byName(file.file) : byCommand(file.file, command);
    return {
      source: {
        program: 'dd',
        direction: command === undefined ? `${metric}, by the name of the file` : `${metric}: ${quote(command)}`,
      },
      files: [file.file],
      readings: [{ metric, ...divided(exact(copy.bytes), copy.seconds), at: copy.at, tool: 'dd' }],
    };
  });
}

const withoutCommand = (file: RawText): RawText => ({ ...file, text: file.text.replace(COMMAND, '') });

function byCommand(file: string, command: string): 'read' | 'write' {
  const target = /\bof=(\S+)/.exec(command)?.[1];
  if (target === undefined || target === '/dev/null') return 'read';
  if (/\b(?:conv|oflag)=\S*\b(?:fdatasync|fsync|direct|sync|dsync)\b/.test(command)) return 'write';
  throw new Error(`${file}: ${quote(command)} did not wait for the disk: it timed the page cache`);
}

function byName(file: string): 'read' | 'write' {
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  const named = (['read', 'write'] as const).filter((word) => name.includes(word));
  if (named[0] === undefined || named.length > 1) {
    throw new Error(`${file}: dd does not print whether it read or wrote; name the file read... or write...`);
  }
  return named[0];
}
