import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../../harness/types.js';
import type { SystemMap } from '../../../reports/compare/pair-systems.js';
import { compareRuns, type Comparison, type ComparisonOptions } from '../../../reports/index.js';
import { suite } from '../suite.js';
import { demoRun, facts, machineFacts, syntheticRun } from '../synthetic.js';
import scipy from './scipy.json' with { type: 'json' };
import { METRICS, valueRun } from './value-run.js';

const compare = (
  a: readonly LoadedRun[] | LoadedRun,
  b: readonly LoadedRun[] | LoadedRun,
  options: Partial<ComparisonOptions> = {},
): Comparison =>
  compareRuns(
    { given: 'A', runs: [a].flat() },
    { given: 'B', runs: [b].flat() },
    {
      suites: [suite],
      workloads: [],
      ...options,
    },
  );
const sides = (side: 'a' | 'b'): Record<string, readonly number[]> =>
  Object.fromEntries(scipy.map((one, at) => [METRICS[at] ?? '', one[side]]));

describe('against scipy', () => {
  const { rows, adjustedFor } = compare(valueRun('run-a', sides('a')), valueRun('run-b', sides('b')));

  it('compares as many rows as there are data sets', () => {
    expect(rows.length).toBe(scipy.length);
    expect(adjustedFor).toBe(scipy.length);
  });

  it.each(scipy.map((one, at) => ({ ...one, metric: `lmbench/${METRICS[at] ?? ''}` })))(
    '$name: ratio, interval, p and its adjustment',
    ({ metric, ratio, low, high, p, holmP, a, b }) => {
      const row = rows.find((one) => one.metric === metric);
      expect(row?.a.n).toBe(a.length);
      expect(row?.b.n).toBe(b.length);
      expect(row?.ratio).toBeCloseTo(ratio, 12);
      expect(row?.low).toBeCloseTo(low, 8);
      expect(row?.high).toBeCloseTo(high, 8);
      expect(row?.p).toBeCloseTo(p, 7);
      expect(row?.holmP).toBeCloseTo(holmP, 6);
    },
  );

  it('has a difference exactly where scipy has one', () => {
    expect(scipy.map((_, at) => rows.find(({ metric }) => metric.endsWith(`/${METRICS[at] ?? ''}`))?.verdict)).toEqual(
      scipy.map(({ holmP, ratio }) => (holmP > 0.05 ? 'no difference shown' : ratio > 1 ? 'slower' : 'faster')),
    );
  });
});

describe('a run and itself', () => {
  const run = demoRun({ trials: 4 });
  const same = compare(run, run);

  it('has no difference: every ratio is 1, every p 1', () => {
    expect(same.rows.length).toBe(22);
    for (const { ratio, p, holmP, verdict, change, low, high } of same.rows) {
      expect({ ratio, p, holmP, verdict, change }).toEqual({
        ...{ ratio: 1, p: 1, holmP: 1, verdict: 'no difference shown', change: null },
      });
      expect((low ?? 0) * (high ?? 0)).toBeCloseTo(1, 12);
    }
    expect(same.oneSided).toEqual([]);
    expect(same.notComparable).toEqual([]);
    expect(same.configuration.rows).toEqual([]);
  });

  it('is marked as the same run', () => {
    expect(same.shared).toEqual(['run-1']);
  });
});

