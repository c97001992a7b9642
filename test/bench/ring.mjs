// Builds and runs ring.c (see there), and compares two ways to run something by alternated pairs.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { studentInterval } from '../../dist/reports/statistics/intervals.js';

/** Builds ring.c into a directory; the path of the program. */
export function buildRing(dir) {
  const program = join(dir, 'ring');
  const source = fileURLToPath(new URL('ring.c', import.meta.url));
  execFileSync('cc', ['-O', '-o', program, source, '-lpthread']);
  return program;
}

/** CPU time of one pass in microseconds. */
export function passTime(program, cpu, { members, pages, lines, kind }, passes) {
  const argv = [program, members, pages, lines, kind, Math.ceil(passes / members)].map(String);
  const text = execFileSync('taskset', ['-c', String(cpu), ...argv], { encoding: 'utf8' });
  return Number(/^us-per-pass (\S+)$/m.exec(text)?.[1]);
}

/** The geometric mean of ratios and its 95 % interval, Student's on the logarithms; and the median. */
export function describeRatios(ratios) {
  const logs = ratios.map(Math.log);
  const interval = studentInterval(logs);
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const sorted = ratios.toSorted((one, other) => one - other);
  const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  const range =
    typeof interval === 'string'
      ? `no interval: ${interval}`
      : `[${Math.exp(interval.low).toFixed(3)}, ${Math.exp(interval.high).toFixed(3)}]`;
  return `median ${middle.toFixed(3)}, mean ${mean.toFixed(3)} ${range}`;
}

/** Orders of so many things in which each comes equally often at each position over as many rounds: rotations. */
export function orderOf(things, round) {
  const start = round % things.length;
  const rotated = [...things.slice(start), ...things.slice(0, start)];
  return Math.floor(round / things.length) % 2 === 0 ? rotated : rotated.toReversed();
}
