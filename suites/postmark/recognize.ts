import type { ForeignTrial, Origin, RawText, Reading } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';
import { contradictionsOf, otherCount } from '../foreign-size.js';
import { divided, exact, readQuantity, type Quantity } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import type { PostmarkMetric } from './parse.js';
import { answersOf, readReport } from './report.js';
import { sizes, type Size } from './sizes.js';

/**
 * Pure: outputs of PostMark that were measured elsewhere, verbose or terse, a trial a file. Their times are the tool's own
 * whole seconds, so there is no reading of `transactions`, which needs the wall-clock time.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<PostmarkMetric>[] {
  return files.map((file) => {
    const version = /^PostMark (v\d[\w.]{0,20})/m.exec(file.text)?.[1];
    if (version === undefined)
      throw new Error(`${file.file}: expected the output of PostMark, found no line of its name`);
    const { size, readings } = readForeign(file.file, () => readTerse(file) ?? readVerbose(file));
    return {
      source: { program: 'postmark', version, 'time base': "the tool's own whole seconds" },
      files: [file.file],
      readings,
      contradicts: contradictionsOf(sizes, (wanted) => {
        return (
          otherCount('files created at first', wanted.files, size.files, size.slack) ??
          otherCount('transactions', wanted.transactions, size.transactions, size.slack)
        );
      }),
    };
  });
}

const tool = 'postmark';

/** `slack`: how far its counts may be off that were computed from rounded rates. */
interface Read {
  readonly readings: Reading<PostmarkMetric>[];
  readonly size: Size & { readonly slack: number };
}

function readVerbose(file: RawText): Read {
  const report = readReport(file);
  const { transactionRate, transactionSeconds, seconds, bytesRead, bytesWritten, createdBefore, transactions } = report;
  return {
    size: { files: createdBefore.value, transactions: transactions.value, slack: 0 },
    readings: [
      {
        metric: 'transactions-tool',
        value: transactionRate.value,
        resolution: divided(exact(transactions.value), transactionSeconds).resolution,
        at: transactionRate.at,
        tool,
      },
      ...dataRates(seconds.value, [
        { ...divided(bytesRead, seconds), at: bytesRead.at },
        { ...divided(bytesWritten, seconds), at: bytesWritten.at },
      ]),
    ],
  };
}

/** PostMark prints at least `1 seconds`: of a run that short only a bound of the rate is known. */
function dataRates(
  seconds: number,
  [read, written]: readonly [Quantity & { readonly at: Origin }, Quantity & { readonly at: Origin }],
): Reading<PostmarkMetric>[] {
  const missing = 'PostMark reports 1 s, which it prints for any time below two: expected 2 s or more for a rate';
  return [
    seconds < 2 ? { metric: 'read', missing, at: read.at } : { metric: 'read', ...read, tool },
    seconds < 2 ? { metric: 'write', missing, at: written.at } : { metric: 'write', ...written, tool },
  ];
}

/**
 * The one line of `set report terse`: seconds in total and of transactions; per second: transactions, files created, of
 * these alone and mixed, read, appended, deleted, alone and mixed; bytes read and written. Rates are of the seconds in
 * total, those of transactions and of what is mixed with them of the seconds of transactions.
 */
function readTerse(file: RawText): Read | undefined {
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
  const field = (index: number): Quantity & { readonly at: Origin } => ({
    ...readQuantity(fields[index] ?? '', line.at),
    at: line.at,
  });
  const [seconds, transactionSeconds, rate] = [field(0).value, field(1).value, field(2)];
  const { at } = line;
  return {
    size: {
      files: Math.round(field(3).value * seconds - field(5).value * transactionSeconds),
      transactions: Math.round(rate.value * transactionSeconds),
      slack: Math.ceil(0.01 * (seconds + transactionSeconds)),
    },
    readings: [
      { metric: 'transactions-tool', value: rate.value, resolution: rate.value / transactionSeconds, at, tool },
      ...dataRates(seconds, [
        { ...field(11), resolution: field(11).value / seconds, at },
        { ...field(12), resolution: field(12).value / seconds, at },
      ]),
    ],
  };
}
