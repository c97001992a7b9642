import { describe, expect, it } from 'vitest';
import { gateValue } from '../../harness/cli/option-values.js';
import {
  checkPeers,
  chooseSuites,
  chooseTargets,
  chooseWorkloads,
  requireSome,
  type ExhibitChoice,
} from '../../harness/cli/select.js';
import type { Config } from '../../harness/config/load.js';
import { nearest } from '../../harness/nearest.js';
import { suites as registered } from '../../suites/index.js';
import type { PlatformId } from '../../harness/platforms/index.js';
import type { Suite, TargetConfig, Workload } from '../../harness/types.js';

const suite = (id: string, peer = false): Suite =>
  ({ id, needs: { packages: [], files: [], peer } }) as unknown as Suite;
const suites = [suite('lmbench'), suite('iperf', true), suite('dd')];
const workloads = ['table-3-cap', 'osdb-2'].map((id) => ({ id }) as Workload);
const exhibits: readonly ExhibitChoice[] = [
  { id: 'table-2', title: '', suites: ['lmbench'] },
  { id: 'table-3', title: '', suites: [], workloads: ['table-3-cap'] },
  { id: 'figure-5', title: '', suites: ['iperf', 'lmbench'] },
];
const target = (id: string, platform: PlatformId, peer?: string): TargetConfig => ({
  id,
  host: 'alpha',
  platform,
  shape: { cpus: [1] },
  options: {},
  ...(peer === undefined ? {} : { peer }),
});
const config = (...targets: readonly TargetConfig[]): Config => ({
  path: '/hosts.json',
  hosts: new Map(),
  targets: new Map(targets.map((each) => [each.id, each])),
});

describe('suites', () => {
  it.each([
    [['dd', 'lmbench', 'dd'], [], ['lmbench', 'dd']],
    [[], ['table-2'], ['lmbench']],
    [['dd'], ['figure-5', 'table-2'], ['lmbench', 'iperf', 'dd']],
  ])('named %j with exhibits %j are %j, in the order of the registry', (named, shown, expected) => {
    const chosen = chooseSuites({ suite: named, exhibit: shown }, suites, exhibits);
    expect(chosen.map(({ id }) => id)).toEqual(expected);
  });

  it('that are only a load are refused alone', () => {
    const known = [...suites, { ...suite('flood'), isLoad: true } as const];
    expect(() => chooseSuites({ suite: ['dd', 'flood'], exhibit: [] }, known, exhibits)).toThrow(
      /suite flood is only a load for other guests.*bench list workloads/s,
    );
    expect(chooseSuites({ suite: ['dd'], exhibit: [] }, known, exhibits).map(({ id }) => id)).toEqual(['dd']);
  });

  it.each([
    ['pgbench', 'did you mean "osdb" or "osdb-rows", which run pgbench?'],
    ['PGBench', 'did you mean "osdb" or "osdb-rows", which run pgbench?'],
    ['sysbench', 'did you mean "cpu", which runs sysbench?'],
    ['lat_ctx', 'did you mean "lmbench", which runs lat_ctx?'],
    ['lat_cxt', 'did you mean "lmbench", which runs lat_ctx?'],
    ['make', 'did you mean "kernel-compile", which runs make?'],
    ['lmbnch', 'did you mean "lmbench"?'],
    ['something-else', 'there are lmbench, iperf'],
  ])('with the name %s: %s', (name, hint) => {
    expect(() => chooseSuites({ suite: [name], exhibit: [] }, registered, exhibits)).toThrow(hint);
  });

  it('must be named', () => {
    const chosen = { suites: chooseSuites({ suite: [], exhibit: [] }, suites, exhibits), workloads: [] };
    expect(() => requireSome(chosen, { suites, workloads })).toThrow(
      /suites: lmbench, iperf, dd; workloads: table-3-cap, osdb-2/,
    );
    expect(() => requireSome({ suites: [], workloads }, { suites, workloads })).not.toThrow();
  });
});

describe('workloads', () => {
  it.each([
    [['osdb-2'], [], ['osdb-2']],
    [[], ['table-3'], ['table-3-cap']],
    [[], ['table-2'], []],
    [['osdb-2'], ['table-3', 'table-2'], ['table-3-cap', 'osdb-2']],
  ])('named %j with exhibits %j are %j, in the order of the registry', (named, shown, expected) => {
    const chosen = chooseWorkloads({ workload: named, exhibit: shown }, workloads, exhibits);
    expect(chosen.map(({ id }) => id)).toEqual(expected);
  });

  it('that are unknown are refused with the nearest id', () => {
    expect(() => chooseWorkloads({ workload: ['osdb2'], exhibit: [] }, workloads, exhibits)).toThrow(/osdb-2/);
  });
});

describe('thresholds of gates', () => {
  it.each([
    ['skew=2ms', { skew: 2 }],
    ['skew=500us', { skew: 0.5 }],
    ['skew=3', { skew: 3 }],
    ['overlap=90', { overlap: 90 }],
    ['overlap=90%', { overlap: 90 }],
    ['foreign-load=2.5', { 'foreign-load': 2.5 }],
    ['swap=0', { swap: 0 }],
    ['clock-step=1s', { 'clock-step': 1000 }],
  ])('%s is %j, in the unit of the gate', (text, expected) => {
    expect(gateValue(text, {})).toEqual(expected);
  });

  it('add up', () => {
    expect(gateValue('skew=2', gateValue('overlap=90', {}))).toEqual({ overlap: 90, skew: 2 });
  });

  it.each(['skew', 'skew=', 'skew=-1', 'skew=2%', 'overlap=90ms', 'luck=3', 'skew=1e9', '__proto__=1', 'swap=1%'])(
    '%s is refused, with the known gates',
    (text) => {
      expect(() => gateValue(text, {})).toThrow(/skew in ms, overlap in percent/);
    },
  );
});

describe('targets', () => {
  const file = config(target('linux-up', 'native'), target('xen3-up', 'xen'), target('lxc-up', 'lxc'));

  it('that are not named are all of the file', () => {
    expect(chooseTargets([], file).map(({ id }) => id)).toEqual(['linux-up', 'xen3-up', 'lxc-up']);
  });

  it('that are named are taken once, in the order given', () => {
    const targets = chooseTargets(['lxc-up', 'linux-up', 'lxc-up'], file);
    expect(targets.map(({ id }) => id)).toEqual(['lxc-up', 'linux-up']);
  });

  it('are needed', () => {
    expect(() => chooseTargets([], config())).toThrow(/hosts.json has no targets/);
  });

  it('need a peer where a suite does', () => {
    const [lmbench, iperf] = suites as [Suite, Suite];
    const alone = [target('linux-up', 'native', 'peer'), target('lxc-up', 'lxc')];
    expect(() => checkPeers([lmbench], alone)).not.toThrow();
    expect(() => checkPeers([lmbench, iperf], alone)).toThrow(/suite iperf needs .* target lxc-up has no "peer"/);
  });
});

describe('the nearest name', () => {
  it.each([
    ['lmbnch', 'lmbench'],
    ['LMBENCH', 'lmbench'],
    ['dd', 'dd'],
    ['postmark', undefined],
    ['', 'dd'],
  ])('of %j is %j', (name, expected) => {
    expect(nearest(name, ['lmbench', 'iperf', 'dd'])).toBe(expected);
  });
});
