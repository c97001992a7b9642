import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postmark } from '../../../suites/postmark/index.js';
import { parse } from '../../../suites/postmark/parse.js';
import { recognize } from '../../../suites/postmark/recognize.js';
import { areWhole, damaged, fixtureOf, shown, trialOf, type Printed } from '../printed.js';

const full = fixtureOf('postmark', 'full_100k_200k.stdout').text;
const size = { files: 100_000, transactions: 200_000 };
const upTo = (mark: string): number => full.indexOf(mark) + mark.length;
const stamps = [
  [0.25, upTo('Creating files...')],
  [4.25, upTo('Performing transactions.')],
  [7, upTo('Performing transactions.....')],
  [10.25, upTo('Deleting files...')],
  [12.25, full.length],
]
  .map(([seconds, bytes]) => `stamp ${(seconds ?? 0).toFixed(6)} ${bytes ?? 0}\n`)
  .join('');
const good: Printed = { stdout: full, stderr: stamps, wallSeconds: 12.5 };
const of = (printed: Printed) => parse(trialOf({ postmark: printed }), size);
/** The same output with something of the same length in place of something. */
const changed = (from: string, to: string): Printed => {
  expect(full).toContain(from);
  expect(to).toHaveLength(from.length);
  return { ...good, stdout: full.replace(from, to) };
};

describe('the readings of a trial of PostMark', () => {
  it('are counts divided by wall-clock time', () => {
    expect(shown(of(good))).toEqual({
      transactions: 200_000 / 6,
      'transactions-tool': 33_333,
      read: (573.9 * 1024 ** 2) / 12,
      write: (1192.23 * 1024 ** 2) / 12,
    });
  });

  it.each<[string, Printed, RegExp]>([
    ['nothing, and exit code 0', {}, /did not print "Deleting files..." once/],
    [
      'files that could not be made',
      { ...good, stderr: `Error: cannot open '/x/1' for writing\n${stamps}` },
      /Error: cannot open/,
    ],
    ['output that nobody saw arrive', { ...good, stderr: '' }, /0 bytes of output were seen to arrive/],
    ['fewer transactions', changed('100041 files', '100040 files'), /contradict each other/],
    [
      'transactions that were not done',
      {
        ...good,
        stdout: full.replace('99959 files', '99958 files').replace('100082 files', '100083 files'),
      },
      /expected 200000 transactions, found 199999 of 200000/,
    ],
    [
      'files that were deleted twice',
      changed('99959 files', '99958 files'),
      /expected 100082 and 99958 files deleted, found 200041/,
    ],
    ['other work', changed('Transactions: 200000', 'Transactions: 100000'), /found 200000 of 100000/],
    [
      'a clock that jumped',
      { ...good, stderr: stamps.replace('10.250000', '07.250000') },
      /PostMark reports 6 s, but its/,
    ],
    [
      'a rate of other seconds',
      changed('6 seconds of', '9 seconds of'),
      /rate of 22222\.2222 and the printed rate 33333/,
    ],
    ['a rate of nothing', changed('(33333 per', '(00000 per'), /above zero/],
    [
      'a report cut short',
      { ...good, stdout: full.slice(0, 700), stderr: stamps.replace(/\d+\n$/, '700\n') },
      /expected .* found none|did not print|bytes of output/,
    ],
    ['a crash', { ...good, outcome: { status: 'exited', code: 139 } }, /exited with code 139/],
    ['a time limit', { ...good, outcome: { status: 'limit' } }, /time limit/],
  ])('%s has no value', (_, printed, why) => {
    for (const reading of of(printed)) expect(reading).toMatchObject({ missing: expect.stringMatching(why) as string });
  });

  it('never throw on any input', () => {
    fc.assert(
      fc.property(damaged([full]), damaged([stamps]), (stdout, stderr) =>
        areWhole(of({ stdout, stderr }), postmark.metrics),
      ),
    );
    fc.assert(fc.property(damaged([full]), (stdout) => areWhole(of({ ...good, stdout }), postmark.metrics)));
  });
});

describe('PostMark measured elsewhere', () => {
  it('is by the whole seconds of the tool', () => {
    const names = ['full_100k_200k.stdout', 'small_stdin.stdout', 'terse_20k.stdout', 'full-disk.stdout'];
    const short = expect.stringMatching(/reports 1 s, which it prints for any time below two/) as string;
    const trials = recognize(names.map((name) => fixtureOf('postmark', name)));
    expect(trials.map(({ readings }) => shown(readings))).toEqual([
      { 'transactions-tool': 33_333, read: (573.9 * 1024 ** 2) / 12, write: (1192.23 * 1024 ** 2) / 12 },
      { 'transactions-tool': 2000, read: short, write: short },
      { 'transactions-tool': 40_000, read: 59_670_800, write: 125_754_784 },
      { 'transactions-tool': 5000, read: short, write: short },
    ]);
    expect(trials[0]?.readings[0]?.at).toEqual({ file: names[0], line: 18 });
  });

  it('has rates as exact as its whole seconds', () => {
    const [full, small, terse] = recognize(
      ['full_100k_200k.stdout', 'small_stdin.stdout', 'terse_20k.stdout'].map((name) => fixtureOf('postmark', name)),
    ).map(({ readings: [rate] }) => (rate !== undefined && 'value' in rate ? (rate.resolution ?? 0) / rate.value : 0));
    expect([full, small, terse]).toEqual([expect.closeTo(1 / 6, 4), 1, 1]);
  });

  it('refuses what failed, and other things', () => {
    const failed = `PostMark v1.51 : 8/14/01\npm>Creating files...Error: cannot open '/x/1' for writing\n`;
    expect(() => recognize([{ text: failed, file: 'x', firstLine: 1 }])).toThrow(/^x:2: expected .* complaint/);
    expect(() => recognize([{ text: 'hello\n', file: 'x', firstLine: 1 }])).toThrow(
      /^x:1: expected the output of PostMark/,
    );
  });
});
