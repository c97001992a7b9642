import { expect, it } from 'vitest';
import type { ForeignFile } from '../../harness/import/foreign-files.js';
import { importedRun } from '../../harness/import/imported.js';
import type { ProfileId, Suite, TargetConfig } from '../../harness/types.js';
import { cpu } from '../../suites/cpu/index.js';
import { dbench } from '../../suites/dbench/index.js';
import { dd } from '../../suites/dd/index.js';
import { iperf } from '../../suites/iperf/index.js';
import { iperf3 } from '../../suites/iperf3/index.js';
import { osdb } from '../../suites/osdb/index.js';
import { postmark } from '../../suites/postmark/index.js';
import { fixtureOf } from '../suites/printed.js';

const target: TargetConfig = { id: 'xen-up', host: 'elsewhere', platform: 'xen', shape: { cpus: [0] }, options: {} };
const imported = (suite: Suite, name: string, profile: ProfileId, edit = (text: string): string => text) => {
  const bytes = new TextEncoder().encode(edit(fixtureOf(suite.id, name).text));
  const files: ForeignFile[] = [{ name, path: `data/${name}`, bytes }];
  return importedRun({ suite, target, profile, files, by: 'me', now: new Date(0) });
};

it.each<[Suite, string, ProfileId, RegExp]>([
  [
    osdb,
    'release-18-fixed.stdout',
    'paper',
    /data\/release-18-fixed.stdout is not of profile paper: .* 10 clients, found 1/,
  ],
  [postmark, 'small_stdin.stdout', 'paper', /expected 100000 files created at first, found 1000/],
  [postmark, 'terse_20k.stdout', 'paper', /expected 100000 files created at first, found 20000/],
  [postmark, 'full_100k_200k.stdout', 'quick', /expected 5000 files .* found 100000.*/],
  [dd, 'read_cold.stderr', 'paper', /expected 6442450944 bytes, found 268435456/],
  [iperf, 'parallel_human.stdout', 'quick', /expected 1 connection, found 2/],
  [iperf3, 'reverse_parallel_json.stdout', 'quick', /expected 1 connection, found 2/],
])('%s: %s is refused as of profile %s', (suite, name, profile, why) => {
  expect(() => imported(suite, name, profile)).toThrow(why);
});

it('refuses sysbench with another limit of primes', () => {
  const other = (text: string): string => text.replace('limit: 20000', 'limit: 10000');
  expect(() => imported(cpu, 'fixed.stdout', 'paper', other)).toThrow(/limit of primes, found 10000/);
});

it('names the profile that a file is of', () => {
  expect(() => imported(dd, 'write_6g_fdatasync.stderr', 'quick')).toThrow(
    /import it with --profile paper; nothing was written/,
  );
});

it.each<[Suite, string, ProfileId]>([
  [osdb, 'timed.stdout', 'paper'],
  [postmark, 'full_100k_200k.stdout', 'paper'],
  [dd, 'write_6g_fdatasync.stderr', 'paper'],
  [cpu, 'cpu_1thread.stdout', 'quick'],
  [iperf, 'client_human.stdout', 'quick'],
  [iperf3, 'client_json.stdout', 'quick'],
])('%s: %s is imported, without a finding', (suite, name, profile) => {
  expect(imported(suite, name, profile).records.map(({ record }) => record.findings)).toEqual([[]]);
});

it('has a finding where the output states no size', () => {
  const [first] = imported(dbench, 'run_1client_10s.stdout', 'quick').records;
  expect(first?.record.findings).toMatchObject([{ check: 'size of the profile', verdict: 'unavailable' }]);
});
