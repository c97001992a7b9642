import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../../harness/types.js';
import { compareRuns, loadAssets, type Comparison } from '../../../reports/index.js';
import { comparisonExporters } from '../../../reports/render/comparison/index.js';
import { runLines } from '../../../reports/render/comparison/view.js';
import { pairLabel } from '../../../reports/narrative/comparison.js';
import { suite } from '../suite.js';
import { demoRun, facts, machineFacts } from '../synthetic.js';

const assets = (): ReturnType<typeof loadAssets> => loadAssets();
const of = (a: LoadedRun, b: LoadedRun): Comparison =>
  compareRuns({ given: a.id, runs: [a] }, { given: b.id, runs: [b] }, { suites: [suite], workloads: [] });
const render = async (comparison: Comparison, id: string, width = 80): Promise<string> => {
  const exporter = comparisonExporters.find((one) => one.id === id);
  if (exporter === undefined) throw new Error(`no format ${id}`);
  return exporter.render(comparison, { assets, width });
};

const measured = of(
  demoRun({ id: 'run-a', trials: 4 }),
  demoRun({
    id: 'run-b',
    trials: 4,
    targets: [
      { id: 'linux-up', slowdown: { 'fork-process': 1.2 } },
      { id: 'lxc-up', platform: 'lxc', host: 'beta' },
    ],
  }),
);

it('names the bench that made each run, where it is recorded', () => {
  const side = { given: 'a', systems: [], damage: [] };
  const run = { run: 'r1', created: '2026-11-21T07:00:00.000Z', profile: 'quick' } as const;
  expect(runLines({ ...side, runs: [{ ...run, bench: '0.1.0 (ad6c8b1)' }] })).toEqual([
    'r1, quick profile, 21 November 2026, 07:00 UTC, bench 0.1.0 (ad6c8b1)',
  ]);
  expect(runLines({ ...side, runs: [{ ...run, bench: null }] })).toEqual([
    'r1, quick profile, 21 November 2026, 07:00 UTC',
  ]);
});

it.each([
  [{ a: 'linux-up', b: 'linux-up' }, 'linux-up'],
  [{ a: 'linux-up', b: 'native-1' }, 'linux-up and native-1'],
  [{ a: 'Linux-UP (soltesz2007)', b: 'Linux-UP (soltesz2006-preprint)' }, 'Linux-UP'],
  [{ a: 'linux-up', b: 'linux-up (emulated)' }, 'linux-up and linux-up (emulated)'],
  [{ a: null, b: 'docker' }, 'docker'],
])('the systems %j are called %s', (pair, expected) => {
  expect(pairLabel(pair)).toBe(expected);
});

describe('as text', () => {
  it('the differences of configuration come first, then metrics, then the method', async () => {
    const text = await render(measured, 'text');
    const at = ['A  run-a', 'CONFIGURATION', 'METRICS', 'lmbench/fork-process', 'Ratios are'].map((part) =>
      text.indexOf(part),
    );
    expect(at.every((position) => position >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((x, y) => x - y));
  });

  it.each([80, 120])('no line is longer than %d columns', async (width) => {
    const text = await render(measured, 'text', width);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('the row of a metric has verdict, ratio, interval and p', async () => {
    expect(await render(measured, 'text', 140)).toMatch(
      /^lmbench\/fork-process {2}linux-up +slower +1\.\d{3} \[1\.\d{3}–1\.\d{3}\] +< 0\.001 +4, 4 +\d+\.\d µs +\d+\.\d µs$/m,
    );
  });
});

it('as CSV every metric is a row of as many fields', async () => {
  const [header = '', ...lines] = (await render(measured, 'csv')).trimEnd().split('\r\n');
  expect(lines.length).toBe(measured.rows.length + measured.oneSided.length + measured.notComparable.length);
  const plain = lines.filter((line) => !line.includes('"'));
  expect(plain.length).toBeGreaterThan(10);
  for (const line of plain) expect(line.split(',').length).toBe(header.split(',').length);
});

it('as JSON it is the comparison', async () => {
  expect(JSON.parse(await render(measured, 'json'))).toEqual(measured);
});

it('as HTML it has a policy without scripts, and nothing is loaded', async () => {
  const page = await render(measured, 'html');
  expect(page).toContain('default-src &#x27;none&#x27;');
  expect(page).not.toMatch(/<script|\son\w+=|https?:\/\//);
  expect(page.match(/<svg/g)?.length).toBe(measured.rows.length);
});

describe('what a hostile host calls itself', () => {
  const HOSTILE = `"><script>alert(1)</script>'&\`|{{title}}\u202e\u0007\u009b31m\n=cmd()|' /C calc'!A0`;
  const targets = [{ id: 'linux-up' }, { id: HOSTILE, label: HOSTILE, platform: 'lxc', host: HOSTILE }];
  const journal = [facts('host alpha', { ...machineFacts(), [HOSTILE]: HOSTILE })];
  const a = demoRun({ id: 'run-a', trials: 3, damage: [HOSTILE], targets, journal });
  const b = demoRun({
    id: HOSTILE,
    trials: 3,
    targets: [...targets, { id: '=1+1', platform: 'docker', label: '=1+1' }],
    outcome: (target, trial) =>
      target === HOSTILE && trial === 0 ? { status: 'void', reason: HOSTILE, artifacts: [] } : undefined,
    journal: [facts('host alpha', { ...machineFacts(), libc: HOSTILE })],
  });
  const comparison = of(a, b);

  it('is no markup in HTML', async () => {
    const page = await render(comparison, 'html');
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(page).toContain('&lt;script&gt;');
  });

  it('is no control sequence in text', async () => {
    const text = await render(comparison, 'text');
    expect(text).toContain('<script>');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('is no markup in Markdown, and no cell of its own', async () => {
    const text = await render(comparison, 'md');
    expect(text).not.toMatch(/<script|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    for (const table of text.split('\n\n').filter((part) => part.startsWith('|'))) {
      const columns = table.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
      expect(new Set(columns).size).toBe(1);
    }
  });

  it('is no formula in CSV', async () => {
    const text = await render(comparison, 'csv');
    expect(text).toContain("'=1+1");
    expect(text).not.toMatch(/(^|,)"?[=@]/m);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('is escaped in JSON, and read as it was', async () => {
    const text = await render(comparison, 'json');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(JSON.parse(text)).toEqual(comparison);
  });
});
