import type { Metric, RawTrial, Reading } from '../../harness/types.js';
import { describeFailure, firstNonBlank, linesOf, ParseError, quote } from '../parsing.js';
import { clocked, counted, divided, exact } from '../quantity.js';
import { readingsOr } from '../trial-steps.js';
import { readCalls, type Call } from './calls.js';
import { MIB, type Size } from './sizes.js';

export const metrics = {
  write: { label: 'dd write, over and over', unit: 'B/s', better: 'higher' },
  passes: { label: 'dd passes over the file', unit: 'count', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type DdLoadMetric = keyof typeof metrics;
const names = Object.keys(metrics) as DdLoadMetric[];

/** Pure: the readings of a load: finished passes, and their rate from the start of the first to the end of the last. */
export function parse(raw: RawTrial, size: Size): readonly Reading<DdLoadMetric>[] {
  return readingsOr(names, () => {
    const calls = readLoad(raw, size);
    const [first] = calls;
    const last = calls.findLast(({ copy, ended }) => copy === size.copies && ended !== undefined);
    if (first === undefined || last?.ended === undefined) {
      throw new ParseError('dd did not finish one pass over its file', first?.at);
    }
    const seconds = Number(last.ended.ns - first.beganNs) / 1e9;
    if (seconds <= 0) throw new ParseError('dd took no time', last.at);
    const bytes = last.pass * size.copies * size.blockMiB * MIB;
    return [
      { metric: 'write', ...divided(exact(bytes), clocked(seconds)), at: last.at, tool: 'dd' },
      { metric: 'passes', ...counted(last.pass), at: last.at, tool: 'dd' },
    ];
  });
}

/**
 * Pure: the calls of dd of a load that was ended on request, or ended by itself when its time was over. Throws a
 * `ParseError` when it failed, or a call wrote something else than its block.
 */
export function readLoad(raw: RawTrial, size: Size): Call[] {
  const step = raw.steps.find(({ name }) => name === 'write-on');
  if (step === undefined) throw new ParseError('step write-on is not in the raw file');
  const start = { file: step.stdout.file, line: step.stdout.firstLine };
  const words = firstNonBlank(linesOf(step.stderr));
  const failure = step.outcome.status === 'finished' ? undefined : describeFailure(step.outcome);
  if (failure !== undefined || words !== undefined) {
    const detail = words === undefined ? '' : `: ${quote(words.text)}`;
    throw new ParseError(`step write-on ${failure ?? 'printed an error'}${detail}`, words?.at ?? start);
  }
  const calls = readCalls(step.stdout, size.copies);
  const odd = calls.find(({ ended }) => ended !== undefined && ended.bytes !== size.blockMiB * MIB);
  if (odd?.ended !== undefined) {
    throw new ParseError(`expected ${size.blockMiB * MIB} bytes copied, found ${odd.ended.bytes}`, odd.at);
  }
  return calls;
}
