import { describe, expect, it } from 'vitest';
import type { RawText } from '../../harness/types.js';
import { cpu } from '../../suites/cpu/index.js';
import { recognize as dd } from '../../suites/dd/recognize.js';
import { recognize as iperf } from '../../suites/iperf/recognize.js';
import { recognize as iperf3 } from '../../suites/iperf3/recognize.js';
import { recognize as osdb } from '../../suites/osdb/recognize.js';
import { recognize as postmark } from '../../suites/postmark/recognize.js';
import { fixtureOf } from './printed.js';

const suites = { cpu: cpu.recognize, dd, iperf, osdb, postmark } as const;
type Name = keyof typeof suites;
const read = (suite: Name, raw: RawText) => suites[suite]([raw]);
const edited = (suite: Name, file: string, edit: (text: string) => string): RawText => {
  const raw = fixtureOf(suite, file);
  const text = edit(raw.text);
  expect(text).not.toBe(raw.text);
  return { ...raw, text };
};
const put = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const twice = (text: string): string => text + text;

describe('a report in which two numbers contradict each other is refused, with its line and both numbers', () => {
  it.each<[Name, string, string, string, RegExp]>([
    ['dd', 'write_6g_fdatasync.stderr', '6442450944', '3442450944', /:3: .*3442450944 and the printed "6.4 GB"/],
    ['dd', 'write_6g_fdatasync.stderr', '3.07795', '1.07795', /597657678\d\.?\d* and the printed "2.1 GB"/],
    ['dd', 'write_6g_fdatasync.stderr', '2.1 GB/s', '1.1 GB/s', /20930979\d\d.* and the printed "1.1 GB"/],
    [
      'dd',
      'write_6g_fdatasync.stderr',
      '6144+0 records out',
      '6141+0 records out',
      /6442450944 bytes in whole records of one size, found 6141/,
    ],
    ['cpu', 'cpu_1thread.stdout', '5.0012s', '5.6012s', /:18: .* 5\.6012 and .* 5\.00\d+ contradict/],
    ['cpu', 'cpu_1thread.stdout', 'events:              5121', 'events:              5171', /5171 and .* 5121/],
    ['cpu', 'cpu_1thread.stdout', 'second:  1023.78', 'second:  1923.78', /:18: .* 5\.0012 and .* 2\.66\d+ contradict/],
    ['osdb', 'timed.stdout', '471713', '171713', /duration of 5\.4\d+ s .* found 15 s/],
    ['osdb', 'timed.stdout', 'duration: 15 s', 'duration: 55 s', /duration of 15\.0\d+ s .* found 55 s/],
    ['osdb', 'fixed.stdout', 'tps = 15784', 'tps = 25784', /:\d+: .* 0\.387\d+ and the printed 0\.634 contradict/],
    ['osdb', 'fixed.stdout', '= 0.634 ms', '= 0.934 ms', /0\.6335\d+ and the printed 0\.934/],
    [
      'osdb',
      'release-13-fixed.stdout',
      'tps = 3233',
      'tps = 3133',
      /less than 3133\S* tps with connecting, found 3232\.40\d+ tps/,
    ],
    [
      'postmark',
      'full_100k_200k.stdout',
      '12 seconds total',
      '13 seconds total',
      /15387\.\d+ and the printed rate 16670/,
    ],
    ['postmark', 'full_100k_200k.stdout', '573.90 mega', '773.90 mega', /bytes read .* contradict/],
    ['postmark', 'full_100k_200k.stdout', '(33333 per', '(23333 per', /:18: .*33333\.\d+ and the printed rate 23333/],
    ['iperf', 'client_human.stdout', '32.1 Gbits', '22.1 Gbits', /:12: .*3\.211e\+10 bit\/s by .* 2\.210e\+10/],
    [
      'iperf',
      'client_human.stdout',
      '0.0000-5.0022',
      '0.0000-6.0022',
      /:12: expected \S+ bit\/s by amount and interval, found/,
    ],
    [
      'iperf',
      'client_csv_i1.stdout',
      '3347578880,26780631040',
      '2347578880,18780631040',
      /:4: .* 9\.104e\+9 bytes by the intervals .* 1\.010e\+10/,
    ],
  ])('%s %s: %s as %s', (suite, file, from, to, why) => {
    expect(() => read(suite, edited(suite, file, put(from, to)))).toThrow(why);
  });
});

