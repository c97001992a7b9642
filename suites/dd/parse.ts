import type { Metric, RawStep, RawTrial, Reading } from '../../harness/types.js';
import { linesOf, ParseError, readPositive } from '../parsing.js';
import { added, clocked, divided, exact } from '../quantity.js';
import { endedWell, readingsOr } from '../trial-steps.js';
import { readReports, type Copied } from './report.js';
import { bytesOf, MIB, type Size } from './sizes.js';

export const metrics = {
  write: { label: 'dd write', unit: 'B/s', better: 'higher' },
  'write-wall-clock': { label: 'dd write, by the time of the whole step', unit: 'B/s', better: 'higher' },
  read: { label: 'dd read, cold', unit: 'B/s', better: 'higher' },
  'read-wall-clock': { label: 'dd read, cold, by the time of the whole step', unit: 'B/s', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type DdMetric = keyof typeof metrics;

/** The part of a file that may come from the page cache in a cold read: read ahead, or read by others. */
const WARM_SHARE = 0.02;

/** Pure: the readings of a trial. Rates are bytes by seconds, as dd and as the agent timed them. */
export function parse(raw: RawTrial, size: Size): readonly Reading<DdMetric>[] {
  return [
    ...readingsOr(['write', 'write-wall-clock'], () => {
      const step = endedWell(raw, 'write');
      const copied = readExactly(step, size.copies, size.blockMiB * MIB);
      const seconds = added(copied.map((copy) => copy.seconds));
      return ratesOf('write', step, { bytes: bytesOf(size), seconds, at: (copied.at(-1) ?? first(copied)).at });
    }),
    ...readingsOr(['read', 'read-wall-clock'], () => {
      refuseCached(endedWell(raw, 'drop-cache'), size);
      const step = endedWell(raw, 'read');
      const [copied] = readExactly(step, 1, bytesOf(size));
      refuseWarm(step, size);
      return ratesOf('read', step, copied ?? first([]));
    }),
  ];
}

function ratesOf(metric: 'read' | 'write', step: RawStep, { bytes, seconds, at }: Copied): Reading<DdMetric>[] {
  if (seconds.value > step.wallSeconds * 1.01 + 0.01) {
    throw new ParseError(
      `dd reports ${seconds.value.toFixed(4)} s, but its step took ${step.wallSeconds.toFixed(4)} s`,
      at,
    );
  }
  return [
    { metric, ...divided(exact(bytes), seconds), at, tool: 'dd' },
    { metric: `${metric}-wall-clock`, ...divided(exact(bytes), clocked(step.wallSeconds)), at, tool: 'dd' },
  ];
}

function readExactly(step: RawStep, calls: number, bytes: number): Copied[] {
  const copied = readReports(step.stderr);
  if (copied.length !== calls) {
    throw new ParseError(`expected the reports of ${calls} calls of dd, found ${copied.length}`, {
      file: step.stderr.file,
      line: step.stderr.firstLine,
    });
  }
  const short = copied.find((copy) => copy.bytes !== bytes);
  if (short !== undefined) throw new ParseError(`expected ${bytes} bytes copied, found ${short.bytes}`, short.at);
  return copied;
}

function refuseCached(step: RawStep, size: Size): void {
  const left = countOf(step, 'cached-bytes');
  if (left === undefined || left.value <= WARM_SHARE * bytesOf(size)) return;
  throw new ParseError(`the file was not cold: ${left.value} bytes of it stayed in the page cache`, left.at);
}

function refuseWarm(step: RawStep, size: Size): void {
  const disk = countOf(step, 'disk-bytes');
  if (disk === undefined || disk.value >= (1 - WARM_SHARE) * bytesOf(size)) return;
  throw new ParseError(
    `the file was not read from a disk: only ${disk.value} of its ${bytesOf(size)} bytes came from one`,
    disk.at,
  );
}

/** A count that a script of the suite printed; undefined where the system does not provide it. */
function countOf({ stdout }: RawStep, name: string): { value: number; at: Copied['at'] } | undefined {
  const line = linesOf(stdout).find(({ text }) => text.startsWith(`${name} `));
  const digits = line?.text.slice(name.length + 1);
  if (line === undefined || digits === undefined) return undefined;
  return { value: digits === '0' ? 0 : readPositive(digits, line.at), at: line.at };
}

function first(copied: readonly Copied[]): Copied {
  const [one] = copied;
  if (one === undefined) throw new ParseError('dd printed nothing');
  return one;
}
