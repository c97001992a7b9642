import type { RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';

/** Wall-clock times of PostMark's phases, in seconds. */
export interface Phases {
  readonly transactions: number;
  /** From the creation of the first file to the deletion of the last. */
  readonly all: number;
}

/** PostMark flushes its output when it has printed these: just before a phase, or just after the last. */
const MARKS = {
  begin: 'Creating files...',
  transactionsBegin: 'Performing transactions.',
  transactionsEnd: 'Deleting files...',
  end: 'Deleting files...Done',
} as const;

/**
 * Pure: when output arrived (`stamp SECONDS BYTES`, of `stamp.pl`) beside the output itself. Each instant is late by the
 * time that the reader took to wake up, both ends of a phase alike.
 */
export function readPhases(stdout: RawText, stderr: RawText): Phases {
  const stamps = linesOf(stderr).map(({ text, at }) => {
    const [, seconds, bytes] = /^stamp (\d{1,9}\.\d{6}) (\d{1,9})$/.exec(text) ?? [];
    if (seconds === undefined) throw new ParseError(`PostMark complains: ${quote(text)}`, at);
    return { seconds: Number(seconds), bytes: Number(bytes) };
  });
  if (/[^\0-\x7f]/.test(stdout.text) || (stamps.at(-1)?.bytes ?? 0) !== stdout.text.length) {
    throw new ParseError(
      `${stamps.at(-1)?.bytes ?? 0} bytes of output were seen to arrive, ${stdout.text.length} are there`,
      { file: stderr.file, line: stderr.firstLine },
    );
  }
  const instant = (mark: string): number => {
    const at = stdout.text.indexOf(mark);
    const stamp = at < 0 ? undefined : stamps.find(({ bytes }) => bytes >= at + mark.length);
    if (stamp === undefined || stdout.text.includes(mark, at + 1)) {
      throw new ParseError(`PostMark did not print ${quote(mark)} once`, { file: stdout.file, line: stdout.firstLine });
    }
    return stamp.seconds;
  };
  const transactions = instant(MARKS.transactionsEnd) - instant(MARKS.transactionsBegin);
  const all = instant(MARKS.end) - instant(MARKS.begin);
  if (!(transactions > 0 && all > transactions)) {
    throw new ParseError(`the phases of PostMark could not be separated in time`, {
      file: stderr.file,
      line: stderr.firstLine,
    });
  }
  return { transactions, all };
}
