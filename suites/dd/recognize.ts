import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount, statedSize } from '../foreign-size.js';
import { linesOf, ParseError, quote, type Line } from '../parsing.js';
import { divided, exact } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import type { DdMetric } from './parse.js';
import { readReports } from './report.js';
import { bytesOf, sizes } from './sizes.js';

/** A command of a transcript: after a prompt, perhaps with user and host, or as `sh -x` prints it. */
const COMMAND = /^(?:.{0,80}[#$%>] ?|\+{1,9} )?(?:sudo |time )*(?:\S*\/)?dd (?=.*\b[io]f=)/;
/** What the shell prints of `time dd`, and the prompt after it. */
const AROUND = /^(?:real|user|sys)\s+\d|^.{0,80}[#$] ?$|^(?:.{0,80}[#$] ?)?sync$/;
/** People write 6 GB as 6000 or 6144 MiB; the rate does not depend on so little. */
const SLACK = 0.1;

/**
 * Pure: outputs of GNU dd that were measured elsewhere, one call a file. dd does not print whether it read or wrote. The
 * command shows it, if it is in the file; else the file's name must contain the word `read` or `write`. Throws an `Error`
 * that names file and line otherwise, where the command shows that dd did not wait for the disk, and where nothing shows
 * that a read was cold.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<DdMetric>[] {
  return files.map((file) => readForeign(file, 'dd', () => readFile(file)));
}

function readFile(file: RawText): ForeignTrial<DdMetric> {
  const [command, second] = linesOf(file).filter(({ text }) => COMMAND.test(text));
  if (second !== undefined)
    throw new ParseError(`expected one call of dd, found also ${quote(second.text)}`, second.at);
  const [copy, another] = readReports(withoutCommands(file));
  if (copy === undefined) throw new ParseError('expected the report of one call of dd, found none');
  if (another !== undefined) throw new ParseError('expected the report of one call of dd, found a second', another.at);
  const metric = command === undefined ? byName(file.file) : byCommand(command);
  if (metric === 'read') refuseCached(file, command);
  return {
    source: {
      program: 'dd',
      direction: command === undefined ? `${metric}, by the name of the file` : `${metric}: ${quote(command.text)}`,
    },
    files: [file.file],
    readings: [{ metric, ...divided(exact(copy.bytes), copy.seconds), at: copy.at, tool: 'dd' }],
    contradicts: contradictionsOf(sizes, (size) =>
      otherCount('bytes', bytesOf(size), copy.bytes, SLACK * bytesOf(size)),
    ),
    ...statedSize(`${copy.bytes} bytes`, copy.at),
    ...(command === undefined && metric === 'write' ? waitFindings(file.file) : {}),
  };
}

/** Of a write without its command: the words of the file's name are all that shows what dd waited for. */
function waitFindings(file: string): Pick<ForeignTrial, 'findings'> {
  if (wordsOf(file).some((word) => ['fdatasync', 'fsync', 'direct', 'sync', 'dsync'].includes(word))) return {};
  return {
    findings: [
      {
        check: 'wait for the disk',
        expected: 'conv=fdatasync, conv=fsync or oflag=direct',
        found: 'no command of dd',
        verdict: 'unavailable',
        hint: 'dd may have timed the page cache: keep its command in the file, or the word fdatasync in its name',
      },
    ],
  };
}

/** What drops the page cache, in a transcript before the call. */
const DROP = /\/proc\/sys\/vm\/drop_caches|\bvm\.drop_caches ?=/;

const withoutCommands = (file: RawText): RawText => ({
  ...file,
  text: file.text
    .split('\n')
    .map((text) => ([COMMAND, DROP, AROUND].some((other) => other.test(text.trimEnd())) ? '' : text))
    .join('\n'),
});

/** `if`, `of`, `conv` and so on: the last of a name counts, as for dd. */
function operandsOf(command: string): ReadonlyMap<string, string> {
  const words = command.split(/\s+/).flatMap((word) => {
    const [, name, value] = /^([a-z]+)=(.*)$/.exec(word) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return new Map(words);
}

function byCommand({ text, at }: Line): 'read' | 'write' {
  const operands = operandsOf(text);
  const [from, to] = [operands.get('if'), operands.get('of')];
  if (to === undefined || to === '/dev/null') {
    if (from !== undefined && !DEVICES_OF_NOTHING.has(from)) return 'read';
    throw new ParseError(`expected dd to read a file, found if=${from === undefined ? 'nothing' : quote(from)}`, at);
  }
  const flags = (name: string): string[] => (operands.get(name) ?? '').split(',');
  // conv=sync pads blocks, and does not wait for anything.
  const waits =
    flags('conv').some((flag) => flag === 'fdatasync' || flag === 'fsync') ||
    flags('oflag').some((flag) => flag === 'direct' || flag === 'sync' || flag === 'dsync');
  if (waits) return 'write';
  throw new ParseError(
    `expected conv=fdatasync, conv=fsync or oflag=direct, found of=${quote(to)} without them: dd did not wait for the disk`,
    at,
  );
}

const DEVICES_OF_NOTHING: ReadonlySet<string> = new Set(['/dev/zero', '/dev/random', '/dev/urandom', '/dev/null']);

function byName(file: string): 'read' | 'write' {
  const words = wordsOf(file);
  const named = (['read', 'write'] as const).filter((word) => words.includes(word));
  if (named[0] === undefined || named.length > 1) {
    const found = named.length > 1 ? 'both words' : 'neither';
    throw new ParseError(
      `expected the command of dd, or the word read or write in the name of the file, found ${found}`,
    );
  }
  return named[0];
}

const wordsOf = (file: string): string[] =>
  file
    .slice(file.lastIndexOf('/') + 1)
    .toLowerCase()
    .split(/[^a-z]+/);

/** The metric is of a cold read: one through the page cache must show that it was empty. */
function refuseCached(file: RawText, command: Line | undefined): void {
  const direct = command !== undefined && (operandsOf(command.text).get('iflag') ?? '').split(',').includes('direct');
  if (direct || DROP.test(file.text) || wordsOf(file.file).includes('cold')) return;
  throw new ParseError(
    'expected iflag=direct, drop_caches in the transcript, or the word cold in the name of the file, found none: a read that may have come from the page cache is not cold',
    command?.at,
  );
}
