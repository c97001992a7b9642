import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount } from '../foreign-size.js';
import { quote } from '../parsing.js';
import { divided, exact } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import type { DdMetric } from './parse.js';
import { readReports } from './report.js';
import { bytesOf, sizes } from './sizes.js';

/** A command of a transcript: after a prompt, or as `sh -x` prints it. */
const COMMAND = /^(?:[+$#%>] ?)*(?:\S*\/)?dd (?=.*\b[io]f=).*$/gm;
/** People write 6 GB as 6000 or 6144 MiB; the rate does not depend on so little. */
const SLACK = 0.1;

/**
 * Pure: outputs of GNU dd that were measured elsewhere, one call a file. dd does not print whether it read or wrote. The
 * command shows it, if it is in the first lines of the file; else the file's name must contain the word `read` or `write`.
 * Throws an `Error` that names the file otherwise, where the command shows that dd did not wait for the disk, and where
 * nothing shows that a read was cold.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<DdMetric>[] {
  return files.map((file) => {
    const [command, second] = file.text.match(COMMAND) ?? [];
    if (second !== undefined) throw new Error(`${file.file}: expected one call of dd, found also ${quote(second)}`);
    const copied = readForeign(file.file, () => readReports(withoutCommands(file)));
    const [copy, another] = copied;
    if (copy === undefined || another !== undefined) {
      const at = another === undefined ? '' : `:${another.at.line}`;
      throw new Error(`${file.file}${at}: expected the report of one call of dd, found ${copied.length}`);
    }
    const metric = command === undefined ? byName(file.file) : byCommand(file.file, operandsOf(command));
    if (metric === 'read') refuseCached(file, command);
    return {
      source: {
        program: 'dd',
        direction: command === undefined ? `${metric}, by the name of the file` : `${metric}: ${quote(command)}`,
      },
      files: [file.file],
      readings: [{ metric, ...divided(exact(copy.bytes), copy.seconds), at: copy.at, tool: 'dd' }],
      contradicts: contradictionsOf(sizes, (size) =>
        otherCount('bytes', bytesOf(size), copy.bytes, SLACK * bytesOf(size)),
      ),
    };
  });
}

/** What drops the page cache, in a transcript before the call. */
const DROP = /^.*\/proc\/sys\/vm\/drop_caches.*$|^.*\bvm\.drop_caches ?=.*$/gm;

const withoutCommands = (file: RawText): RawText => ({
  ...file,
  text: file.text.replace(COMMAND, '').replace(DROP, ''),
});

/** `if`, `of`, `conv` and so on: the last of a name counts, as for dd. */
function operandsOf(command: string): ReadonlyMap<string, string> {
  const words = command.split(/\s+/).flatMap((word) => {
    const [, name, value] = /^([a-z]+)=(.*)$/.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(words);
}

function byCommand(file: string, operands: ReadonlyMap<string, string>): 'read' | 'write' {
  const [from, to] = [operands.get('if'), operands.get('of')];
  if (to === undefined || to === '/dev/null') {
    if (from !== undefined && !DEVICES_OF_NOTHING.has(from)) return 'read';
    throw new Error(`${file}: expected dd to read a file, found if=${from ?? 'nothing'}`);
  }
  const flags = (name: string): string[] => (operands.get(name) ?? '').split(',');
  // conv=sync pads blocks, and does not wait for anything.
  const waits =
    flags('conv').some((flag) => flag === 'fdatasync' || flag === 'fsync') ||
    flags('oflag').some((flag) => flag === 'direct' || flag === 'sync' || flag === 'dsync');
  if (waits) return 'write';
  throw new Error(
    `${file}: of=${quote(to)} without fdatasync, fsync or direct did not wait for the disk: it timed the page cache`,
  );
}

const DEVICES_OF_NOTHING: ReadonlySet<string> = new Set(['/dev/zero', '/dev/random', '/dev/urandom', '/dev/null']);

function byName(file: string): 'read' | 'write' {
  const words = wordsOf(file);
  const named = (['read', 'write'] as const).filter((word) => words.includes(word));
  if (named[0] === undefined || named.length > 1) {
    throw new Error(`${file}: dd does not print whether it read or wrote; name the file read... or write...`);
  }
  return named[0];
}

const wordsOf = (file: string): string[] =>
  file
    .slice(file.lastIndexOf('/') + 1)
    .toLowerCase()
    .split(/[^a-z]+/);

/** The metric is of a cold read: one through the page cache must show that it was empty. */
function refuseCached(file: RawText, command: string | undefined): void {
  const direct = command !== undefined && (operandsOf(command).get('iflag') ?? '').split(',').includes('direct');
  if (direct || file.text.match(DROP) !== null || wordsOf(file.file).includes('cold')) return;
  throw new Error(
    `${file.file}: a read that may have come from the page cache is not cold: expected iflag=direct, drop_caches in the transcript, or the word cold in the name of the file`,
  );
}
