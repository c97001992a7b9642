import type { ForeignTrial, Origin, RawText, Reading } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';
import { contradictionsOf, otherCount, statedSize } from '../foreign-size.js';
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
    const { size, readings } = readForeign(file, 'PostMark', () => {
      if (version !== undefined) return readTerse(file) ?? readVerbose(file);
      throw new ParseError('expected the output of PostMark, found no line of its name');
    });
    const { files: count, transactions, slack, meanBytes, at } = size;
    return {
      source: { program: 'postmark', version: version ?? 'unknown', 'time base': "the tool's own whole seconds" },
      files: [file.file],
      readings,
      contradicts: contradictionsOf(
        sizes,
        (wanted) =>
          otherCount('files created at first', wanted.files, count, slack) ??
          otherCount('transactions', wanted.transactions, transactions, slack) ??
          otherFiles(meanBytes),
      ),
      ...statedSize(`${count} files, ${transactions} transactions, files of ${inKilobytes(meanBytes)} kB`, at),
    };
  });
}

const tool = 'postmark';

/**
 * `slack`: how far its counts may be off that were computed from rounded rates. `meanBytes`: of the files read, each of
 * which is read whole; undefined where none was.
 */
interface Read {
  readonly readings: Reading<PostmarkMetric>[];
  readonly size: Size & { readonly slack: number; readonly meanBytes: number | undefined; readonly at: Origin };
}

/** PostMark makes files of 500 to 10,000 bytes unless it is told otherwise, and appends to them up to the larger number. */
const FILE_BYTES = { mean: 5250, max: 10_000 } as const;

function otherFiles(meanBytes: number | undefined): string | undefined {
  if (meanBytes === undefined || (meanBytes >= 0.9 * FILE_BYTES.mean && meanBytes <= FILE_BYTES.max)) return undefined;
  return `expected files of 500 to 10000 bytes, found ${Math.round(meanBytes)} bytes read of each`;
}

const inKilobytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'unknown' : (bytes / 1000).toFixed(0);

function readVerbose(file: RawText): Read {
  const report = readReport(file);
  const {
    transactionRate,
    transactionSeconds,
    seconds,
    bytesRead,
    bytesWritten,
    createdBefore,
    transactions,
    filesRead,
  } = report;
  return {
    size: {
      files: createdBefore.value,
      transactions: transactions.value,
      slack: 0,
      meanBytes: filesRead === undefined ? undefined : bytesRead.value / filesRead,
      at: createdBefore.at,
    },
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
  if (found.length > 1) throw new ParseError('expected one report of PostMark, found a second', found[1]?.at);
  if (linesOf(file).some(({ text }) => text === 'Time:')) {
    throw new ParseError('expected one report of PostMark, found two, one terse', line.at);
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
      meanBytes: (field(11).value * seconds) / (field(6).value * transactionSeconds),
      at,
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