describe('a report that was cut is refused', () => {
  it.each<[Name, string, (text: string) => string, RegExp]>([
    [
      'cpu',
      'cpu_1thread.stdout',
      (text) => text.split('Threads fairness')[0] ?? '',
      /expected the events of its thread .*, found none/,
    ],
    ['cpu', 'cpu_1thread.stdout', put(/\/0\.00\n*$/, '/0'), /expected the time of its thread .*, found none/],
    ['osdb', 'timed.stdout', put(/ \(without.*\n$/, ''), /expected the rate of pgbench/],
    ['postmark', 'full_100k_200k.stdout', put(/5 megabytes per second\)\npm>$/, ''), /how much data was written/],
    ['postmark', 'terse_20k.stdout', put(/84\.00\npm>$/, ''), /cut/],
    ['iperf', 'client_csv.stdout', put(/8\n$/, ''), /:1: expected a whole line/],
  ])('%s %s', (suite, file, edit, why) => {
    expect(() => read(suite, edited(suite, file, edit))).toThrow(why);
  });
});

describe('two reports in one file are refused', () => {
  it.each<[Name, string]>([
    ['cpu', 'cpu_1thread.stdout'],
    ['dd', 'read_cold.stderr'],
    ['osdb', 'timed.stdout'],
    ['osdb', 'fixed.stdout'],
    ['postmark', 'full_100k_200k.stdout'],
    ['postmark', 'terse_20k.stdout'],
    ['iperf', 'client_human.stdout'],
    ['iperf', 'client_csv_i1.stdout'],
    ['iperf', 'parallel_human.stdout'],
    ['iperf', 'reverse_enhanced.stdout'],
  ])('%s %s', (suite, file) => {
    expect(() => read(suite, edited(suite, file, twice))).toThrow(/one report|times|one call|again/);
  });

  it('also where only a total stands twice', () => {
    const raw = edited('osdb', 'fixed.stdout', (text) => text.replace(/(tps = .*\n)/, '$1$1'));
    expect(() => read('osdb', raw)).toThrow(/found a second "tps = 15784/);
  });
});

it.each([
  ['cpu', 'cpu_1thread.stdout'],
  ['dd', 'read_cold.stderr'],
  ['osdb', 'timed.stdout'],
  ['postmark', 'full_100k_200k.stdout'],
  ['iperf', 'client_csv_i1.stdout'],
  ['iperf', 'client_human.stdout'],
] as const)('%s %s is read with CR LF and blanks at the ends of lines', (suite, file) => {
  const plain = read(suite, fixtureOf(suite, file));
  expect(
    read(
      suite,
      edited(suite, file, (text) => text.replaceAll('\n', ' \r\n')),
    ),
  ).toEqual(plain);
});

it('iperf reads a report of many connections in a time that grows as their number', () => {
  const row = (index: number): string =>
    `19700101000000,10.0.${Math.floor(index / 200)}.${index % 200},1,10.9.0.1,5001,${index},0.0-1.0,125000000,1000000000\n`;
  const text = Array.from({ length: 20_000 }, (_none, index) => row(index)).join('');
  const began = performance.now();
  expect(() => iperf([{ text, file: 'x', firstLine: 1 }])).toThrow(/20000 connections/);
  expect(performance.now() - began).toBeLessThan(5000);
});

it.each(['client_json.stdout', 'reverse_json.stdout', 'server_json.stdout'])(
  'iperf3 %s is refused when its sender contradicts its direction',
  (file) => {
    const raw = fixtureOf('iperf3', file);
    const end = raw.text.lastIndexOf('"end"');
    const swapped = raw.text
      .slice(end)
      .replaceAll(/"sender":\t(true|false)/g, (_all, word) => `"sender":\t${String(word !== 'true')}`);
    expect(iperf3([raw])).toHaveLength(1);
    expect(() => iperf3([{ ...raw, text: raw.text.slice(0, end) + swapped }])).toThrow(
      /expected sender \w+ in sum_\w+ of data that went \w+, found/,
    );
  },
);
