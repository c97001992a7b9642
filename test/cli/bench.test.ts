import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileBench, root } from '../compiled.js';
import { start, type Ended } from './command-line.js';
import { runHere } from './in-process.js';

let folder = '';
let cli = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-cli-'));
  cli = compileBench(folder);
  writeFileSync(
    join(folder, 'hosts.json'),
    JSON.stringify({
      baseline: 'linux-up',
      hosts: { here: { connect: 'local' }, there: { ssh: 'root@there' } },
      targets: {
        'linux-up': { host: 'here', platform: 'native', shape: { cpus: [0] } },
        'lxc-up': { host: 'there', platform: 'lxc', shape: { cpus: [1] }, options: { rootfs: '/srv/rootfs' } },
      },
    }),
  );
  writeFileSync(join(folder, 'broken.json'), '{ "hosts": { "a": { "ssh": 1 } },\n  "targets": { }, "x": 1, }');
  writeFileSync(join(folder, 'wrong.json'), '{ "hosts": { "a": { "shs": "a" } },\n  "targets": { }, "tagrets": 1 }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...args: readonly string[]): Promise<Ended> => runHere(cli, folder, args);
const started = (...args: readonly string[]): Promise<Ended> => start(cli, folder, args).ended;

const VERBS: readonly (readonly [string, ...string[]])[] = [
  ['run'],
  ['noise'],
  ['plan'],
  ['init'],
  ['check'],
  ['prepare'],
  ['restore'],
  ['boot'],
  ['report'],
  ['show'],
  ['import'],
  ['lab'],
  ['lab', 'up'],
  ['lab', 'down'],
  ['lab', 'status'],
  ['list'],
  ['schema'],
  ['completion'],
];

describe('bench --help', () => {
  it('names every verb and every exit code, and ends with an example', async () => {
    const { code, stdout, stderr } = await started('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const [verb] of VERBS) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
    for (const exit of ['0', '1', '2', '3', '130']) expect(stdout).toMatch(new RegExp(`^ {2}${exit} +\\S`, 'm'));
    expect(stdout).toMatch(/\n\nExample:\n {2}bench run .*\n$/);
  });

  it.each(VERBS)('of %s %s ends with an example of it', async (...verb) => {
    const { code, stdout, stderr } = await bench(...verb, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const examples = stdout.slice(stdout.search(/\nExamples?:\n/));
    expect(examples).toContain(`  bench ${verb.join(' ')}`);
    expect(examples.trimEnd().split('\n').slice(2)).toSatisfy((lines: string[]) =>
      lines.every((line) => line.startsWith('  bench ')),
    );
  });
});

it('bench --version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await started('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

describe('a mistake on the command line is one line on stderr and exit code 2', () => {
  it.each<readonly [line: string, ...args: string[]]>([
    ["bench: unknown command 'rnu' (Did you mean run?)", 'rnu'],
    ["bench: unknown option '--taget' (Did you mean --target?)", 'run', '--taget', 'x'],
    [
      "bench: option '--trials <n>' argument '0' is invalid. Expected a whole number, 1 to 100000.",
      'run',
      '--trials',
      '0',
    ],
    ["bench: option '--seed <n>' argument '-1' is invalid. Expected a whole number, 0 or more.", 'plan', '--seed=-1'],
    [
      "bench: option '--profile <profile>' argument 'slow' is invalid. Allowed choices are quick, paper.",
      'plan',
      '--profile',
      'slow',
    ],
    ["bench: missing required argument 'run'", 'show'],
    ["bench: unknown command 'upp' (Did you mean up?)", 'lab', 'upp'],
    ['bench: there is no suite "lmbnch"; did you mean "lmbench"?', 'run', '--suite', 'lmbnch'],
    ['bench: there is no exhibit "tabel-2"; did you mean "table-2"?', 'plan', '--exhibit', 'tabel-2'],
    [
      'bench: there is no target "lcx-up"; did you mean "lxc-up"?',
      'run',
      '--suite',
      'lmbench',
      '--target',
      'linux-up',
      '--target',
      'lcx-up',
    ],
    [
      'bench: the noise floor is measured on one target, in the balanced order and with a fixed number of trials (expected one target, found linux-up, lxc-up); name the target with --target',
      'noise',
      '--suite',
      'cpu',
    ],
    [
      'bench: there is no hosts file absent.json; `bench init` writes one, and `bench lab up` makes hosts.lab.json; --hosts FILE names another',
      'check',
      '--hosts',
      'absent.json',
    ],
    [
      'bench: broken.json:2:25: not JSON: expected "}", found ","; JSON has no comma after the last one',
      'list',
      'targets',
      '--hosts',
      'broken.json',
    ],
    ['bench: there is no list of "tragets"; did you mean "targets"?', 'list', 'tragets'],
    ['bench: there is no schema of "repotr"; did you mean "report"?', 'schema', 'repotr'],
    [
      'bench: there are no runs in nowhere; `bench run` makes one; `bench import` imports existing results',
      'report',
      '--runs-dir',
      'nowhere',
    ],
    [
      'bench: cannot read the runs in hosts.json (expected a folder, found a file); choose another folder with --runs-dir',
      'report',
      '--runs-dir',
      'hosts.json',
    ],
    ...(
      [
        ['--profile', 'quick'],
        ['--suite', 'lmbench'],
        ['--target', 'linux-up'],
        ['--exhibit', 'table-2'],
        ['--trials', '1'],
        ['--seed', '1'],
      ] as const
    ).map(
      ([option, value]) =>
        [
          `bench: --resume uses the stored plan of the run (expected no option that changes the plan, found ${option})`,
          'run',
          '--resume',
          'x',
          option === '--seed' ? `${option}=${value}` : option,
          ...(option === '--seed' ? [] : [value]),
        ] as [string, ...string[]],
    ),
    ['bench: there is no reference "soltes2007x"; did you mean "soltesz2007"?', 'import', '--published', 'soltes2007x'],
    ['bench: there is no reference "soltesz2077"; did you mean "soltesz2007"?', 'import', '--published', 'soltesz2077'],
  ])('%s', async (line, ...args) => {
    expect(await bench(...args)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
  });

  it('without a verb the help is shown on stderr', async () => {
    const { code, stdout, stderr } = await bench();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: bench/);
  });

  it('each mistake in a hosts file is a line of its own', async () => {
    const { code, stdout, stderr } = await started('list', 'targets', '--hosts', 'wrong.json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      'bench: wrong.json:1:14: hosts.a: expected "ssh": a destination, or "connect": "local", found neither',
      'bench: wrong.json:1:21: hosts.a.shs: expected a known key, found "shs"; did you mean "ssh"?',
      'bench: wrong.json:2:19: tagrets: expected a known key, found "tagrets"; did you mean "targets"?',
    ]);
  });

  it('a stack trace is printed only with --verbose', async () => {
    const args = ['list', 'tragets'] as const;
    expect((await bench(...args)).stderr).not.toContain('    at ');
    expect((await bench(...args, '--verbose')).stderr).toContain('    at ');
  });
});

describe('bench list and bench schema', () => {
  it.each([
    ['suites', 'lmbench'],
    ['targets', 'linux-up'],
    ['platforms', 'lxc'],
    ['exhibits', 'table-2'],
  ])('list %s, as text and as JSON', async (what, id) => {
    const text = await bench('list', what);
    expect({ ...text, stdout: '' }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(text.stdout).toMatch(new RegExp(`^${id} `, 'm'));
    const json = await bench('list', what, '--json');
    expect((JSON.parse(json.stdout) as { id: string }[]).map((item) => item.id)).toContain(id);
  });

  it('schema prints what editors complete hosts files from, and the form of reports', async () => {
    const committed: unknown = JSON.parse(readFileSync(join(root, 'harness/config/hosts.schema.json'), 'utf8'));
    expect(JSON.parse((await started('schema')).stdout)).toEqual(committed);
    expect(JSON.parse((await started('schema', 'report')).stdout)).toHaveProperty('$schema');
  });
});

describe('bench plan', () => {
  const args = ['plan', '--exhibit', 'table-2', '--trials', '3', '--json'] as const;

  it('draws a seed for each plan, prints it, and repeats the plan of a seed that is given', async () => {
    const [once, other] = await Promise.all([bench(...args), bench(...args)]);
    expect(once.code).toBe(0);
    const { seed } = (JSON.parse(once.stdout) as { plan: { seed: number } }).plan;
    expect(JSON.parse(other.stdout)).not.toHaveProperty('plan.seed', seed);
    const [again, inWords] = [
      bench(...args, '--seed', String(seed)),
      bench(...args.slice(0, -1), '--seed', String(seed)),
    ];
    expect((await again).stdout).toBe(once.stdout);
    expect((await inWords).stderr).toContain(`seed ${seed}`);
    const { hash, plan } = JSON.parse(once.stdout) as { hash: string; plan: { trials: { target: string }[] } };
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.trials.map(({ target }) => target).sort()).toEqual([
      ...Array<string>(3).fill('linux-up'),
      ...Array<string>(3).fill('lxc-up'),
    ]);
  });

  it('reports on stderr which targets are left out', async () => {
    const { stdout, stderr } = await bench('plan', '--workload', 'table-3-weight', '--trials', '1');
    expect(stderr).toMatch(/^left out: .*linux-up.*weight/);
    expect(stdout).not.toContain('linux-up');
  });

  it('prints a line for each trial', async () => {
    const { code, stdout } = await started('plan', '--suite', 'lmbench', '--target', 'linux-up', '--trials', '2');
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'trial  block  target    benchmark',
      't0001  1      linux-up  lmbench',
      't0002  2      linux-up  lmbench',
    ]);
  });
});

describe('hosts', () => {
  it('check looks at this machine and exits 0', async () => {
    const { code, stdout, stderr } = await started('check', '--target', 'linux-up', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject([{ host: 'here', targets: [{ target: 'linux-up' }] }]);
  });

  it('that cannot be reached are exit code 3, named, and no stack trace', async () => {
    const path = join(folder, 'unreachable.json');
    const host = { ssh: 'nobody@127.0.0.1', port: 1, configFile: '/dev/null' };
    const target = { host: 'far', platform: 'native', shape: { cpus: [0] } };
    writeFileSync(path, JSON.stringify({ hosts: { far: host }, targets: { far: target } }));
    const checked = await bench('check', '--hosts', path);
    expect({ code: checked.code, stderr: checked.stderr }).toEqual({ code: 3, stderr: '' });
    expect(checked.stdout).toMatch(/^host far: cannot be used: host far, stage connect: /);
    const ran = await started('run', '--suite', 'lmbench', '--trials', '1', '--hosts', path, '--json');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toContain('bench: host far, stage connect: ');
    expect(ran.stderr).not.toContain('    at ');
    expect(JSON.parse(ran.stdout)).toMatchObject({ collected: 0, problems: [{ host: 'far', stage: 'connect' }] });
  });
});

it('a reader that closes the pipe is no failure', async () => {
  const child = spawn(process.execPath, [cli, 'schema', 'report'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.each(['schema', '--help'])('%s into a full disk is an error, and exit code 1', async (verb) => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, [cli, verb], { cwd: folder, stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'bench: cannot write to stdout: ENOSPC: no space left on device, write\n',
  });
});

describe('a run that cannot be resumed is refused before any host is touched', () => {
  const published = async (runsDir: string): Promise<string> => {
    const { code, stdout, stderr } = await bench('import', '--published', 'soltesz2007', '--runs-dir', runsDir);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return join(folder, stdout.trim());
  };

  it('because its directory was copied', async () => {
    const directory = await published('copied');
    cpSync(directory, join(folder, 'copied', 'other'), { recursive: true });
    const { code, stdout, stderr } = await bench('run', '--resume', 'other', '--runs-dir', 'copied');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^bench: run other cannot be resumed: its directory was copied or renamed .*\n$/);
  });

  it('because its plan was changed', async () => {
    const path = join(await published('changed'), 'plan.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"seed": \d+/, '"seed": 12345'));
    const { code, stdout, stderr } = await bench('run', '--resume', 'latest', '--runs-dir', 'changed');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^bench: run \S+ cannot be resumed: its plan was changed .*\n$/);
  });
});

it('a folder for runs that the kernel refuses is an error, not a hang', async () => {
  const { code, stderr } = await bench('import', '--published', 'soltesz2007', '--runs-dir', '/proc/bench');
  expect(code).toBe(1);
  expect(stderr).toContain('cannot write to /proc/bench: ENOENT');
});
