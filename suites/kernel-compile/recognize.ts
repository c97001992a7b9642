import type { ForeignTrial, RawText, Reading } from '../../harness/types.js';
import { linesOf, quote, readPositive, resolutionOf, type Line } from '../parsing.js';
import { readQuantity, type Quantity } from '../quantity.js';
import { metrics, type KernelMetric } from './metrics.js';

/** Lines of GNU time(1) with `-v`, and of the POSIX and bash formats, by metric. */
const wanted: Readonly<Record<KernelMetric, RegExp>> = {
  elapsed: /^\s*(?:Elapsed \(wall clock\) time \(h:mm:ss or m:ss\):|real)\s+(\S+)$/,
  user: /^\s*(?:User time \(seconds\):|user)\s+(\S+)$/,
  system: /^\s*(?:System time \(seconds\):|sys)\s+(\S+)$/,
};

/** Pure: one trial for each file in which time(1) timed a make that ended well. Throws an `Error` on any other file. */
export function recognize(files: readonly RawText[]): ForeignTrial<KernelMetric>[] {
  return files.map(readFile);
}

function readFile(raw: RawText): ForeignTrial<KernelMetric> {
  const lines = linesOf(raw);
  const command = firstGroup(lines, /^\s*Command being timed: "(.{1,300})"$/);
  const status = firstGroup(lines, /^\s*Exit status: (\S+)$/);
  if (command !== undefined && !/(^|[ /])make( |$)/.test(command.text)) {
    throw new Error(`${raw.file}: expected the time of a make, found that of ${quote(command.text)}`);
  }
  const failed = lines.find(({ text }) => /^(\s*Command (exited with non-zero|terminated by)|make: \*\*\*)/.test(text));
  if (failed !== undefined || (status !== undefined && status.text !== '0')) {
    throw new Error(`${raw.file}: the build failed: ${quote(failed?.text ?? `exit status ${status?.text ?? ''}`)}`);
  }
  const readings = Object.keys(metrics).map((name): Reading<KernelMetric> => {
    const metric = name as KernelMetric;
    const found = lines.filter(({ text }) => wanted[metric].test(text));
    const [line] = found;
    if (line === undefined || found.length > 1) {
      throw new Error(
        `${raw.file}: expected the output of one time(1) of a make, found ${found.length} ${metric} times`,
      );
    }
    return { metric, ...readSeconds(wanted[metric].exec(line.text)?.[1] ?? '', line), at: line.at, tool: 'time' };
  });
  return { source: command === undefined ? {} : { command: command.text }, files: [raw.file], readings };
}

function firstGroup(lines: readonly Line[], pattern: RegExp): Line | undefined {
  const line = lines.find(({ text }) => pattern.test(text));
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
