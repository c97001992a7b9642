import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Ended } from './cli/command-line.js';
import { runHere } from './cli/in-process.js';
import { root } from './compiled.js';

// The examples of docs/extending.md, each one file and one line of a registry, in a copy of the source.

interface Example {
  readonly path: string;
  readonly isLine: boolean;
  readonly code: string;
}

const page = readFileSync(join(root, 'docs', 'extending.md'), 'utf8');
const examples = [...page.matchAll(/^```ts (\S+)( \(add\))?\n(.*?)^```$/gms)].map(
  ([, path = '', added, code = '']): Example => ({ path, isLine: added !== undefined, code }),
);

let folder = '';
const cli = (): string => join(folder, 'dist', 'harness', 'cli.js');
const bench = (...args: readonly string[]): Promise<Ended> => runHere(cli(), folder, args);

/** Adds an import and an entry to the list of a registry. */
function register(registry: string, code: string): string {
  const [imported = '', entry = ''] = code.trimEnd().split('\n');
  const listed = registry.replace(
    /((?:export )?const \w+(?:: [^=]+)? = \[[^\]]*?),?\s*\]/,
    (_list, items: string) => `${items},\n${entry}\n]`,
  );
  if (listed === registry) throw new Error('this registry has no list');
  return `${imported}\n${listed}`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-extending-'));
  for (const part of ['harness', 'suites', 'reports', 'docs', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { path, isLine, code } of examples) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, isLine ? register(readFileSync(target, 'utf8'), code) : code, { flag: isLine ? 'w' : 'wx' });
  }
  try {
    execFileSync(process.execPath, [join(folder, 'harness', 'build.mjs')], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`the examples do not compile:\n${(error as { stdout: string }).stdout}`, { cause: error });
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/extending.md', () => {
  it('has one file and one line for each axis', () => {
    expect(examples.filter(({ isLine }) => !isLine)).toHaveLength(6);
    expect(examples.filter(({ isLine }) => isLine).map(({ code }) => code.trimEnd().split('\n').length)).toEqual(
      Array.from({ length: 6 }, () => 2),
    );
  });

  it.each([
    ['suites', 'spawn'],
    ['workloads', 'spawn-pair'],
    ['platforms', 'unshare'],
    ['gates', 'major-faults'],
    ['controls', 'autogroup'],
    ['exhibits', 'figure-spawn'],
  ])('adds to `bench list %s`: %s', async (axis, id) => {
    const { code, stdout, stderr } = await bench('list', axis, '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { id: string }[]).map((each) => each.id)).toContain(id);
  });

  it('adds a platform and a control that a hosts file may name', async () => {
    const hosts = (platform: string, control: string): string =>
      JSON.stringify({
        hosts: { here: { connect: 'local', controls: { [control]: 'off' } } },
        targets: { 'unshare-up': { host: 'here', platform, shape: { cpus: [0] } } },
      });
    writeFileSync(join(folder, 'hosts.json'), hosts('unshare', 'autogroup'));
    expect(await bench('list', 'targets')).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(join(folder, 'hosts.json'), hosts('unshared', 'autogroups'));
    const { code, stderr } = await bench('list', 'targets');
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected a platform, found "unshared"; .*unshare/);
    expect(stderr).toMatch(/autogroups: .*autogroup/);
    rmSync(join(folder, 'hosts.json'));
  });

  it('reports a stored run of the new suite on the new platform, in the new exhibit', async () => {
    const runs: string[] = [];
    for (const [target, ns] of [
      ['native-up', '800000000'],
      ['unshare-up', '1600000000'],
    ] as const) {
      writeFileSync(join(folder, `${target}.txt`), `1000 in ${ns} ns\n`);
      const made = await bench('import', '--suite', 'spawn', '--target', target, `${target}.txt`);
      expect(made).toMatchObject({ code: 0 });
      runs.push(made.stdout.trim().split('/').at(-1) ?? '');
    }
    const options = ['--format', 'json', '--out', 'report.json', '--exhibit', 'figure-spawn'];
    expect(await start(cli(), folder, ['report', ...options, ...runs]).ended).toMatchObject({ code: 0 });
    const report = readFileSync(join(folder, 'report.json'), 'utf8');
    expect(report).toContain('Starting programs');
    expect(report).toMatch(/spawn\/spawn/);
    expect(report).toContain('unshare-up');
  });
});
