import { describe, expect, it } from 'vitest';
import { differencesOf, joinEqualBoots, type Compared } from '../../../reports/analysis/differences/matrix.js';
import { readRules, ruleFor, type Side } from '../../../reports/analysis/differences/rule.js';
import { differenceRules } from '../../../reports/analysis/differences/rules.js';
import type { Facts } from '../../../harness/types.js';

const native: Side = { platform: 'native', boundary: 'none', ownKernel: false, host: 'alpha', cpus: 1 };
const lxc: Side = { platform: 'lxc', boundary: 'container', ownKernel: false, host: 'alpha', cpus: 1 };
const kvm: Side = { platform: 'kvm', boundary: 'hypervisor', ownKernel: false, host: 'alpha', cpus: 1 };
const vserver: Side = { platform: 'vserver', boundary: 'container', ownKernel: true, host: 'beta', cpus: 1 };

const system = (side: Side, key: string, properties: Facts): Compared => ({
  ...side,
  key,
  boots: [],
  baseline: key === 'a',
  properties,
});
const differences = (a: Facts, b: Facts, other: Side = lxc) =>
  differencesOf([system(other, 'b', b), system(native, 'a', a)], differenceRules);

describe('the built-in rules', () => {
  it.each([
    ['kernelConfig.hz', native, kvm, 'blocking'],
    ['fileSystem.type', native, lxc, 'blocking'],
    ['libc', native, lxc, 'blocking'],
    ['shell.path', native, lxc, 'blocking'],
    ['shape.cpus', native, lxc, 'blocking'],
    ['tool.lmbench.lat_proc.linkage', native, lxc, 'blocking'],
    ['mitigations.spectre_v2', native, kvm, 'blocking'],
    ['kernel.release', native, lxc, 'blocking'],
    ['kernel.release', native, vserver, 'by design'],
    ['clocksource', native, lxc, 'blocking'],
    ['clocksource', native, kvm, 'by design'],
    ['clocksource', kvm, { ...kvm, host: 'beta' }, 'blocking'],
    ['virtualization.hypervisor', native, kvm, 'by design'],
    ['options.type', native, kvm, 'by design'],
    ['hostname', native, lxc, 'ignored'],
    ['somethingNew', native, lxc, 'unknown'],
  ] as const)('%s', (path, a, b, expected) => {
    expect(ruleFor(differenceRules, path, a, b).is).toBe(expected);
    expect(ruleFor(differenceRules, path, b, a).is).toBe(expected);
  });

  it('have reasons, and none that an earlier one always hides', () => {
    for (const [index, rule] of differenceRules.entries()) {
      expect(rule.why).not.toBe('');
      const hidden = differenceRules
        .slice(0, index)
        .some(
          (earlier) =>
            earlier.acrossHypervisor === undefined &&
            earlier.platforms === undefined &&
            (earlier.path === rule.path ||
              (earlier.path.endsWith('*') && rule.path.startsWith(earlier.path.slice(0, -1)))),
        );
      expect(hidden, rule.path).toBe(false);
    }
  });
});

