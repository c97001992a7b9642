import type { ForeignTrial, Metric, Origin, ProfileId, RawText, RawTrial, Reading } from '../../harness/types.js';
import { linesOf, ParseError, quote, type Line } from '../parsing.js';
import { refuseContradiction, type Slack } from '../agreement.js';
import { clocked, divided, exact, readQuantity, type Quantity } from '../quantity.js';
import { contradictionsOf, otherCount, statedSize } from '../foreign-size.js';
import { endedWell, readForeign, readingsOr } from '../trial-steps.js';

export const metrics = {
  events: { label: 'CPU events', unit: '1/s', better: 'higher' },
  'events-wall-clock': { label: 'CPU events, by the time of the whole program', unit: '1/s', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type CpuMetric = keyof typeof metrics;
const names = Object.keys(metrics) as CpuMetric[];

/** An event finds the primes up to this number by trial division: it uses registers and hardly any memory. */
export const PRIME_LIMIT = 20_000;

/** The report of `sysbench cpu`, of releases 0.4 to 1.1. */
export interface CpuReport {
  readonly events: number;
  readonly seconds: Quantity;
  readonly secondsAt: Origin;
  /** Largest number that an event tests for being prime: it sets the work of an event. */
  readonly primeLimit: number;
  readonly limitAt: Origin;
  readonly eventsAt: Origin;
}

/**
 * The rate is of a time that was read a moment later, on a busy CPU tens of milliseconds; the only thread runs for less than
 * all of the time there.
 */
const SLACK = {
  rateTime: { part: 0.015, constant: 0.05 },
  busyPart: { part: 0.2, constant: 0.05 },
} as const satisfies Record<string, Slack>;

/**
 * Pure: reads the report of one thread, whole to the time of its thread, which sysbench prints last. Throws a `ParseError`
 * where it is not as sysbench prints it, or where events, seconds and rate contradict each other.
 */
export function readReport(text: RawText): CpuReport {
  const lines = linesOf(text);
  const complaint = lines.find((line) => /^(FATAL|ALERT|ERROR|WARNING)\b|^invalid option/i.test(line.text));
  if (complaint !== undefined)
    throw new ParseError(`expected the report of sysbench, found its complaint ${quote(complaint.text)}`, complaint.at);
  const threads = field(lines, /^Number of threads: (\S+)$/, 'the number of threads');
  if (threads.quantity.value !== 1)
    throw new ParseError(`expected one thread, found ${threads.quantity.value}`, threads.at);
  const limit = field(
    lines,
    /^(?:Prime numbers limit|Maximum prime number checked in CPU test): (\S+)$/,
    'the limit of primes',
  );
  const events = field(lines, /^ *total number of events: +(\S+)$/, 'the total number of events');
  const seconds = field(lines, /^ *(?:total time|time elapsed): +(\S+)s$/, 'the total time');
  refuseContradictions(lines, events.quantity, seconds);
  return {
    events: events.quantity.value,
    seconds: seconds.quantity,
    secondsAt: seconds.at,
    primeLimit: limit.quantity.value,
    limitAt: limit.at,
    eventsAt: events.at,
  };
}

function refuseContradictions(
  lines: readonly Line[],
  events: Quantity,
  { quantity: seconds, at }: { readonly quantity: Quantity; readonly at: Origin },
): void {
  const ofThread = field(lines, /^ *events \(avg\/stddev\): +(\S+)\/\d+\.\d{2}$/, 'the events of its thread');
  refuseContradiction(
    { words: 'sysbench reports events:', ...events },
    { words: 'those of its thread:', ...ofThread.quantity },
    ofThread.at,
  );
  const run = field(lines, /^ *execution time \(avg\/stddev\): +(\d+\.\d{4})\/\d+\.\d{2}$/, 'the time of its thread');
  refuseContradiction(
    { words: 'sysbench reports s in total:', ...seconds },
    { words: 's of its thread:', ...run.quantity },
    run.at,
    SLACK.busyPart,
  );
  // Releases before 1.0 print no rate.
  const pattern = /^ *events per second: +(\S+)$/;
  if (!lines.some(({ text }) => pattern.test(text))) return;
  const rate = field(lines, pattern, 'the events per second');
  refuseContradiction(
    { words: 'sysbench reports s in total:', ...seconds },
    { words: 's that its events take at its events per second:', ...divided(exact(events.value), rate.quantity) },
    at,
    SLACK.rateTime,
  );
}

function field(lines: readonly Line[], pattern: RegExp, what: string): { quantity: Quantity; at: Origin } {
  const found = lines.filter(({ text }) => pattern.test(text));
  const [line] = found;
  if (line === undefined) throw new ParseError(`expected ${what} that sysbench prints, found none`, lines.at(-1)?.at);
  if (found.length > 1) throw new ParseError(`expected ${what} once, found it ${found.length} times`, found[1]?.at);
  return { quantity: readQuantity(pattern.exec(line.text)?.[1] ?? '', line.at), at: line.at };
}

/** Pure: the readings of a trial, whose fixed work must have been done whole. */
export function parse(
  raw: RawTrial,
  expected: { readonly events: number; readonly primeLimit: number },
): readonly Reading<CpuMetric>[] {
  return readingsOr(names, () => {
    const step = endedWell(raw, 'primes');
    const report = readReport(step.stdout);
    if (report.events !== expected.events || report.primeLimit !== expected.primeLimit) {
      throw new ParseError(
        `expected ${expected.events} events of primes up to ${expected.primeLimit}, found ${report.events} up to ${report.primeLimit}`,
        report.secondsAt,
      );
    }
    if (report.seconds.value > step.wallSeconds * 1.01 + 0.01) {
      throw new ParseError(
        `sysbench reports ${report.seconds.value} s, but its step took ${step.wallSeconds.toFixed(4)} s`,
        report.secondsAt,
      );
    }
    const source = { at: report.secondsAt, tool: 'sysbench' };
    return [
      { metric: 'events', ...rateOf(report), ...source },
      { metric: 'events-wall-clock', ...divided(exact(report.events), clocked(step.wallSeconds)), ...source },
    ];
  });
}

/** Events are a fixed number; only the time is measured. */
function rateOf({ events, seconds }: CpuReport): Quantity {
  return divided(exact(events), seconds);
}

/**
 * Pure: reports of `sysbench cpu` with one thread that were made elsewhere, a trial a file; `sizes`: how many events each
 * profile has.
 */
export function recognize(
  files: readonly RawText[],
  sizes: Readonly<Record<ProfileId, { readonly events: number }>>,
): ForeignTrial<CpuMetric>[] {
  return files.map((file) => {
    const report = readForeign(file, 'sysbench cpu', () => readReport(file));
    const version = /^sysbench (\d[\w.]{0,20})/m.exec(file.text)?.[1];
    return {
      source: {
        program: 'sysbench cpu',
        ...(version === undefined ? {} : { version }),
        'prime limit': String(report.primeLimit),
        events: String(report.events),
      },
      files: [file.file],
      readings: [{ metric: 'events', ...rateOf(report), at: report.secondsAt, tool: 'sysbench' }],
      contradicts: contradictionsOf(
        sizes,
        ({ events }) =>
          otherCount('as the limit of primes', PRIME_LIMIT, report.primeLimit) ??
          otherCount('events', events, report.events),
      ),
      // The work of an event is that of the limit; how many there are changes how exact the rate is.
      ...statedSize(
        `primes up to ${report.primeLimit}`,
        report.primeLimit === PRIME_LIMIT ? report.eventsAt : report.limitAt,
      ),
    };
  });
}
