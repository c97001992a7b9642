import { describe, expect, it } from 'vitest';
import { recognize } from '../../../suites/iperf/recognize.js';
import { readTransfer } from '../../../suites/iperf/transfer.js';
import type { RawText } from '../../../harness/types.js';
import { fixture } from './fixture.js';

const text = (...lines: string[]): RawText => ({ text: [...lines, ''].join('\n'), file: 'x', firstLine: 1 });

describe('readTransfer', () => {
  it.each([
    ['client_csv.stdout', 27_910_605_018, 5, 1, 1],
    ['client_csv_i1.stdout', 26_812_523_814, 3, 1, 4],
    ['client_human.stdout', 32.1e9, 5.0022, 1, 12],
    ['reverse_csv.stdout', 11_401_172_181, 1, 1, 1],
    ['reverse_csv_i1.stdout', 13_223_573_790, 2, 1, 3],
    ['reverse_human.stdout', 14.4e9, 0.9998, 1, 7],
    ['reverse_enhanced.stdout', 15.7e9, 1.0002, 1, 11],
    ['parallel_csv.stdout', 10_611_320_844 + 10_457_017_148, 1, 2, 1],
    ['parallel_csv_i1.stdout', 10_509_883_076 + 10_128_161_061, 2, 2, 5],
    ['parallel_human.stdout', 19.8e9, 2.0141, 2, 16],
    ['human_mbits.stdout', 16_350e6, 1.0075, 1, 7],
    ['human_kbytes.stdout', 1_987_847 * 1024 * 8, 1.0093, 1, 7],
    ['fixed_bytes_csv.stdout', 17_039_280_128, 0.1, 1, 1],
    ['server_died_csv.stdout', 12_274_014_057, 1.5, 1, 1],
  ])('%s', (name, bitsPerSecond, seconds, connections, line) => {
    const transfer = readTransfer(fixture(name));
    expect(transfer).toMatchObject({ bitsPerSecond: { value: bitsPerSecond }, seconds, at: { file: name, line } });
    expect(transfer.connections).toHaveLength(connections);
  });

  it('knows from CSV which end sent', () => {
    expect(readTransfer(fixture('reverse_csv.stdout')).connections[0]?.ports).toEqual({
      sender: 5001,
      receiver: 38654,
    });
    expect(readTransfer(fixture('parallel_csv.stdout')).connections[0]?.ports).toEqual({
      sender: 49870,
      receiver: 5001,
    });
  });

  it.each([
    ['nothing', text(''), /expected a row of iperf, found none/],
    ['a refused connection', fixture('client_refused.stderr'), /expected a row of iperf, found none/],
    ['no route', fixture('unreachable.stderr'), /expected a row of iperf, found none/],
    ['UDP in CSV', fixture('udp_csv.stdout'), /found 14 \(UDP has more\)/],
    ['UDP for humans', fixture('udp_human.stdout'), /found one of UDP/],
    ['several runs of one server', fixture('server.stdout'), /output of several runs\?/],
    ['a row cut short', text('20261120181315,127.0.0.1,54846,127.0.0.1'), /expected a row of iperf's CSV/],
    ['an error between rows', text(fixture('client_csv.stdout').text.trim(), 'recv failed'), /found "recv failed"/],
    [
      'a total that is missing',
      text(...fixture('client_csv_i1.stdout').text.split('\n').slice(0, 3)),
      /expected the total of a connection/,
    ],
    [
      'a rate that is not of its bytes',
      text('19700101000000,a,1,b,5001,1,0.0-5.0,1000000,99'),
      /80808\.08 s by bytes and rate/,
    ],
    ['nothing transferred', text('19700101000000,a,1,b,5001,1,0.0-5.0,0,0'), /above zero/],
    ['a port that is none', text('19700101000000,a,b,b,5001,1,0.0-5.0,1000000,1600000'), /expected a port, found "b"/],
    ['an interval that is none', text('19700101000000,a,1,b,5001,1,5.0-0.0,1000000,1600000'), /expected an interval/],
  ])('%s is refused', (_, raw, why) => {
    expect(() => readTransfer(raw)).toThrow(why);
  });

  it('takes the sum of a report whose CSV has one', () => {
    const csv = fixture('parallel_csv.stdout').text.trim();
    const sum = '19700101000000,198.18.77.1,0,198.18.77.2,5001,-1,0.0-1.0,2662334556,21068337992';
    expect(readTransfer(text(csv, sum))).toMatchObject({
      bitsPerSecond: { value: 21_068_337_992, resolution: 1 },
      sum: 'printed',
      at: { line: 3 },
    });
  });
});

describe('reports of iperf that were measured elsewhere', () => {
  it('are a trial for each file, whichever end wrote them', () => {
    expect(recognize([fixture('client_csv_i1.stdout'), fixture('parallel_human.stdout')])).toEqual([
      {
        source: { program: 'iperf 2', seconds: '3', connections: '1' },
        files: ['client_csv_i1.stdout'],
        readings: [
          {
            metric: 'throughput',
            value: 26_812_523_814,
            resolution: 1,
            at: { file: 'client_csv_i1.stdout', line: 4 },
            tool: 'iperf',
          },
        ],
        contradicts: { paper: 'expected 60 s, found 3 s', quick: undefined },
        size: { words: '1 connection, 3 s', at: { file: 'client_csv_i1.stdout', line: 4 } },
      },
      expect.objectContaining({ source: { program: 'iperf 2', seconds: '2.0141', connections: '2' } }),
    ]);
  });

  it.each([
    ['server_csv.stdout', /server_csv\.stdout:1: .* found 2 connections and no sum/],
    ['dual_csv.stdout', /dual_csv\.stdout:1: .* found 2 connections and no sum/],
    ['parallel_csv.stdout', /import the report for humans/],
    ['client_refused.stderr', /client_refused\.stderr:1: expected a row of iperf/],
    ['udp_csv.stdout', /udp_csv\.stdout:1: expected 9 fields/],
  ])('%s is refused', (name, why) => {
    expect(() => recognize([fixture(name)])).toThrow(why);
  });
});
