import { describe, expect, it } from 'vitest';
import type { ForeignFile } from '../../harness/import/foreign-files.js';
import { importedRun } from '../../harness/import/imported.js';
import type { ProfileId, Suite, TargetConfig } from '../../harness/types.js';
import { cpu } from '../../suites/cpu/index.js';
import { dbench } from '../../suites/dbench/index.js';
import { dd } from '../../suites/dd/index.js';
import { iperf } from '../../suites/iperf/index.js';
import { iperf3 } from '../../suites/iperf3/index.js';
import { kernelCompile } from '../../suites/kernel-compile/index.js';
import { lmbench } from '../../suites/lmbench/index.js';
import { osdb } from '../../suites/osdb/index.js';
import { postmark } from '../../suites/postmark/index.js';
import { fixtureOf } from '../suites/printed.js';

const target: TargetConfig = { id: 'xen-up', host: 'elsewhere', platform: 'xen', shape: { cpus: [0] }, options: {} };
const fileOf = (suite: Suite, name: string, edit = (text: string): string => text): ForeignFile => {
  const bytes = new TextEncoder().encode(edit(fixtureOf(suite.id, name).text));
  return { name, path: `data/${name}`, bytes };
};
const runOf = (suite: Suite, files: readonly ForeignFile[], profile?: ProfileId) =>
  importedRun({ suite, target, profile, files, by: 'me', now: new Date(0) });
const imported = (suite: Suite, name: string, profile?: ProfileId, edit?: (text: string) => string) =>
  runOf(suite, [fileOf(suite, name, edit)], profile);

describe('a requested profile that the output contradicts is refused', () => {
  it.each<[Suite, string, ProfileId, RegExp]>([
    [
      osdb,
      'release-18-fixed.stdout',
      'paper',
      /data\/release-18-fixed\.stdout:\d+: not of profile paper: expected 10 clients, found 1/,
    ],
    [
      osdb,
      'fixed.stdout',
      'paper',
      /expected 60000 transactions per client, found 5000; import it with --profile quick/,
    ],
    [osdb, 'timed.stdout', 'paper', /expected 60000 transactions per client, found a run of 15 s; it is of no profile/],
    [postmark, 'small_stdin.stdout', 'paper', /expected 100000 files created at first, found 1000/],
    [postmark, 'terse_20k.stdout', 'paper', /data\/terse_20k\.stdout:\d+: .* files created at first, found 20000/],
    [postmark, 'full_100k_200k.stdout', 'quick', /expected 5000 files .* found 100000.*--profile paper/],
    [dd, 'read_cold.stderr', 'paper', /expected 6442450944 bytes, found 268435456/],
    [dd, 'write_6g_fdatasync.stderr', 'quick', /import it with --profile paper; nothing was written/],
    [iperf, 'parallel_human.stdout', 'quick', /expected 1 connection, found 2/],
    [iperf, 'client_human.stdout', 'quick', /data\/client_human\.stdout:12: .* expected 3 s, found 5 s/],
    [iperf3, 'reverse_parallel_json.stdout', 'quick', /expected 1 connection, found 2/],
    [iperf3, 'client_json.stdout', 'paper', /expected 60 s, found \d+ s/],
    [cpu, 'fixed.stdout', 'paper', /expected 50000 events, found 2000/],
    [
      dbench,
      'run_1client_10s.stdout',
      'paper',
      /:\d+: .*expected 60 seconds, found 10; import it with --profile quick/,
    ],
  ])('$0.id: $1 as of profile $2', (suite, name, profile, why) => {
    expect(() => imported(suite, name, profile)).toThrow(why);
  });

  it('as is sysbench with another limit of primes', () => {
    const other = (text: string): string => text.replace('limit: 20000', 'limit: 10000');
    expect(() => imported(cpu, 'fixed.stdout', 'paper', other)).toThrow(/limit of primes, found 10000/);
  });

  it('as is another load of dbench', () => {
    const other = (text: string): string => text.replace('client.txt', 'smb.txt');
    expect(() => imported(dbench, 'run_1client_10s.stdout', 'quick', other)).toThrow(
      /load client\.txt, found .*smb\.txt/,
    );
  });

  it('as are files of other sizes in PostMark', () => {
    const tenfold = (text: string): string =>
      text
        .replace('573.90 megabytes read (47.83', '5739.00 megabytes read (478.25')
        .replace('1192.23 megabytes written (99.35', '11922.30 megabytes written (993.53');
    expect(() => imported(postmark, 'full_100k_200k.stdout', 'paper', tenfold)).toThrow(
      /expected files of 500 to 10000 bytes, found 60211 bytes read of each/,
    );
  });
});

describe('without a profile', () => {
  it.each<[Suite, string, ProfileId]>([
    [osdb, 'fixed.stdout', 'quick'],
    [postmark, 'full_100k_200k.stdout', 'paper'],
    [dd, 'write_6g_fdatasync.stderr', 'paper'],
    [dbench, 'run_1client_10s.stdout', 'quick'],
    [lmbench, 'lat_mmap_64m.stderr', 'paper'],
  ])('$0.id: $1 is of the profile whose size it states: $2', (suite, name, profile) => {
    const { plan, records } = imported(suite, name);
    expect(plan).toMatchObject({ profile });
    expect(records.map(({ record }) => [record.profile, record.findings])).toEqual([[profile, []]]);
  });

  it.each<[Suite, string, string | undefined]>([
    [osdb, 'timed.stdout', '10 clients, 15 s'],
    [osdb, 'release-18-fixed.stdout', '1 client, 10 transactions each'],
    [iperf, 'client_human.stdout', '1 connection, 5 s'],
    [cpu, 'cpu_1thread.stdout', 'primes up to 20000'],
    [kernelCompile, 'time-v.txt', expect.stringContaining('make') as string],
  ])('$0.id: $1 is of none: $2', (suite, name, size) => {
    const { plan, records } = imported(suite, name);
    expect(plan).toMatchObject({ profile: 'unknown', size });
    expect(records[0]?.record.findings).toMatchObject([{ check: 'size of the profile', found: size }]);
  });

  it('a build that states no size is of unknown size', () => {
    const shell = (): string =>
      '  CC      init/main.o\nKernel: arch/x86/boot/bzImage is ready\nreal 90.5\nuser 80.1\nsys 9.2\n';
    const { plan, records } = imported(kernelCompile, 'time-v.txt', undefined, shell);
    expect(plan.profile).toBe('unknown');
    expect(plan).not.toHaveProperty('size');
    expect(records[0]?.record.findings).toMatchObject([{ found: 'the output states none', verdict: 'unavailable' }]);
    expect(imported(kernelCompile, 'time-v.txt', 'paper', shell).records[0]?.record.findings).toMatchObject([
      { hint: 'that it is of profile paper is taken on trust' },
    ]);
  });

  it('files of two sizes are refused, with both', () => {
    const files = [fileOf(osdb, 'timed.stdout'), fileOf(osdb, 'fixed.stdout')];
    expect(() => runOf(osdb, files)).toThrow(
      /data\/fixed\.stdout:\d+: another size than that of data\/timed\.stdout \(expected 10 clients, 15 s, found profile quick\)/,
    );
  });
});