describe('differencesOf', () => {
  it('finds nothing in equal systems', () => {
    const facts = { libc: 'glibc 2.36', kernelConfig: { hz: 250 } };
    expect(differences(facts, facts)).toEqual({ systems: ['a', 'b'], boots: [[], []], rows: [], alike: 2 });
  });

  it('shows the blocking ones first, with the values of every system, the baseline first', () => {
    const { rows } = differences(
      { zone: 'x', kernelConfig: { hz: 250 }, shell: { path: '/usr/bin/dash' }, platform: 'native' },
      { zone: 'y', kernelConfig: { hz: 1000 }, shell: { path: '/usr/bin/bash' }, platform: 'lxc' },
    );
    expect(rows.map(({ path, class: which }) => [path, which])).toEqual([
      ['kernelConfig.hz', 'blocking'],
      ['shell.path', 'blocking'],
      ['zone', 'unknown'],
      ['platform', 'by design'],
    ]);
    expect(rows[0]?.values).toEqual(['250', '1000']);
  });

  it('cannot judge what was read in one system only', () => {
    const { rows } = differences({ libc: 'glibc 2.36' }, { libc: null });
    expect(rows).toMatchObject([{ path: 'libc', class: 'unknown', values: ['glibc 2.36', null] }]);
    expect(rows[0]?.why).toContain('different C library');
  });

  it('leaves out what could not be read anywhere, and what changes over time', () => {
    expect(differences({ load: [0.1, 0, 0], libc: null }, { load: [2, 1, 1], libc: null }).rows).toEqual([]);
  });

  it('judges the hosts below two guests as hosts', () => {
    const a = system(kvm, 'a', { hostFacts: { frequency: { governor: 'performance' } } });
    const b = system(native, 'b', { hostFacts: { frequency: { governor: 'powersave' } } });
    const { rows } = differencesOf([a, b], differenceRules);
    expect(rows).toMatchObject([{ path: 'hostFacts.frequency.governor', class: 'blocking' }]);
  });

  it('lists a difference of both guest and host once', () => {
    const facts = (hz: number): Facts => ({ kernelConfig: { hz }, hostFacts: { kernelConfig: { hz } } });
    expect(differences(facts(250), facts(100)).rows.map(({ path }) => path)).toEqual(['kernelConfig.hz']);
  });

  it('takes the worst of several systems', () => {
    const others = [system(kvm, 'b', { clocksource: 'kvm-clock' }), system(lxc, 'c', { clocksource: 'hpet' })];
    const { rows } = differencesOf([system(native, 'a', { clocksource: 'tsc' }), ...others], differenceRules);
    expect(rows).toMatchObject([{ class: 'blocking', values: ['tsc', 'kvm-clock', 'hpet'] }]);
  });

  it('is not made slow by a machine with a million facts', () => {
    const many = (seed: string): Facts => Object.fromEntries(Array.from({ length: 1e5 }, (_, i) => [`f${i}`, seed]));
    expect(differences(many('x'), many('y')).rows.length).toBeLessThanOrEqual(5000);
  });
});

describe('joinEqualBoots', () => {
  const boot = (key: string, id: string, properties: Facts): Compared => ({
    ...system(native, key, { bootId: id, ...properties }),
    boots: [id],
  });

  it.each([
    [
      'equal',
      [
        ['a', 'b1', 6],
        ['a', 'b2', 6],
      ],
      [['a', 'b1', 'b2']],
    ],
    [
      'different',
      [
        ['a', 'b1', 6],
        ['a', 'b2', 5],
      ],
      [
        ['a', 'b1'],
        ['a', 'b2'],
      ],
    ],
    [
      'of two kinds',
      [
        ['a', 'b1', 6],
        ['a', 'b2', 5],
        ['a', 'b3', 6],
      ],
      [
        ['a', 'b1', 'b3'],
        ['a', 'b2'],
      ],
    ],
    [
      'of two systems',
      [
        ['a', 'b1', 6],
        ['b', 'b1', 6],
      ],
      [
        ['a', 'b1'],
        ['b', 'b1'],
      ],
    ],
  ] as const)('boots that are %s', (_, boots, expected) => {
    const joined = joinEqualBoots(
      boots.map(([key, id, release]) => boot(key, id, { kernel: { release } })),
      differenceRules,
    );
    expect(joined.map(({ key, boots: ids }) => [key, ...ids])).toEqual(expected);
  });
});

describe("a user's rules", () => {
  it('come in the form of the built-in ones', () => {
    const rules = readRules('[{"path": "libc", "is": "by design", "why": "our images differ", "platforms": ["lxc"]}]');
    expect(ruleFor([...rules, ...differenceRules], 'libc', native, lxc).is).toBe('by design');
    expect(ruleFor([...rules, ...differenceRules], 'libc', native, kvm).is).toBe('blocking');
  });

  it.each([
    ['{}', 'expected a list of rules'],
    ['[1]', 'rule 1: expected "path": text'],
    ['[{"path": "x", "is": "fine", "why": ""}]', 'rule 1: expected "is": one of'],
    ['[{"path": "x", "is": "ignored"}]', 'rule 1: expected "why": text'],
    ['[{"path": "x", "is": "ignored", "why": "", "platform": "kvm"}]', 'rule 1: expected no "platform"'],
    ['[{"path": "x", "is": "ignored", "why": "", "platforms": "kvm"}]', 'rule 1: expected "platforms": a list'],
  ])('%s', (json, message) => {
    expect(() => readRules(json)).toThrow(message);
  });
});