describe('whatever the runs', () => {
  const target = fc.constantFrom('linux-up', 'linux-smp', 'lxc-up');
  const recipe = fc.record({
    targets: fc.uniqueArray(target, { minLength: 1, maxLength: 3 }),
    trials: fc.integer({ min: 1, max: 4 }),
    profile: fc.constantFrom('quick' as const, 'paper' as const),
    slowdown: fc.constantFrom(0.8, 1, 1.02),
  });
  const side = fc.array(recipe, { minLength: 1, maxLength: 2 });
  const runsOf = (name: string, recipes: readonly (typeof recipe extends fc.Arbitrary<infer T> ? T : never)[]) =>
    recipes.map(({ targets, slowdown, ...rest }, at) =>
      syntheticRun({
        ...rest,
        id: `${name}-${at}`,
        targets: targets.map((id) => ({ id, platform: id.startsWith('lxc') ? 'lxc' : 'native', slowdown })),
      }),
    );

  it('B against A is the reciprocal of A against B, and the order of the runs of a side does not matter', () => {
    fc.assert(
      fc.property(side, side, (first, second) => {
        const [a, b] = [runsOf('a', first), runsOf('b', second)];
        const there = compare(a, b);
        const back = compare(b, a);
        const key = ({ metric, system, profile }: Comparison['rows'][number], swap: boolean): string =>
          JSON.stringify([metric, profile, swap ? [system.b, system.a] : [system.a, system.b]]);
        const byKey = new Map(back.rows.map((row) => [key(row, true), row]));
        expect(byKey.size).toBe(there.rows.length);
        for (const row of there.rows) {
          const other = byKey.get(key(row, false));
          expect(row.ratio * (other?.ratio ?? 0)).toBeCloseTo(1, 9);
          expect(row.p).toEqual(other?.p === null ? null : expect.closeTo(other?.p ?? -1, 9));
          const swapped = { better: 'worse', worse: 'better' } as const;
          expect(row.change).toBe(other?.change == null ? null : swapped[other.change]);
        }
        expect(back.oneSided.length).toBe(there.oneSided.length);
        expect(back.notComparable.length).toBe(there.notComparable.length);
        expect(compare([...a].reverse(), [...b].reverse())).toEqual(there);
      }),
      { numRuns: 15 },
    );
  });
});

describe('systems', () => {
  const lab = (id: string, targets: Parameters<typeof demoRun>[0] extends infer R | undefined ? R : never): LoadedRun =>
    demoRun({ id, trials: 3, ...targets });
  const pairsOf = (a: LoadedRun, b: LoadedRun, map?: SystemMap): unknown =>
    compare(a, b, map === undefined ? {} : { map }).pairs.map((pair) => [pair.a, pair.b]);
  const shape = { cpus: [1] };

  it('of one platform, shape and column are paired, whatever their names, hosts and numbers of CPUs are', () => {
    const a = lab('a', {
      targets: [
        { id: 'native', host: 'alpha' },
        { id: 'box', platform: 'lxc' },
      ],
    });
    const b = lab('b', {
      targets: [
        { id: 'container', platform: 'lxc', host: 'beta', shape: { cpus: [7] } },
        { id: 'bare', host: 'beta', shape: { cpus: [3] } },
      ],
    });
    expect(pairsOf(a, b)).toEqual([
      ['native', 'bare'],
      ['box', 'container'],
    ]);
  });

  it.each([
    ['number of CPUs', { shape: { cpus: [1, 2] } }],
    ['memory', { shape: { cpus: [1], memoryBytes: 1024 } }],
    ['platform', { platform: 'docker' }],
    ['published column', { reproduces: 'VServer-UP' }],
  ])('of another %s are not', (_, changes) => {
    const a = lab('a', { targets: [{ id: 'box', platform: 'lxc', shape }] });
    const b = lab('b', { targets: [{ id: 'box', platform: 'lxc', shape, ...changes }] });
    const { pairs, rows, oneSided } = compare(a, b);
    expect({ pairs, rows }).toEqual({ pairs: [], rows: [] });
    expect(new Set(oneSided.map(({ side, why }) => `${side}: ${why}`))).toEqual(
      new Set(['A: B has no such system', 'B: A has no such system']),
    );
    expect(pairsOf(a, b, [['box', 'box']])).toEqual([['box', 'box']]);
  });

  it('of one kind are paired by name, and not at all where no name decides', () => {
    const two = (id: string, names: readonly string[]): LoadedRun =>
      lab(id, { targets: names.map((name) => ({ id: name, platform: 'lxc', shape })) });
    expect(pairsOf(two('a', ['x', 'y']), two('b', ['y', 'x']))).toEqual([
      ['x', 'x'],
      ['y', 'y'],
    ]);
    expect(pairsOf(two('a', ['x', 'y']), two('b', ['p', 'q']))).toEqual([]);
    expect(pairsOf(two('a', ['x', 'y']), two('b', ['p', 'q']), [['x', 'q']])).toEqual([
      ['x', 'q'],
      ['y', 'p'],
    ]);
  });
});

