import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCalls } from '../../../suites/dd-load/calls.js';
import { ddLoad } from '../../../suites/dd-load/index.js';
import { parse } from '../../../suites/dd-load/parse.js';
import { areWhole, damaged, shown, trialOf, type Printed } from '../printed.js';

const text = (content: string) => ({ text: content, file: 'f', firstLine: 5 });
const MIB = 1024 * 1024;
const size = { blockMiB: 1, copies: 2, mostSeconds: 10 };
const call = (pass: number, copy: number, began: number, ended: number, bytes = MIB): string =>
  `began ${pass} ${copy} ${began}\ncopied ${bytes}\nended ${ended}\n`;
/** Two passes of 2 MiB in three seconds, and a third that was cut off. */
const good =
  call(1, 1, 1e9, 1.5e9) + call(1, 2, 1.5e9, 2e9) + call(2, 1, 2e9, 3e9) + call(2, 2, 3e9, 4e9) + call(3, 1, 4e9, 5e9);

describe('the calls of dd', () => {
  it('are read with the last one that was ended in the middle', () => {
    const calls = readCalls(text(`${good}began 3 2 5000000001\n`), 2);
    expect(calls).toHaveLength(6);
    expect(calls[0]).toEqual({
      pass: 1,
      copy: 1,
      beganNs: 1_000_000_000n,
      ended: { ns: 1_500_000_000n, bytes: MIB },
      at: { file: 'f', line: 5 },
    });
    expect(calls[5]).toEqual({ pass: 3, copy: 2, beganNs: 5_000_000_001n, at: { file: 'f', line: 20 } });
  });

  it('are read up to the point where the load was killed', () => {
    const whole = `${good}${call(3, 2, 5e9, 6e9)}`;
    const all = readCalls(text(whole), 2);
    fc.assert(
      fc.property(fc.nat(whole.length), (length) => {
        const calls = readCalls(text(whole.slice(0, length)), 2);
        expect(calls.slice(0, -1)).toEqual(all.slice(0, Math.max(0, calls.length - 1)));
      }),
    );
  });

  it.each([
    ['a missing copy', call(1, 1, 1, 2) + call(2, 1, 3, 4), /expected copy 2 of pass 1, found "began 2 1 3"/],
    ['a clock that goes backwards', call(1, 1, 5, 4), /the clock went backwards, from 5 to 4/],
    ['words', 'hello\n', /expected "began PASS COPY NS", found "hello"/],
    ['a call without bytes', 'began 1 1 5\nended 6\nbegan 1 2 7\n', /expected "copied BYTES", found "ended 6"/],
  ])('with %s are refused', (_, content, why) => {
    expect(() => readCalls(text(content), 2)).toThrow(why);
  });
});

describe('the readings of a load', () => {
  it.each([
    ['was ended on request', { status: 'finished' }],
    ['ended by itself', { status: 'exited', code: 0 }],
  ] as const)('that %s are its whole passes', (_, outcome) => {
    expect(shown(parse(trialOf({ 'write-on': { stdout: good, outcome } }), size))).toEqual({
      write: (4 * MIB) / 3,
      passes: 2,
    });
  });

  it.each([
    [{ stdout: good, outcome: { status: 'limit' } }, /step write-on exceeded its time limit/],
    [
      { stdout: good, stderr: "dd: error writing 'file'\n", outcome: { status: 'exited', code: 1 } },
      /with code 1: "dd: e/,
    ],
    [{ stdout: good, stderr: 'dd: odd\n', outcome: { status: 'finished' } }, /printed an error: "dd: odd"/],
    [{ stdout: call(1, 1, 1, 2), outcome: { status: 'finished' } }, /did not finish one pass/],
    [{ stdout: '', outcome: { status: 'finished' } }, /did not finish one pass/],
    [{ stdout: call(1, 1, 1, 2, 512), outcome: { status: 'finished' } }, /expected 1048576 bytes copied, found 512/],
    [{ stdout: call(1, 1, 5, 5) + call(1, 2, 5, 5), outcome: { status: 'finished' } }, /took no time/],
  ] as const satisfies readonly (readonly [Printed, RegExp])[])('are missing with the reason, %#', (printed, why) => {
    const readings = parse(trialOf({ 'write-on': printed }), size);
    expect(readings).toHaveLength(2);
    for (const reading of readings) expect('missing' in reading ? reading.missing : '').toMatch(why);
  });

  it('are missing where there is no such step', () => {
    expect(shown(parse(trialOf({}), size))).toHaveProperty('write', 'step write-on is not in the raw file');
  });

  it('are whole numbers for any output of a guest', () => {
    fc.assert(
      fc.property(damaged([good]), (stdout) =>
        areWhole(parse(trialOf({ 'write-on': { stdout } }), size), ddLoad.metrics),
      ),
    );
  });
});
