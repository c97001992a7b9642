import type { ForeignTrial, RawText, Reading } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';
import { divided, readQuantity, type Quantity } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import type { PostmarkMetric } from './parse.js';
import { answersOf, readReport } from './report.js';

/**
 * Pure: outputs of PostMark that were measured elsewhere, verbose or terse, a trial a file. Their times are the tool's own
 * whole seconds, so there is no reading of `transactions`, which needs the wall-clock time.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<PostmarkMetric>[] {
  return files.map((file) => {
    const version = /^PostMark (v\d[\w.]{0,20})/m.exec(file.text)?.[1];
    if (version === undefined)
      throw new Error(`${file.file}: expected the output of PostMark, found no line of its name`);
    return {
      source: { program: 'postmark', version, 'time base': "the tool's own whole seconds" },
      files: [file.file],
      readings: readForeign(file.file, () => readTerse(file) ?? readVerbose(file)),
    };
  });
}

const tool = 'postmark';

function readVerbose(file: RawText): Reading<PostmarkMetric>[] {
  const { transactionRate, seconds, bytesRead, bytesWritten } = readReport(file);
  return [
    { metric: 'transactions-tool', ...transactionRate, tool },
    { metric: 'read', ...divided(bytesRead, seconds), at: bytesRead.at, tool },
    { metric: 'write', ...divided(bytesWritten, seconds), at: bytesWritten.at, tool },
  ];
}

/**
 * The one line of `set report terse`: seconds in total and of transactions; per second: transactions, files created, of
 * these alone and mixed, read, appended, deleted, alone and mixed; bytes read and written.
 */
function readTerse(file: RawText): Reading<PostmarkMetric>[] | undefined {
  const found = answersOf(file).filter(({ text }) => /^\d+ \d+( \S+){5,11} *$/.test(text));
  const [line] = found;
  if (line === undefined) return undefined;
  if (found.length > 1) throw new ParseError('PostMark printed its report more than once', found[1]?.at);
  if (linesOf(file).some(({ text }) => text === 'Time:')) {
    throw new ParseError('PostMark printed two reports, one terse', line.at);
  }
  const fields = line.text.trim().split(' ');
  if (fields.length < 13 || !fields.slice(2).every((field) => /^\d{1,20}\.\d{2}$/.test(field))) {
    throw new ParseError(`expected 13 fields of a terse report, found ${quote(line.text)}: the file was cut`, line.at);
  }
  const field = (index: number): Quantity => readQuantity(fields[index] ?? '', line.at);
  return [
    { metric: 'transactions-tool', ...field(2), at: line.at, tool },
    { metric: 'read', ...field(11), at: line.at, tool },
    { metric: 'write', ...field(12), at: line.at, tool },
  ];
}
