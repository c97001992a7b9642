import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TrialRecord } from '../../harness/types.js';
import { compileBench, root } from '../compiled.js';
import { start, type Ended } from './command-line.js';
import { runHere } from './in-process.js';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

let folder = '';
let cli = '';
let work = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-import-'));
  cli = compileBench(folder);
});
beforeEach(() => {
  work = mkdtempSync(join(folder, 'work-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args: readonly string[]): Promise<Ended> => runHere(cli, work, args);
const started = (...args: readonly string[]): Promise<Ended> => start(cli, work, args).ended;
const recordsOf = (directory: string): TrialRecord[] =>
  readFileSync(join(work, directory.trim(), 'records.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRecord);
const fixture = (name: string): string => join(fixtures, name);
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A results tree as lmbench leaves it: the same machine, measured twice. */
function makeTree(): void {
  const tree = join(work, 'results', 'x86_64-linux-gnu');
  mkdirSync(tree, { recursive: true });
  const text = readFileSync(fixture('full_os_subset.stderr'), 'utf8');
  writeFileSync(join(tree, 'vm.0'), text);
  writeFileSync(join(tree, 'vm.1'), text.replace('Process fork+exit: ', 'Process fork+exit: 1'));
  writeFileSync(join(work, 'results', 'Makefile'), 'all:\n');
}

describe('bench import of raw output', () => {
  it('makes a run of a results tree: a trial a file, the bytes as they were', async () => {
    makeTree();
    const { code, stdout } = await bench('import', '--suite', 'lmbench', '--target', 'vserver-up', 'results');
    expect(code).toBe(0);
    const records = recordsOf(stdout);
    expect(records.map(({ trial, origin, target, profile }) => ({ trial, origin, target, profile }))).toEqual([
      { trial: 't0001', origin: 'imported', target: 'vserver-up', profile: 'paper' },
      { trial: 't0002', origin: 'imported', target: 'vserver-up', profile: 'paper' },
    ]);
    for (const [index, { outcome }] of records.entries()) {
      const original = join(work, 'results', 'x86_64-linux-gnu', `vm.${index}`);
      expect(outcome).toMatchObject({
        status: 'collected',
        artifacts: [{ path: `raw/vm.${index}`, sha256: digest(original) }],
      });
      expect(readFileSync(join(work, stdout.trim(), 'raw', `vm.${index}`))).toEqual(readFileSync(original));
    }
  });

  it('imports the same output once, however often it is named', async () => {
    makeTree();
    const args = ['import', '--suite', 'lmbench', '--target', 'vserver-up', 'results'] as const;
    const [first, second] = [await bench(...args), await bench(...args)];
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain('already has these results');
    cpSync(join(work, 'results/x86_64-linux-gnu/vm.0'), join(work, 'copy.0'));
    const twice = await bench(...args, 'copy.0');
    expect(twice.code).toBe(2);
    expect(twice.stderr).toBe(
      'bench: copy.0 is the same output as results/x86_64-linux-gnu/vm.0 (expected one of them); it would count twice\n',
    );
  });

  it('puts outputs of single tools together, with what they state about themselves', async () => {
    const files = ['lat_proc_fork.stderr', 'lat_ctx_64k_16.stderr', 'lat_mmap_64m.stderr', 'enough.stdout'].map(
      fixture,
    );
    const { code, stdout } = await bench('import', '--suite', 'lmbench', '--target', 'xen3-up', ...files);
    expect(code).toBe(0);
    const [record, ...others] = recordsOf(stdout);
    expect(others).toEqual([]);
    expect(record?.expects).toEqual(['fork-process', 'ctx-16p-64k', 'mmap-64mb']);
    expect(Object.values(record?.source ?? {})).toContain('1000000');
    expect(record?.outcome.status === 'collected' && record.outcome.artifacts).toHaveLength(4);
  });

  it.each<{ what: string; message: RegExp; args: readonly string[] }>([
    {
      what: 'output that the suite does not know',
      message: /bad_usage\.stderr:1: expected the output of an lmbench tool/,
      args: ['--target', 'xen3-up', fixture('bad_usage.stderr')],
    },
    {
      what: 'a file that is not there',
      message: /cannot import absent: ENOENT/,
      args: ['--target', 'xen3-up', 'absent'],
    },
    { what: 'a folder without results', message: /there are no results in \./, args: ['--target', 'xen3-up', '.'] },
    { what: 'no file', message: /expected files or folders with raw output/, args: ['--target', 'xen3-up'] },
    { what: 'no target', message: /expected --target ID/, args: [fixture('lat_pipe.stderr')] },
    {
      what: 'a target whose platform is open',
      message: /the platform of target mystery-up is not known/,
      args: ['--target', 'mystery-up', fixture('lat_pipe.stderr')],
    },
    {
      what: 'a target whose CPUs are open',
      message: /the number of CPUs of target xen3-smp is not known/,
      args: ['--target', 'xen3-smp', fixture('lat_pipe.stderr')],
    },
    {
      what: 'no name of a target',
      message: /that is no name of a target/,
      args: ['--target', 'Xen3 UP', fixture('lat_pipe.stderr')],
    },
    {
      what: 'an unknown platform',
      message: /there is no platform "xne"; did you mean "xen"\?/,
      args: ['--target', 'a-up', '--platform', 'xne', fixture('lat_pipe.stderr')],
    },
  ])('$what is one clear error, and nothing is written', async ({ message, args }) => {
    const { code, stdout, stderr } = await bench('import', '--suite', 'lmbench', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(message);
    expect(existsSync(join(work, 'runs'))).toBe(false);
  });

  it('imports of several files only those that no run has, and names the others', async () => {
    makeTree();
    const args = ['import', '--suite', 'lmbench', '--target', 'vserver-up'] as const;
    cpSync(join(work, 'results/x86_64-linux-gnu/vm.0'), join(work, 'alone.0'));
    const first = await bench(...args, 'alone.0');
    const second = await bench(...args, 'results');
    expect(second.stderr).toMatch(/vm\.0 is raw\/alone\.0 of run \S+: it is not imported again\n.*imported 1 trial /);
    expect(second.stdout).not.toBe(first.stdout);
    expect(recordsOf(second.stdout)).toHaveLength(1);
    const other = await bench('import', '--suite', 'lmbench', '--target', 'linux-up', 'alone.0');
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^bench: alone\.0 is the same output as raw\/alone\.0 of run .* \(expected output of target linux-up/,
    );
  });

  it('compares output of no profile with output of the same size only, and never with the paper', async () => {
    const report = (seconds: number, tps: number): string =>
      [
        'transaction type: ir.sql',
        'number of clients: 1',
        'number of threads: 1',
        `duration: ${seconds} s`,
        `number of transactions actually processed: ${seconds * tps}`,
        `latency average = ${(1000 / tps).toFixed(3)} ms`,
        `tps = ${tps}.000000 (without initial connection time)`,
        '',
      ].join('\n');
    const add = async (target: string, seconds: number, tps: number) => {
      writeFileSync(join(work, `${target}.txt`), report(seconds, tps));
      return bench('import', '--suite', 'osdb', '--target', target, `${target}.txt`);
    };
    expect((await add('linux-up', 30, 2000)).stderr).toContain('compared with others of 1 client, 30 s only');
    await add('lxc-up', 30, 1000);
    await add('xen-up', 60, 500);
    const { stdout } = await bench('report', '--format', 'json');
    interface Shown {
      readonly metric: string;
      readonly system: string;
      readonly profile: string;
      readonly ratio: number | null;
      readonly verdict: string;
    }
    const { cells } = JSON.parse(stdout) as { readonly cells: readonly Shown[] };
    const of = (target: string) =>
      cells.find(({ metric, system }) => metric.endsWith('rows-per-second') && system.startsWith(`${target}.`));
    expect(of('lxc-up')).toMatchObject({ profile: 'unknown', ratio: 0.5, verdict: 'not comparable' });
    expect(of('xen-up')).toMatchObject({ profile: 'unknown', ratio: null, verdict: 'not comparable' });
  });

  it('takes several results in one file apart or refuses them, never counts one twice', async () => {
    const text = readFileSync(fixture('full_os_subset.stderr'), 'utf8');
    writeFileSync(join(work, 'both.0'), text + text);
    const { code, stderr } = await bench('import', '--suite', 'lmbench', '--target', 'xen3-up', 'both.0');
    if (code !== 0) expect(stderr).toContain('both.0:439: several trials that cannot be distinguished');
    else expect((await bench('report', '--format', 'csv')).stdout).not.toContain('read twice');
  });

  it('describes a target as the hosts file does', async () => {
    const options = { rootfs: '/srv/rootfs', addresses: ['10.20.0.101/24'] };
    const shape = { cpus: [1], memory: '2G' };
    const target = { host: 'alpha', platform: 'vserver', shape, options, reproduces: 'VServer-UP' };
    writeFileSync(
      join(work, 'hosts.json'),
      JSON.stringify({ hosts: { alpha: { ssh: 'a' } }, targets: { vs: target } }),
    );
    const args = ['import', '--suite', 'lmbench', '--target', 'vs', '--label', 'VServer at home'] as const;
    const { code, stdout } = await bench(...args, fixture('lat_pipe.stderr'));
    expect(code).toBe(0);
    const stored = JSON.parse(readFileSync(join(work, stdout.trim(), 'plan.json'), 'utf8')) as object;
    expect(stored).toMatchObject({
      plan: {
        targets: [
          {
            id: 'vs',
            host: 'alpha',
            platform: 'vserver',
            label: 'VServer at home',
            shape: { cpus: [1], memoryBytes: 2 ** 31 },
          },
        ],
      },
    });
  });
});

describe('bench import --published', () => {
  it('makes a run of the values of a publication, with the reference as its raw file', async () => {
    const { code, stdout } = await started('import', '--published', 'soltesz2007');
    expect(code).toBe(0);
    const artifact = { path: 'raw/soltesz2007.json', sha256: digest(join(root, 'reports/reference/soltesz2007.json')) };
    const records = recordsOf(stdout);
    expect(records.filter(({ benchmark }) => benchmark === 'lmbench')).toMatchObject(
      [
        ['linux-up', 'Linux-UP'],
        ['vserver-up', 'VServer-UP'],
        ['xen3-up', 'Xen3-UP'],
      ].map(([target, column]) => ({
        origin: 'published',
        target,
        published: { reference: 'soltesz2007', column },
        outcome: { artifacts: [artifact] },
      })),
    );
    expect(new Set(records.map(({ benchmark }) => benchmark))).toEqual(
      new Set([
        ...['lmbench', 'iperf', 'iperf-cpu', 'dd', 'dbench', 'postmark', 'kernel-compile', 'osdb'],
        ...['osdb-2', 'osdb-8', 'osdb-beside-dd', 'table-3-weight', 'table-3-cap', 'table-3-equal'],
      ]),
    );
    const csv = await started('report', '--format', 'csv');
    expect({ code: csv.code, stderr: csv.stderr }).toEqual({ code: 0, stderr: '' });
    expect(csv.stdout).toMatch(/^figure-6a,dbench\/first-90000-throughput,xen3-up,stated,/m);
    expect(csv.stdout).toMatch(/^table-3,table-3-cap\/guest-0,xen3-smp,value,,46\.62,/m);
  });

  it('appears in a report with imported output, each with its origin', async () => {
    makeTree();
    await bench('import', '--published', 'soltesz2007');
    await bench('import', '--suite', 'lmbench', '--target', 'vserver-up', 'results');
    const { code, stdout, stderr } = await bench('report', '--exhibit', 'table-2', '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    interface Document {
      readonly systems: readonly { readonly target: string; readonly origin: string }[];
      readonly cells: readonly {
        readonly metric: string;
        readonly state: string;
        readonly center: number | null;
        readonly ratio: number | null;
      }[];
    }
    const { systems, cells } = JSON.parse(stdout) as Document;
    expect(systems.map(({ target, origin }) => `${target} ${origin}`).sort()).toEqual([
      ...['linux-smp published', 'linux-up published', 'vserver-smp published', 'vserver-up imported'],
      ...['vserver-up published', 'xen3-smp published', 'xen3-two-cpus published', 'xen3-up published'],
    ]);
    const fork = cells.filter(({ metric, state }) => metric === 'lmbench/fork-process' && state === 'value');
    expect(fork.map(({ center }) => center)).toEqual(expect.arrayContaining([86.5, 86.9, 271.9]));
    expect(fork.map(({ ratio }) => ratio?.toFixed(2))).toContain('3.14');
  });

  it('takes a publication that no suite measures as a table of its own', async () => {
    const { code, stdout } = await bench('import', '--published', 'felter2015');
    expect(code).toBe(0);
    expect(recordsOf(stdout).map(({ target, benchmark }) => `${target} ${benchmark}`)).toEqual(
      ['native', 'docker', 'kvm-untuned', 'kvm-tuned'].map((target) => `${target} felter2015-table-1`),
    );
    const csv = await bench('report', '--format', 'csv');
    expect(csv.stdout).toMatch(
      /^suite-felter2015-table-1,felter2015-table-1\/stream-triad,kvm-untuned,value,10,45000000000,/m,
    );
  });

  it('excludes files', async () => {
    expect(await bench('import', '--published', 'soltesz2007', 'x')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'bench: --published excludes files, --suite and --target\n',
    });
  });
});

describe('bench show', () => {
  it('shows a run, and a trial with its raw output byte for byte', async () => {
    await bench('import', '--suite', 'lmbench', '--target', 'xen3-up', fixture('lat_proc_fork.stderr'));
    const run = await bench('show', 'latest');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^t0001\.1 +imported +xen3-up +lmbench +collected$/m);
    const trial = await started('show', 'latest', 't0001');
    expect(trial.stdout).toContain(readFileSync(fixture('lat_proc_fork.stderr'), 'utf8'));
    expect(trial.stdout).toMatch(/^outcome +collected$/m);
    const json = await bench('show', 'latest', 't0001.1', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ trial: 't0001', origin: 'imported' }]);
  });

  it.each([
    [['latest', 't0099'], /^bench: there is no trial "t0099"; did you mean "t00\d\d"\?\n$/],
    [['latest', 't0001.2'], 'bench: there is no record of trial "t0001.2"; did you mean "t0001.1"?\n'],
    [['../../etc'], /^bench: there is no run "\.\.\/\.\.\/etc"; there are \S+\n$/],
  ] as const)('knows what is not there: %j', async (operands, message) => {
    await bench('import', '--published', 'soltesz2007');
    const { code, stdout, stderr } = await bench('show', ...operands);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('bench report', () => {
  it('writes one page into the folder of the runs and prints its path', async () => {
    await bench('import', '--published', 'soltesz2007');
    const { code, stdout, stderr } = await started('report');
    expect(code).toBe(0);
    // Who imported it, and where.
    expect(stderr).toContain('the report identifies machines and people; --redact replaces this');
    expect((await bench('report', '--redact')).stderr).toBe('');
    expect(stdout).toBe(`${join(work, 'runs', 'report.html')}\n`);
    expect(readFileSync(stdout.trim(), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it.each([
    ['md', /^# /],
    ['csv', /^exhibit,/],
    ['text', /^Table 2/],
  ])('prints %s', async (format, beginning) => {
    await bench('import', '--published', 'soltesz2007');
    const { code, stdout, stderr } = await bench('report', '--format', format);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(beginning);
  });

  it('reports why it cannot write', async () => {
    await bench('import', '--published', 'soltesz2007');
    const { code, stderr } = await bench('report', '--out', join(cli, 'report.html'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^bench: cannot write the report to \S+ \(found a file.*\)\n$/);
  });

  it('skips a run in the format of another version with one line, and refuses it when it is named', async () => {
    const { stdout: kept } = await bench('import', '--published', 'soltesz2007');
    const old = '20200101-000000-old-000000';
    const plan = readFileSync(join(work, kept.trim(), 'plan.json'), 'utf8').replaceAll('bench-plan/2', 'bench-plan/1');
    mkdirSync(join(work, 'runs', old));
    writeFileSync(join(work, 'runs', old, 'plan.json'), plan);
    const formats = `run ${old} is in format bench-plan/1; this version of bench reads bench-plan/2`;
    const all = await bench('report', '--format', 'csv');
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: `${formats}: skipped\n` });
    expect(all.stdout).toMatch(/^exhibit,/);
    const named = await bench('report', '--format', 'csv', old);
    expect({ code: named.code, stdout: named.stdout }).toEqual({ code: 2, stdout: '' });
    expect(named.stderr).toMatch(new RegExp(`^bench: ${formats}; .*\n$`));
    rmSync(join(work, kept.trim()), { recursive: true });
    const alone = await bench('report', '--format', 'csv');
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain(formats);
  });

  it('names damage and goes on', async () => {
    const { stdout } = await bench('import', '--published', 'soltesz2007');
    writeFileSync(join(work, stdout.trim(), 'records.jsonl'), '{"torn', { flag: 'a' });
    const { code, stderr } = await bench('report', '--format', 'csv');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^run \S+: records\.jsonl:44: is not JSON\n$/);
  });
});
