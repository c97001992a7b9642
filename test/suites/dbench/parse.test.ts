import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dbench } from '../../../suites/dbench/index.js';
import { parse } from '../../../suites/dbench/parse.js';
import { recognize } from '../../../suites/dbench/recognize.js';
import { readReport } from '../../../suites/dbench/report.js';
import { areWhole, damaged, fixtureOf, shown, trialOf, type Printed } from '../printed.js';

const ten = fixtureOf('dbench', 'run_1client_10s.stdout');
const cut = fixtureOf('dbench', 'cut-load.stdout');
const seconds = { 'whole-load': 10, 'first-90000': 5 };
const good = { 'whole-load': { stdout: ten.text, wallSeconds: 12.1 }, 'first-90000': { stdout: cut.text } };
const of = (change: Record<string, Printed>) => shown(parse(trialOf({ ...good, ...change }), seconds));
const changed = (from: string | RegExp, to: string): Record<string, Printed> => {
  expect(ten.text).toMatch(from);
  return { 'whole-load': { ...good['whole-load'], stdout: ten.text.replace(from, to) } };
};

describe('the report of dbench', () => {
  it('is MB of 10^6 bytes, milliseconds, and a table of counts', () => {
    expect(of({})).toEqual({
      throughput: 137_546_000,
      'max-latency': 56_393,
      operations: 255_914,
      'first-90000-throughput': 39_870_700,
      'first-90000-max-latency': 420_645,
      'first-90000-operations': 36_800,
    });
  });

  it.each([
    ['Throughput 137.546 MB/sec (sync open)  1 clients  1 procs  max_latency=56.393 ms', { sync: '(sync open)' }],
    ['Throughput 137.546 MB/sec (sync open) (sync dirs)  8 clients  8 procs  max_latency=56.393 ms', { clients: 8 }],
    ['Throughput 137.546 MB/sec 1 procs', { clients: 1, bytesPerSecond: { value: 137_546_000, resolution: 1000 } }],
  ])('%s', (line, wanted) => {
    expect(readReport({ ...ten, text: `${line}\n` })).toMatchObject(wanted);
  });

  const broken: readonly (readonly [what: string, change: () => Record<string, Printed>, why: RegExp])[] = [
    [
      'a load that is not there',
      () => ({
        'whole-load': {
          stdout: fixtureOf('dbench', 'badload.stdout').text,
          stderr: fixtureOf('dbench', 'badload.stderr').text,
          outcome: { status: 'exited', code: 1 },
        },
      }),
      /exited with code 1: "dbench: error opening/,
    ],
    [
      'the same with exit code 0',
      () => ({
        'whole-load': {
          stdout: fixtureOf('dbench', 'badload.stdout').text,
          stderr: fixtureOf('dbench', 'badload.stderr').text,
        },
      }),
      /expected .*, found (?:its complaint )?"dbench: error opening/,
    ],
    [
      'no arguments',
      () => ({
        'whole-load': { stdout: fixtureOf('dbench', 'noargs.stdout').text, outcome: { status: 'exited', code: 1 } },
      }),
      /exited with code 1/,
    ],
    [
      'no arguments and exit code 0',
      () => ({ 'whole-load': { stdout: fixtureOf('dbench', 'noargs.stdout').text } }),
      /found (?:its complaint )?"You need to specify NPROCS"/,
    ],
    [
      'a full disk',
      () => ({ 'whole-load': { stdout: fixtureOf('dbench', 'full-disk.stdout').text } }),
      /complaint "\[216\] write failed on handle 9959 \(No space/,
    ],
    [
      'operations that failed',
      () => ({ 'whole-load': { stdout: fixtureOf('dbench', 'run_1client_90k_t5.stdout').text } }),
      /complaint "\[160053\] read failed on handle/,
    ],
    ['nothing, and exit code 0', () => ({ 'whole-load': {} }), /expected the throughput of dbench/],
    ['two clients', () => changed('1 clients', '2 clients'), /expected one client, found 2/],
    [
      'synchronous writing',
      () => changed('MB/sec  1 clients', 'MB/sec (sync open)  1 clients'),
      /no synchronous writing/,
    ],
    ['another length', () => changed('for 10 seconds', 'for 5 seconds'), /expected a run of 10 s, found 5/],
    ['an early end', () => ({ 'whole-load': { stdout: ten.text, wallSeconds: 3 } }), /but its step took 3.000 s/],
    [
      'no progress',
      () => changed(/^.*execute.*$\n/gm, ''),
      /expected the throughput of 10 s, found that of the first 0 s/,
    ],
    ['nothing read or written', () => changed('Throughput 137.546', 'Throughput 0'), /above zero/],
    ['a rate that is none', () => changed('Throughput 137.546', 'Throughput -nan'), /expected a number/],
    [
      'a strange table',
      () => changed('Close          32514', 'Close          many'),
      /expected the count of an operation/,
    ],
    ['a time limit', () => ({ 'whole-load': { outcome: { status: 'limit' } } }), /time limit/],
  ];
  it.each(broken)('%s has no value', (_, change, why) => {
    const readings = of(change());
    for (const metric of ['throughput', 'max-latency', 'operations']) expect(readings[metric]).toMatch(why);
    expect(readings['first-90000-throughput']).toBe(39_870_700);
  });

  it('never throws on any input', () => {
    const any = damaged([ten.text, cut.text]);
    fc.assert(
      fc.property(any, any, (a, b) =>
        areWhole(
          parse(trialOf({ 'whole-load': { stdout: a }, 'first-90000': { stdout: b } }), seconds),
          dbench.metrics,
        ),
      ),
    );
  });
});

describe('dbench measured elsewhere', () => {
  it('is a trial a file', () => {
    expect(recognize([ten, cut])).toMatchObject([
      { source: { version: '4.00', seconds: '10' }, readings: [{ metric: 'throughput', value: 137_546_000 }, {}, {}] },
      { readings: [{}, {}, {}] },
    ]);
  });

  it('refuses failed operations, and other things', () => {
    expect(() => recognize([fixtureOf('dbench', 'run_1client_90k_t5.stdout')])).toThrow(/read failed/);
    expect(() => recognize([{ text: 'hello\n', file: 'x', firstLine: 1 }])).toThrow(
      /^x:1: expected the throughput of dbench/,
    );
    const unnamed = { ...ten, text: ten.text.replace(/^Running for.*\n/m, '') };
    expect(() => recognize([unnamed])).toThrow(/expected the line "Running for \.\.\. seconds with load/);
  });
});
