import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote, type Line } from '../parsing.js';

/** One call of dd that wrote a block; instants of CLOCK_MONOTONIC of its guest. */
export interface Call {
  /** 1-based. */
  readonly pass: number;
  /** 1-based, within the pass. */
  readonly copy: number;
  readonly beganNs: bigint;
  /** Absent: it was still writing when the load was ended. */
  readonly ended?: { readonly ns: bigint; readonly bytes: number };
  readonly at: Origin;
}

const BEGAN = /^began (\d{1,9}) (\d{1,9}) (\d{1,19})$/;
const COPIED = /^copied (\d{1,15})$/;
const ENDED = /^ended (\d{1,19})$/;

/**
 * Pure: what `write-on.pl` printed. The last call may lack its end, and the last line may be cut short, as the load is killed when it is
 * no longer wanted. Throws a `ParseError` on anything else: lines out of order, passes that are not whole, instants that
 * go backwards.
 */
export function readCalls(raw: RawText, copies: number): Call[] {
  const lines = linesOf(raw);
  if (!raw.text.endsWith('\n')) lines.pop();
  const calls: Call[] = [];
  let now = 0n;
  const instantOf = (digits: string, at: Origin): bigint => {
    const ns = BigInt(digits);
    if (ns < now) throw new ParseError(`the clock went backwards, from ${now} to ${ns}`, at);
    now = ns;
    return ns;
  };
  for (let index = 0; index < lines.length; index += 3) {
    const [began, copied, ended] = lines.slice(index, index + 3);
    if (began === undefined) break;
    const [, pass = '', copy = '', beganNs = ''] = matching(BEGAN, began, 'began PASS COPY NS');
    const expected = [Math.floor(calls.length / copies) + 1, (calls.length % copies) + 1];
    if (Number(pass) !== expected[0] || Number(copy) !== expected[1]) {
      throw new ParseError(`expected copy ${expected[1]} of pass ${expected[0]}, found ${quote(began.text)}`, began.at);
    }
    const call = { pass: Number(pass), copy: Number(copy), beganNs: instantOf(beganNs, began.at), at: began.at };
    const bytes = copied === undefined ? undefined : matching(COPIED, copied, 'copied BYTES')[1];
    if (bytes === undefined || ended === undefined) {
      calls.push(call);
      break;
    }
    const [, endedNs = ''] = matching(ENDED, ended, 'ended NS');
    calls.push({ ...call, ended: { ns: instantOf(endedNs, ended.at), bytes: Number(bytes) } });
  }
  return calls;
}

function matching(pattern: RegExp, { text, at }: Line, what: string): RegExpExecArray {
  const found = pattern.exec(text);
  if (found === null) throw new ParseError(`expected ${quote(what)}, found ${quote(text)}`, at);
  return found;
}
