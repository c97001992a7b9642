import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leftOutOf, makePlan } from '../../../harness/run/plan/plan.js';
import { planHash } from '../../../harness/store/index.js';
import type { HostConfig, TargetConfig } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';
import { dummyWorkload } from '../dummy-workload.js';

const target = (id: string): TargetConfig => ({
  id,
  host: 'alpha',
  platform: 'native',
  shape: { cpus: [1] },
  options: {},
});

const request = fc.record({
  seed: fc.nat(),
  trials: fc.integer({ min: 1, max: 6 }),
  suites: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
  targets: fc.uniqueArray(fc.constantFrom('x', 'y', 'z', 'w'), { minLength: 1 }),
});

describe('makePlan', () => {
  it('puts every target once into every block of every suite, whatever the seed', () => {
    fc.assert(
      fc.property(request, ({ seed, trials, suites, targets }) => {
        const plan = makePlan({
          seed,
          trials,
          profile: 'quick',
          suites: suites.map((id) => dummySuite({ id })),
          targets: targets.map(target),
        });
        const seen = plan.trials.map((trial) => `${trial.block} ${trial.assignments[0].suite} ${trial.target}`);
        const wanted = Array.from({ length: trials }, (_, block) =>
          suites.flatMap((suite) => targets.map((id) => `${block + 1} ${suite} ${id}`)),
        ).flat();
        expect([...seen].sort()).toEqual(wanted.sort());
        expect(plan.trials.map(({ block }) => block)).toEqual(
          plan.trials.map(({ block }) => block).sort((a, b) => a - b),
        );
        expect(new Set(plan.trials.map(({ id }) => id)).size).toBe(plan.trials.length);
      }),
    );
  });

  it('has each arm of a noise run once in every block of every suite, whatever the seed', () => {
    fc.assert(
      fc.property(request, ({ seed, trials, suites }) => {
        const plan = makePlan({
          seed,
          trials,
          noise: true,
          profile: 'quick',
          suites: suites.map((id) => dummySuite({ id })),
          targets: [target('x')],
        });
        expect(plan.noise).toBe(true);
        for (const suite of suites) {
          const own = plan.trials.filter(({ assignments: workload }) => workload[0].suite === suite);
          for (let block = 1; block <= trials; block += 1) {
            const arms = own.filter((trial) => trial.block === block).map(({ arm }) => arm);
            expect([...arms].sort()).toEqual(['a', 'b', 'detached']);
            // How long the first is to be left alone is known from the others.
            if (block === 1) expect(arms[2]).toBe('detached');
          }
        }
        expect(new Set(plan.trials.map(({ id }) => id)).size).toBe(plan.trials.length);
      }),
    );
  });

  it.each([
    ['two targets', { targets: ['x', 'y'].map(target) }, /x, y/],
    ['a rule on precision', { precision: { ciWidth: 0.01, minTrials: 3, maxTrials: 9 } }, /rule on precision/],
    ['another order', { order: 'abba' as const }, /order abba/],
  ])('refuses the noise of %s', (_what, more, found) => {
    const asked = { seed: 1, noise: true as const, profile: 'quick' as const, suites: [dummySuite({ id: 'a' })] };
    expect(() => makePlan({ ...asked, targets: [target('x')], ...more })).toThrow(found);
  });

  it('puts two targets as A B B A or B A A B into every whole block of every suite, whatever the seed', () => {
    fc.assert(
      fc.property(request, ({ seed, trials, suites }) => {
        const plan = makePlan({
          seed,
          trials,
          order: 'abba',
          profile: 'quick',
          suites: suites.map((id) => dummySuite({ id })),
          targets: ['A', 'B'].map(target),
        });
        for (const suite of suites) {
          const own = plan.trials.filter(({ assignments: workload }) => workload[0].suite === suite);
          const orders = Array.from({ length: Math.ceil(trials / 2) }, (_, block) =>
            own.flatMap((trial) => (trial.block === block + 1 ? [trial.target] : [])).join(''),
          );
          const half = trials % 2 === 1 ? orders.splice(-1) : [];
          expect(orders.filter((order) => order !== 'ABBA' && order !== 'BAAB')).toEqual([]);
          expect(half.filter((order) => order !== 'AB' && order !== 'BA')).toEqual([]);
          expect(own).toHaveLength(2 * trials);
        }
      }),
    );
  });

  it.each([[['A']], [['A', 'B', 'C']]])('refuses the order abba for the targets %j', (targets) => {
    const make = () =>
      makePlan({ seed: 1, order: 'abba', profile: 'quick', suites: [dummySuite()], targets: targets.map(target) });
    expect(make).toThrow(/compares two targets/);
  });

  it('plans as many trials as a rule on precision may take, and keeps the rule', () => {
    const until = { ciWidth: 0.01, minTrials: 5, maxTrials: 7 };
    const plan = makePlan({
      seed: 1,
      precision: until,
      profile: 'quick',
      suites: [dummySuite()],
      targets: [target('x')],
    });
    expect(plan.trials).toHaveLength(7);
    expect(plan.precision).toEqual(until);
  });

  it('gives the same plan, and so the same hash, for the same request, and another order for another seed', () => {
    const make = (seed: number) =>
      makePlan({
        seed,
        profile: 'quick',
        trials: 20,
        suites: [dummySuite({ id: 'a' })],
        targets: ['x', 'y', 'z'].map(target),
      });
    expect(planHash(make(1))).toBe(planHash(make(1)));
    expect(make(1).trials).not.toEqual(make(2).trials);
  });

  it('puts every target first about equally often', () => {
    const plan = makePlan({
      seed: 7,
      profile: 'quick',
      trials: 900,
      suites: [dummySuite({ id: 'a' })],
      targets: ['x', 'y', 'z'].map(target),
    });
    const first = plan.trials.filter((trial, index) => plan.trials[index - 1]?.block !== trial.block);
    for (const id of ['x', 'y', 'z']) {
      const share = first.filter((trial) => trial.target === id).length / first.length;
      expect(share).toBeGreaterThan(0.27);
      expect(share).toBeLessThan(0.4);
    }
  });

  it('plans the trials of the profile of each suite by default', () => {
    const plan = makePlan({
      seed: 1,
      profile: 'quick',
      suites: [dummySuite({ id: 'a', trials: 2 }), dummySuite({ id: 'b', trials: 3 })],
      targets: [target('x')],
    });
    const suites = plan.trials.map((trial) => trial.assignments[0].suite);
    expect(suites.filter((id) => id === 'a')).toHaveLength(2);
    expect(suites.filter((id) => id === 'b')).toHaveLength(3);
  });

  const capped = dummyWorkload(
    [
      { guest: 0, suite: 'a' },
      { guest: 1, suite: 'a', limits: { cpuCap: 0.25 } },
    ],
    { id: 'capped', enforced: ['cap'], trials: 2 },
  );
  const lxc = { ...target('y'), platform: 'lxc' } as const;
  const enforces = new Map([['lxc', ['cpus', 'cap']] as const, ['native', ['cpus']] as const]);

  it('mixes workloads into the blocks, on the targets whose platform enforces what they need, and reports the others', () => {
    const suites = [dummySuite({ id: 'a', trials: 2 })];
    const targets = [target('x'), lxc];
    const request = { seed: 5, profile: 'quick', suites, workloads: [capped], targets, enforces } as const;
    const plan = makePlan(request);
    const seen = plan.trials.map(({ block, target: on, workload: of = '' }) => `${block} ${on} ${of}`);
    expect([...seen].sort()).toEqual(['1 x ', '1 y ', '1 y capped', '2 x ', '2 y ', '2 y capped']);
    expect(plan.trials.find(({ workload: of }) => of === 'capped')?.assignments).toEqual(capped.assign({ cpus: [1] }));
    expect(plan.workloads).toEqual([{ id: 'capped', version: 1 }]);
    expect(leftOutOf(request)).toEqual([
      "target x of workload capped: the platform native cannot enforce the guest's CPU cap",
    ]);
  });

  it('leaves out what would measure nothing', () => {
    const workloads = [dummyWorkload([{ guest: 0, suite: 'a', role: 'load' }])];
    const request = { seed: 5, profile: 'quick', suites: [], workloads, targets: [lxc], enforces } as const;
    expect(makePlan(request).trials).toEqual([]);
    expect(leftOutOf(request)).toEqual([
      'target y of workload together: nothing can be measured in guests of this shape',
    ]);
  });

  it('uses the number of trials of the request for workloads, too', () => {
    const request = { seed: 5, profile: 'quick', suites: [], workloads: [capped], targets: [lxc], enforces } as const;
    expect(makePlan({ ...request, trials: 7 }).trials).toHaveLength(7);
  });

  it('names emulated hosts and thresholds, and neither where there are none', () => {
    const host: HostConfig = { id: 'alpha', connect: { via: 'local' } };
    const request = { seed: 1, profile: 'quick', suites: [dummySuite()], targets: [target('x')] } as const;
    const plain = makePlan({ ...request, gates: {}, hosts: new Map([['alpha', host]]) });
    expect(Object.keys(plain)).not.toContain('emulated');
    expect(planHash(plain)).toBe(planHash(makePlan(request)));
    const emulated = makePlan({
      ...request,
      gates: { skew: 2 },
      hosts: new Map([['alpha', { ...host, lab: 'emulated' as const }]]),
    });
    expect(emulated).toMatchObject({ emulated: ['alpha'], gates: { skew: 2 } });
  });
});