describe('what cannot be compared', () => {
  const reasons = ({ notComparable }: Comparison): unknown => [...new Set(notComparable.map(({ why }) => why.reason))];

  it('is listed with its reason: profile, version, emulation', () => {
    const a = demoRun({ id: 'a', trials: 3 });
    const quick = demoRun({ id: 'b', trials: 3, profile: 'quick' });
    const plan = a.stored.plan;
    const with_ = (changes: Partial<typeof plan>): LoadedRun => ({
      ...a,
      id: 'b',
      stored: { ...a.stored, plan: { ...plan, ...changes } },
    });
    for (const [b, reason] of [
      [quick, 'profile'],
      [with_({ suites: [{ id: 'lmbench', version: 2 }] }), 'suite version'],
      [with_({ emulated: ['alpha'] }), 'emulation'],
    ] as const) {
      const found = compare(a, b);
      expect(found.rows).toEqual([]);
      expect(found.notComparable.length).toBe(22);
      expect(reasons(found)).toEqual([reason]);
    }
  });

  it('or is on one side only, with what became of the other', () => {
    const a = demoRun({ id: 'a', trials: 3 });
    const b = demoRun({
      id: 'b',
      trials: 3,
      outcome: (target) =>
        target === 'lxc-up' ? { status: 'void', reason: 'CPU 1 was busy', artifacts: [] } : undefined,
    });
    const { rows, oneSided } = compare(a, b);
    expect(new Set(rows.map(({ system }) => system.b))).toEqual(new Set(['linux-up']));
    expect(oneSided.length).toBe(11);
    expect(oneSided[0]).toMatchObject({
      ...{ side: 'A', system: { a: 'lxc-up', b: 'lxc-up' }, why: 'void: CPU 1 was busy (3 times)' },
    });
  });
});

describe('differences of configuration', () => {
  const journal = (release: string, governor: string, at = 'lxc-up'): ReturnType<typeof facts>[] => [
    facts('host alpha', { ...machineFacts(), kernel: { release, arch: 'x86_64' } }),
    facts(`target ${at}`, { ...machineFacts(), kernel: { release, arch: 'x86_64' } }),
    facts('controls of host alpha', { governor: { expected: 'performance', found: governor, verdict: 'ok' } }),
  ];
  const run = (id: string, release: string, governor: string): LoadedRun =>
    demoRun({ id, trials: 3, journal: journal(release, governor) });

  it('come with their class, and once for all systems that have them', () => {
    const { configuration } = compare(run('a', '6.1.0', 'performance'), run('b', '6.6.0', 'powersave'));
    expect(configuration.pairs).toBe(2);
    const both = ['linux-up', 'lxc-up'].map((name) => ({ a: name, b: name }));
    expect(configuration.rows).toEqual([
      expect.objectContaining({
        ...{ path: 'controls.governor', class: 'blocking', a: ['performance'], b: ['powersave'], systems: both },
      }),
      expect.objectContaining({
        ...{ path: 'kernel.release', class: 'blocking', a: ['6.1.0'], b: ['6.6.0'], systems: both },
      }),
    ]);
  });

  it('of a property that one side could not read are unknown', () => {
    const blind = demoRun({
      id: 'b',
      trials: 3,
      journal: [facts('host alpha', { ...machineFacts(), libc: null }), facts('target lxc-up', machineFacts())],
    });
    const read = demoRun({
      id: 'a',
      trials: 3,
      journal: [facts('host alpha', machineFacts()), facts('target lxc-up', machineFacts())],
    });
    expect(compare(read, blind).configuration.rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: 'libc', class: 'unknown', a: ['glibc 2.36'], b: [null] }),
      ]),
    );
  });
});

it('a noise run gives rows of its host and profile a floor', () => {
  const noise = syntheticRun({ id: 'noise', targets: [{ id: 'linux-up' }], trials: 10 });
  const plan = {
    ...noise.stored.plan,
    noise: true as const,
    trials: noise.stored.plan.trials.map((trial, at) => ({
      ...trial,
      arm: at % 2 === 0 ? ('a' as const) : ('b' as const),
    })),
  };
  const run: LoadedRun = { ...noise, stored: { ...noise.stored, plan } };
  const [a, b] = [demoRun({ id: 'a', trials: 4 }), demoRun({ id: 'b', trials: 4, profile: 'paper' })];
  const found = compare(a, b, { noise: [run] });
  expect(found.noise).toEqual(['noise']);
  expect(found.rows.every(({ noiseFloor }) => (noiseFloor ?? 0) > 0)).toBe(true);
  expect(found.rows.some(({ verdict }) => verdict === 'equivalent')).toBe(true);
  const elsewhere = { ...run, stored: { ...run.stored, plan: { ...plan, profile: 'quick' as const } } };
  expect(compare(a, b, { noise: [elsewhere] }).rows.every(({ noiseFloor }) => noiseFloor === null)).toBe(true);
});
