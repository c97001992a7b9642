import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../harness/cli/main.js';
import type { LoadedRun } from '../../harness/types.js';
import type { Comparison } from '../../reports/index.js';
import { createRun } from '../../harness/store/index.js';
import { demoRun, type Recipe } from '../reports/synthetic.js';
import { outlet } from './captured-printer.js';

let folder = '';
const runsDir = (): string => join(folder, 'runs');
const ids: string[] = [];

/** The command line in this process. No test changes the working directory: others share it. */
async function bench(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [outlet(), outlet()];
  const own = Object.create(process, {
    argv: { value: [process.execPath, 'bench', 'compare', '--runs-dir', runsDir(), ...args] },
    stdout: { value: stdout },
    stderr: { value: stderr },
  }) as NodeJS.Process;
  const code = await main(own);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}
const json = async (...args: readonly string[]): Promise<Comparison> => {
  const { code, stdout, stderr } = await bench('--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Comparison;
};
const runsOf = ({ sides }: Comparison): unknown =>
  [sides.a.runs, sides.b.runs].map((runs) => runs.map(({ run }) => run));

/** Stores a run made in memory, as if it had been measured at this hour. */
async function store(run: LoadedRun, hour: number): Promise<string> {
  // Stored blocks count from 1.
  const next = <T extends { readonly block: number }>(one: T): T => ({ ...one, block: one.block + 1 });
  const plan = { ...run.stored.plan, trials: run.stored.plan.trials.map(next) };
  const open = await createRun(runsDir(), plan, new Date(Date.UTC(2026, 10, 21, hour)));
  for (const entry of run.journal) await open.journal(entry);
  for (const [path, bytes] of run.raw) await open.keep(path.replace(/^raw\//, ''), bytes);
  for (const record of run.records) await open.record(next(record));
  await open.close();
  return open.id;
}

const slower: Partial<Recipe> = {
  id: 'slower',
  targets: [
    { id: 'linux-up', slowdown: { 'fork-process': 1.3 } },
    { id: 'lxc-up', platform: 'lxc' },
  ],
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-compare-'));
  mkdirSync(runsDir());
  for (const [hour, recipe] of [{ id: 'one' }, { id: 'two' }, slower, { id: 'short', unrun: 4 }].entries()) {
    ids.push(await store(demoRun({ trials: 4, ...recipe }), hour));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bench compare', () => {
  it('prints what differs between two runs by id, on stdout', async () => {
    const { code, stdout, stderr } = await bench(ids[0] ?? '', ids[2] ?? '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/lmbench\/fork-process +linux-up +slower +1\.\d+ \[/);
  });

  it.each<readonly [string, () => readonly string[], () => unknown]>([
    ['latest', () => [ids[0] ?? '', 'latest'], () => [[ids[0]], [ids[3]]]],
    [
      'several with commas',
      () => [`${ids[1] ?? ''},${ids[0] ?? ''}`, ids[2] ?? ''],
      () => [[ids[0], ids[1]], [ids[2]]],
    ],
    [
      'further ones with options',
      () => [ids[0] ?? '', ids[2] ?? '', '--a', ids[1] ?? ''],
      () => [[ids[0], ids[1]], [ids[2]]],
    ],
    ['options alone', () => ['--a', ids[0] ?? '', '--b', ids[2] ?? ''], () => [[ids[0]], [ids[2]]]],
    [
      'the last complete ones, without those of the other side',
      () => ['@last-7', ids[2] ?? ''],
      () => [[ids[0], ids[1]], [ids[2]]],
    ],
    ['the folder of a run', () => [join(runsDir(), ids[0] ?? ''), ids[2] ?? ''], () => [[ids[0]], [ids[2]]]],
    ['a publication', () => [ids[0] ?? '', 'soltesz2007'], () => [[ids[0]], ['soltesz2007']]],
  ])('takes %s', async (what, args, expected) => {
    const { code, stdout, stderr } = await bench('--json', ...args());
    expect({ code, stderr: what.startsWith('the last') ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(runsOf(JSON.parse(stdout) as Comparison)).toEqual(expected());
  });

  it('takes a folder of runs, and reports when there are fewer than requested', async () => {
    const other = join(folder, 'other');
    cpSync(join(runsDir(), ids[0] ?? ''), join(other, ids[0] ?? ''), { recursive: true });
    expect(runsOf(await json(other, ids[2] ?? ''))).toEqual([[ids[0]], [ids[2]]]);
    const { stderr } = await bench('@last-7', 'soltesz2007');
    expect(stderr).toBe(`@last-7: ${runsDir()} has 3 complete runs\n`);
  });

  it('compares with a publication what it states, and has no verdict on it', async () => {
    const { rows, pairs } = await json(ids[0] ?? '', 'soltesz2007');
    expect(pairs).toContainEqual({ a: 'linux-up', b: 'Linux-UP (soltesz2007)' });
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map(({ verdict, noInterval }) => `${verdict}, ${noInterval?.reason ?? ''}`))).toEqual(
      new Set(['not judged, not stated']),
    );
  });

  it('compares two publications', async () => {
    const { rows } = await json('soltesz2007', 'soltesz2006-preprint');
    expect(rows.length).toBeGreaterThan(10);
  });

  it('writes the page into the folder of the runs, and anything into --out', async () => {
    const { stdout } = await bench('--format', 'html', ids[0] ?? '', ids[2] ?? '');
    expect(stdout).toBe(`${join(runsDir(), 'comparison.html')}\n`);
    expect(readFileSync(stdout.trim(), 'utf8')).toContain('<!doctype html>');
    const out = join(folder, 'new', 'c.md');
    expect((await bench('--format', 'md', '--out', out, ids[0] ?? '', ids[2] ?? '')).stdout).toBe(`${out}\n`);
    expect(existsSync(out)).toBe(true);
  });
});

describe('--fail-on', () => {
  const limits = (file: object): string => {
    const path = join(folder, 'limits.json');
    writeFileSync(path, JSON.stringify(file));
    return path;
  };

  it('exits with 1 and one line for each violation, and prints the comparison all the same', async () => {
    const path = limits({ limits: [{ metric: 'lmbench/*', target: 'linux-up', limit: '10%' }] });
    const { code, stdout, stderr } = await bench(ids[0] ?? '', ids[2] ?? '', '--fail-on', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lmbench\/fork-process of linux-up: slower by \+\d+\.\d %: [^\n]+; limit 10 %\n$/);
    expect(stdout).toContain('slower');
  });

  it('exits with 0 where nothing is exceeded', async () => {
    const path = limits({ limits: [{ metric: 'lmbench/*', target: 'linux-up', limit: '50%' }] });
    const { code, stderr } = await bench(ids[0] ?? '', ids[2] ?? '', '--fail-on', path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('exits with 2 on a mistake, with its place and the nearest name, and prints no comparison', async () => {
    const path = limits({ limits: [{ metric: 'lmbench/fork-proces', limit: '5%' }] });
    const { code, stdout, stderr } = await bench(ids[0] ?? '', ids[2] ?? '', '--fail-on', path);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${path}:1:13: limits[0].metric: expected a metric`);
    expect(stderr).toContain('did you mean "lmbench/fork-process"?');
  });
});

it.each<readonly [string, () => readonly string[], RegExp]>([
  ['one side', () => [ids[0] ?? ''], /a comparison has two sides/],
  ['no side', () => [], /a side has no run \(expected runs for A and for B/],
  [
    'an unknown run',
    () => ['soltesz2008', ids[0] ?? ''],
    /there is no run "soltesz2008"; did you mean "soltesz2007"\?/,
  ],
  ['a wrong number of runs', () => ['@last-0', ids[0] ?? ''], /there are no runs "@last-0" \(expected @last-N/],
  [
    'an unknown target in the map',
    () => [ids[0] ?? '', ids[1] ?? '', '--map', 'linux-up=lxc-ub'],
    /there is no target "lxc-ub"; did you mean "lxc-up"\?/,
  ],
  ['half a pair in the map', () => [ids[0] ?? '', ids[1] ?? '', '--map', 'linux-up'], /Expected TARGET=TARGET/],
  ['a run that is no noise run', () => [ids[0] ?? '', ids[1] ?? '', '--noise', ids[2] ?? ''], /is not a noise run/],
  ['a missing file', () => [ids[0] ?? '', ids[1] ?? '', '--fail-on', '/nowhere/x.json'], /cannot read the thresholds/],
  ['two formats', () => [ids[0] ?? '', ids[1] ?? '', '--json', '--format', 'md'], /a comparison has one format/],
])('exits with 2 on %s', async (_, args, message) => {
  const { code, stdout, stderr } = await bench(...args());
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
});
