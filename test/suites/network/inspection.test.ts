import { describe, expect, it } from 'vitest';
import { readInspection } from '../../../suites/network/inspection.js';
import { wanted } from '../../../suites/iperf/steps.js';

const good = [
  'path /usr/bin/iperf',
  'version iperf version 2.1.8 (12 August 2022) pthreads',
  'has reverse',
  'libraries 5',
  'congestion bbr',
  'mtu eth0 1500',
  'speed eth0 10000',
  'offload eth0 generic-receive-offload off',
  'mtu lo 65536',
  'speed lo -1',
];
const without = (word: string): string => good.filter((line) => !line.startsWith(word)).join('\n');

describe('what a suite of the network finds in a guest', () => {
  it('is its program, and the settings that throughput depends on', () => {
    expect(readInspection(good.join('\n'), wanted)).toEqual({
      tool: { path: '/usr/bin/iperf', origin: 'target', version: '2.1.8', linkage: '5' },
      network: {
        congestionControl: 'bbr',
        interfaces: [
          { name: 'eth0', mtuBytes: 1500, megabits: 10_000, offloads: { 'generic-receive-offload': false } },
          { name: 'lo', mtuBytes: 65_536, megabits: null, offloads: null },
        ],
      },
    });
  });

  it.each([
    ['no program', without('path'), /iperf is missing; the Debian package is iperf/],
    ['one without --reverse', without('has'), /version 2\.1\.8, which has no option --reverse/],
    [
      'iperf3 under its name',
      without('version') + '\nversion iperf 3.12 (cJSON 1.7.15)',
      /expected the version of iperf/,
    ],
    ['a path with a blank', without('path') + '\npath /a b', /iperf is missing/],
  ])('%s is reported', (_, text, why) => {
    expect(() => readInspection(text, wanted)).toThrow(why);
  });
});
