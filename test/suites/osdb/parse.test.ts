import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../harness/types.js';
import { metrics } from '../../../suites/osdb/metrics.js';
import { parse } from '../../../suites/osdb/parse.js';
import { readPgbenchReport } from '../../../suites/osdb/pgbench-report.js';
import { fixture, good, trial, type Printed } from './raw.js';

const names = Object.keys(metrics);
const valuesOf = (readings: readonly Reading[]): Record<string, number> =>
  Object.fromEntries(readings.flatMap((reading) => ('value' in reading ? [[reading.metric, reading.value]] : [])));
const missingOf = (readings: readonly Reading[]): Record<string, string> =>
  Object.fromEntries(readings.flatMap((reading) => ('missing' in reading ? [[reading.metric, reading.missing]] : [])));

describe('the report of pgbench', () => {
  it.each([
    ['fixed.stdout', { clients: 10, transactions: 50_000, rate: 15_784.273182, line: 13 }],
    ['timed.stdout', { clients: 10, transactions: 471_713, rate: 31_478.604815, line: 14 }],
    ['per-command.stdout', { clients: 4, transactions: 2_000, rate: 11_377.923415, line: 13 }],
    ['select-only.stdout', { clients: 2, transactions: 200 }],
    ['release-9.4-fixed.stdout', { clients: 96, transactions: 96_000, rate: 996.522146, line: 11 }],
    ['release-13-fixed.stdout', { clients: 200, transactions: 20_000, rate: 3_233.369081, line: 11 }],
    ['release-17-timed.stdout', { clients: 600, transactions: 223, rate: 51.582269 }],
    ['release-18-fixed.stdout', { clients: 1, transactions: 10, rate: 3_224.766204 }],
  ])(
    '%s',
    (name, { line, rate, ...wanted }: { line?: number; clients: number; transactions: number; rate?: number }) => {
      const report = readPgbenchReport(fixture(name));
      expect(report).toMatchObject(wanted);
      if (rate !== undefined) expect(report.rate).toEqual({ value: rate, resolution: 1e-6 });
      expect(fixture(name).text.split('\n')[report.rateAt.line - 1]).toMatch(/^tps = .*(without|excluding)/);
      if (line !== undefined) expect(report.rateAt).toEqual({ file: name, line });
    },
  );

  it('reads lines that end in CR LF', () => {
    const raw = fixture('fixed.stdout');
    expect(readPgbenchReport({ ...raw, text: raw.text.replaceAll('\n', '\r\n') }).transactions).toBe(50_000);
  });

  it.each([
    ['aborted.stdout', 'expected 1000 transactions processed, found 233'],
    ['failed.stdout', 'expected 0 as number of failed transactions, found "129 (64.500%)"'],
    ['latency-limit.stdout', 'expected 0 as number of transactions skipped, found "5292 (66.150%)"'],
    ['reconnecting.stdout', 'expected the rate of pgbench without the time of connecting, found none'],
    ['too-many.stdout', 'expected the number of transactions actually processed that pgbench prints, found none'],
    ['release-10-aborted.stdout', /^expected pgbench to finish, found "Run was aborted/],
    ['release-13-aborted.stdout', /^expected pgbench to finish, found "pgbench: fatal: Run was aborted/],
    ['aborted.stderr', /^expected pgbench to finish, found "pgbench: error: client \d script 0 aborted/],
    ['refused.stderr', 'expected the number of transactions actually processed that pgbench prints, found none'],
  ])('%s is refused', (name, why) => {
    expect(() => readPgbenchReport(fixture(name))).toThrow(why);
  });

  it.each([
    [
      'failed transactions, all processed',
      'transactions: 0 (0.000%)',
      'transactions: 3 (0.006%)',
      /failed transactions/,
    ],
    ['a rate that is none', 'tps = 15784.273182', 'tps = -nan', /expected a number, found "-nan"/],
    ['a rate of nothing', 'tps = 15784.273182', 'tps = 0.000000', /above zero/],
    ['an endless rate', 'tps = 15784.273182', 'tps = inf', /expected a number/],
  ])('%s are refused', (_, from, to, why) => {
    const raw = fixture('fixed.stdout');
    expect(raw.text).toContain(from);
    expect(() => readPgbenchReport({ ...raw, text: raw.text.replace(from, to) })).toThrow(why);
  });
});

describe('the readings of a trial', () => {
  it('are work by time, and ranks among all logged latencies', () => {
    const readings = parse(trial(good));
    expect(valuesOf(readings)).toEqual({
      'rows-per-second': 15_784.273182,
      'rows-per-second-wall-clock': 50_000 / 3.25,
      'latency-p50': 41,
      'latency-p95': 900,
      'latency-p99': 1500,
    });
    expect(readings.find(({ metric }) => metric === 'latency-p99')?.at).toEqual({ file: 'raw/latencies', line: 17 });
  });

  const broken: readonly (readonly [what: string, change: Readonly<Record<string, Printed>>, why: RegExp])[] = [
    [
      'a transaction that found nothing',
      { 'served-after': { stdout: good['served-after'].stdout.replace('65003', '65002') } },
      /50000 transactions should have found as many rows by index, but the server counted 49999 and 0/,
    ],
    [
      'a plan that scans',
      { 'served-after': { stdout: good['served-after'].stdout.replace('1099994', '2099994') } },
      /counted 50000 and 1000000 by scanning/,
    ],
    [
      'a cold cache',
      { 'served-after': { stdout: good['served-after'].stdout.replace('9434', '9436') } },
      /2 blocks were not in the server's cache/,
    ],
    ['a server that is gone', { 'served-after': { outcome: { status: 'exited', code: 2 }, stderr: 'gone\n' } }, /gone/],
    ['counts of nothing', { 'served-before': { stdout: '' } }, /expected the server's count rows-found, found nothing/],
    [
      'a client that gave up',
      { 'read-rows': { stdout: fixture('aborted.stdout').text } },
      /expected 1000 transactions processed, found 233/,
    ],
    [
      'clients that gave up in silence',
      { 'read-rows': { stdout: fixture('timed.stdout').text, stderr: fixture('aborted-timed.stderr').text } },
      /expected pgbench to finish, found "pgbench: error: client 0 script 0 aborted/,
    ],
    [
      'a server that refused',
      {
        'read-rows': {
          stdout: fixture('too-many.stdout').text,
          stderr: fixture('too-many.stderr').text,
          outcome: { status: 'exited', code: 1 },
        },
      },
      /read-rows exited with code 1: .*sorry, too many cl/,
    ],
    [
      "a clock that runs otherwise than the agent's",
      { 'read-rows': { ...good['read-rows'], wallSeconds: 7 } },
      /pgbench took 3\.168 s by its own rate, but 7\.000 s of wall-clock time/,
    ],
    ['a program that ran on', { 'read-rows': { outcome: { status: 'limit' } } }, /exceeded its time limit/],
  ];
  it.each(broken)('%s leaves no rate', (_, change, why) => {
    const missing = missingOf(parse(trial({ ...good, ...change })));
    expect(Object.keys(missing)).toEqual(['rows-per-second', 'rows-per-second-wall-clock']);
    for (const reason of Object.values(missing)) expect(reason).toMatch(why);
  });

  const summary = good.latencies.stdout;
  it.each([
    ['no log', '', /has no odd-lines/],
    ['failed transactions', summary.replace('odd-lines 0', 'odd-lines 2'), /2 logged transactions did not end well/],
    [
      'a log of other work',
      summary.replace('900 900', '900 899').replace('transactions 2000', 'transactions 1999'),
      /2000 transactions, of which 1999 were logged/,
    ],
    [
      'a summary that does not add up',
      summary.replace('900 900', '900 899'),
      /2000 transactions were logged, with 1999 latencies/,
    ],
    [
      'a clock that jumped ahead',
      summary.replace('109180000', '119180000'),
      /pgbench took 0\.176 s by its own rate, 10\.180 s by its log/,
    ],
    ['a clock that jumped back', summary.replace('109180000', '108180000'), /ended before the first began/],
    ['a summary of something else', 'hello\n', /expected a summary of transactions, found "hello"/],
  ])('%s leaves only the rates', (_, stdout, why) => {
    const readings = parse(trial({ ...good, latencies: { stdout } }));
    expect(Object.keys(valuesOf(readings))).toEqual(['rows-per-second', 'rows-per-second-wall-clock']);
    const missing = missingOf(readings);
    expect(Object.keys(missing)).toHaveLength(3);
    for (const reason of Object.values(missing)) expect(reason).toMatch(why);
  });

  it('a step that is not there is named', () => {
    expect(missingOf(parse(trial({})))['rows-per-second']).toBe('step read-rows is not in the raw file');
  });

  it('is total: for any output, each metric has one reading and each value is finite and positive', () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.constantFrom(...Object.values(good).map(({ stdout }) => stdout), fixture('timed.stdout').text),
      fc
        .tuple(
          fc.constantFrom(...Object.values(good).map(({ stdout }) => stdout)),
          fc.nat(400),
          fc.string({ maxLength: 9 }),
        )
        .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + put.length)),
    );
    fc.assert(
      fc.property(noise, noise, noise, noise, noise, (before, rows, after, timed, latencies) => {
        const readings = parse(
          trial({
            'served-before': { stdout: before },
            'read-rows': { stdout: rows },
            'served-after': { stdout: after },
            'time-rows': { stdout: timed },
            latencies: { stdout: latencies },
          }),
        );
        expect(readings.map(({ metric }) => metric).sort()).toEqual([...names].sort());
        for (const value of Object.values(valuesOf(readings))) expect(value > 0 && Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
