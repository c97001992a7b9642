import type { ForeignTrial, RawText, Reading } from '../../harness/types.js';
import { linesOf, ParseError, quote, readPositive, refuseUnended, resolutionOf, type Line } from '../parsing.js';
import { statedSize } from '../foreign-size.js';
import { refuseContradiction } from '../agreement.js';
import { divided, added, readQuantity, scaled, type Quantity } from '../quantity.js';
import { readForeign } from '../trial-steps.js';
import { metrics, type KernelMetric } from './metrics.js';

/** The line of GNU time(1) without `-v`: `90.52user 23.38system 2:22.16elapsed 80%CPU (0avgtext+0avgdata 145816maxresident)k`. */
const SHORT = /^(\S+)user (\S+)system (\S+)elapsed (?:(\d{1,7})|\?)%CPU \(/;

/** Lines of GNU time(1) with `-v`, and of the POSIX and bash formats, by metric; then the group of `SHORT`. */
const wanted: Readonly<Record<KernelMetric, readonly [RegExp, number]>> = {
  elapsed: [/^\s*(?:Elapsed \(wall clock\) time \(h:mm:ss or m:ss\):|real)\s+(\S+)$/, 3],
  user: [/^\s*(?:User time \(seconds\):|user)\s+(\S+)$/, 1],
  system: [/^\s*(?:System time \(seconds\):|sys)\s+(\S+)$/, 2],
};

/** The time of a metric on a line; undefined on any other line. */
function timeOn({ text }: Line, metric: KernelMetric): string | undefined {
  const [labelled, group] = wanted[metric];
  return labelled.exec(text)?.[1] ?? SHORT.exec(text)?.[group];
}

/** What a build prints that compiles: commands of the kernel's makefiles, or the compiler. */
const BUILD =
  /^\s+(?:CC|LD|AR|AS|HOSTCC|HOSTLD|OBJCOPY|VDSO|MODPOST)\s+(?:\[M\]\s+)?\S|^Kernel: .* is ready|^\s*(?:\S*-)?(?:gcc|cc|clang|ld)(?:-\d+)? -/;
const NOTHING_TO_DO = /^make(?:\[\d{1,3}\])?: (?:Nothing to be done|.* is up to date)/;
const FAILED =
  /^(?:\s*Command (?:exited with non-zero|terminated by)|make(?:\[\d{1,3}\])?: \*\*\*)|\bmake: (?:command )?not found|\bmake: No such file/;
const COMMAND = /^\s*Command being timed: "(.{1,300})"$/;
const STATUS = /^\s*Exit status: (\S+)$/;

/** Pure: one trial for each file in which time(1) timed a make that ended well. Throws an `Error` on any other file. */
export function recognize(files: readonly RawText[]): ForeignTrial<KernelMetric>[] {
  return files.map((file) => readForeign(file, 'a make and its time', () => readFile(file)));
}

function readFile(raw: RawText): ForeignTrial<KernelMetric> {
  const lines = linesOf(raw);
  const command = onlyGroup(lines, COMMAND, 'the command');
  const failed = lines.find(({ text }) => FAILED.test(text));
  if (failed !== undefined)
    throw new ParseError(`expected a build that ended well, found ${quote(failed.text)}`, failed.at);
  const idle = lines.find(({ text }) => NOTHING_TO_DO.test(text));
  if (idle !== undefined && !lines.some(({ text }) => BUILD.test(text))) {
    throw new ParseError(`expected a build, found ${quote(idle.text)}`, idle.at);
  }
  if (command === undefined) refuseOtherWork(raw, lines);
  else refuseOtherCommand(lines, command);
  const readings = Object.keys(metrics).map((name): Reading<KernelMetric> => {
    const metric = name as KernelMetric;
    const found = lines.filter((line) => timeOn(line, metric) !== undefined);
    const [line] = found;
    if (line === undefined || found.length > 1) {
      throw new ParseError(
        `expected the output of one time(1) of a make, found ${found.length} ${metric} times`,
        found[1]?.at ?? lines.at(-1)?.at,
      );
    }
    // bash ends its times in a unit.
    if (!line.text.endsWith('s')) refuseUnended(raw, line);
    return { metric, ...readSeconds(timeOn(line, metric) ?? '', line), at: line.at, tool: 'time' };
  });
  refuseOtherPercent(lines, readings);
  // What was built is not stated: builds are compared where their commands are the same.
  const stated =
    command === undefined ? {} : { source: { command: command.text }, ...statedSize(command.text, command.at) };
  return { source: {}, ...stated, files: [raw.file], readings };
}

/** `time -v` states its command, and its exit status last. */
function refuseOtherCommand(lines: readonly Line[], command: Line): void {
  if (!/(^|[ /])make( |$)/.test(command.text)) {
    throw new ParseError(`expected the time of a make, found that of ${quote(command.text)}`, command.at);
  }
  const status = onlyGroup(lines, STATUS, 'the exit status');
  if (status === undefined) {
    const words = 'expected the exit status at the end of time -v, found none: the file was cut';
    throw new ParseError(words, lines.at(-1)?.at);
  }
  if (status.text !== '0')
    throw new ParseError(`expected exit status 0, found ${quote(status.text)}: the build failed`, status.at);
}

/** The times of a shell do not show what they are of. */
function refuseOtherWork(raw: RawText, lines: readonly Line[]): void {
  if (lines.some(({ text }) => BUILD.test(text)) || !lines.some((line) => timeOn(line, 'elapsed') !== undefined))
    return;
  throw new ParseError(
    'expected commands of a build beside its time, found none: keep what make prints in the same file, or use time -v',
    { file: raw.file, line: raw.firstLine },
  );
}

/** Of both formats of GNU time(1). */
const PERCENT = /^\s*(?:Percent of CPU this job got: |\S+user \S+system \S+elapsed )(\d{1,7})%/;

/** GNU time(1) prints the CPU time in percent of the time elapsed, cut to a whole number. */
function refuseOtherPercent(lines: readonly Line[], readings: readonly Reading<KernelMetric>[]): void {
  const percent = onlyGroup(lines, PERCENT, 'the percent of CPU');
  if (percent === undefined) return;
  const of = (metric: KernelMetric): Quantity => {
    const found = readings.find((reading) => reading.metric === metric);
    return found !== undefined && 'value' in found
      ? { value: found.value, resolution: found.resolution ?? 0 }
      : { value: Number.NaN, resolution: 0 };
  };
  refuseContradiction(
    {
      words: 'times make a percentage of CPU of',
      ...scaled(divided(added([of('user'), of('system')]), of('elapsed')), 100),
    },
    { words: 'the printed', value: Number(percent.text), resolution: 1 },
    percent.at,
  );
}

function onlyGroup(lines: readonly Line[], pattern: RegExp, what: string): Line | undefined {
  const [line, second] = lines.filter(({ text }) => pattern.test(text));
  if (second !== undefined) {
    throw new ParseError(`expected the output of one time(1), found ${what} again: ${quote(second.text)}`, second.at);
  }
  return line && { ...line, text: pattern.exec(line.text)?.[1] ?? '' };
}

/** Seconds of `90.52`, `2:22.16`, `1:02:03`, `2m22.160s`. Throws a `ParseError` on anything else. */
function readSeconds(text: string, { at }: Line): Quantity {
  const clock = /^(?:(\d{1,4})[:h])?(\d{1,4})[:m](\d{1,2}(?:[.,]\d{1,6})?)s?$/.exec(text);
  if (clock === null) return readQuantity(text, at);
  const [, hours = '0', minutes = '0', seconds = '0'] = clock;
  const decimal = seconds.replace(',', '.');
  const value = readPositive(String(Number(hours) * 3600 + Number(minutes) * 60 + Number(decimal)), at);
  return { value, resolution: resolutionOf(decimal) };
}
