import { describe, expect, it } from 'vitest';
import type { StepContext } from '../../../harness/types.js';
import { TOOLS } from '../../../suites/lmbench/call.js';
import { lmbench } from '../../../suites/lmbench/index.js';
import { isName } from '../../../suites/lmbench/metrics.js';
import { installation, withLmbench, withProbes } from './raw.js';

function stepsOf(about: Partial<StepContext>): ReturnType<typeof lmbench.steps> {
  return lmbench.steps({
    profile: 'quick',
    installation: withLmbench,
    scratch: '/scratch',
    dir: '/dir',
    cpus: [0],
    ...about,
  });
}

const TABLE_2 = ['fork-process', 'exec-process', 'sh-process', 'ctx-16p-64k', 'mmap-64mb', 'mmap-256mb', 'page-fault'];
const everything = installation({ lmbench: TOOLS, probes: true });

describe.each([
  ['quick, probes', 'quick', withProbes],
  ['paper, probes', 'paper', withProbes],
  ['quick, lmbench', 'quick', withLmbench],
  ['paper, lmbench', 'paper', withLmbench],
  ['quick, both', 'quick', everything],
  ['paper, both', 'paper', everything],
] as const)('%s', (_, profile, guest) => {
  const steps = stepsOf({ profile, installation: guest });

  it('has names and promises that are unique and known', () => {
    const names = steps.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
    const promised = steps.flatMap(({ yields }) => yields ?? []);
    expect(new Set(promised).size).toBe(promised.length);
    expect(promised.every(isName)).toBe(true);
  });

  it('measures Table 2 and the rings of its earlier version', () => {
    const promised = steps.flatMap(({ yields }) => yields ?? []);
    expect(promised).toEqual(expect.arrayContaining([...TABLE_2, 'ctx-2p-0k', 'ctx-16p-16k']));
  });

  it('prepares first, goes on after a failed measurement, and limits every step', () => {
    const phases = steps.map(({ phase }) => phase);
    expect(phases.lastIndexOf('prepare')).toBeLessThan(phases.indexOf('measure'));
    for (const step of steps) expect(step.limitSeconds).toBeGreaterThan(0);
    for (const step of steps.filter(({ phase }) => phase === 'measure')) {
      expect(step.onFailure).toBe('continue');
      expect(step.yields?.length).toBeGreaterThan(0);
    }
  });

  it('is pure', () => {
    expect(stepsOf({ profile, installation: guest })).toEqual(steps);
  });
});

describe("the target's own tools", () => {
  it('are run by their path, with the sizes of the paper', () => {
    const mapping = stepsOf({}).find(({ name }) => name === 'mmap-256mb');
    expect(mapping?.argv).toEqual(['/opt/lmbench/lat_mmap', '256m', 'file-256m']);
  });

  it('have what they execute put in place, and taken away', () => {
    const steps = stepsOf({ dir: "/a dir'" });
    expect(steps.find(({ name }) => name === 'hello')?.argv).toEqual([
      'sh',
      "/a dir'/place-hello.sh",
      '/opt/lmbench/hello',
    ]);
    expect(steps.at(-1)).toMatchObject({ phase: 'cleanup', argv: ['rm', '-f', '/tmp/hello'] });
  });

  it('get short intervals in the quick profile only', () => {
    expect(stepsOf({}).find(({ name }) => name === 'null-call')?.env).toEqual({ ENOUGH: '50000' });
    expect(stepsOf({ profile: 'paper' }).find(({ name }) => name === 'null-call')?.env).toBeUndefined();
  });

  it('come before the probes, which add what no tool measures', () => {
    const byProbe = stepsOf({ installation: everything, profile: 'paper' })
      .filter(({ argv }) => argv[0] === '/bench/bench-probe')
      .map(({ name }) => name);
    expect(byProbe).toEqual(['page-fault-write', 'page-fault-anonymous']);
  });

  it('that are missing are replaced by probes', () => {
    const partly = installation({ lmbench: ['lat_proc', 'hello'], probes: true });
    const programs = new Map(stepsOf({ installation: partly }).map(({ name, argv }) => [name, argv[0]]));
    expect(programs.get('fork-process')).toBe('/opt/lmbench/lat_proc');
    expect(programs.get('page-fault')).toBe('/bench/bench-probe');
  });
});
