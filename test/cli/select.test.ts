import { describe, expect, it } from 'vitest';
import { checkPeers, chooseSuites, chooseTargets } from '../../harness/cli/select.js';
import type { Config } from '../../harness/config/load.js';
import { nearest } from '../../harness/config/nearest.js';
import type { PlatformId, Suite, TargetConfig } from '../../harness/types.js';

const suite = (id: string, peer = false): Suite =>
  ({ id, needs: { packages: [], files: [], peer } }) as unknown as Suite;
const suites = [suite('lmbench'), suite('iperf', true), suite('dd')];
const exhibits = [
  { id: 'table-2', title: '', suites: ['lmbench'] },
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
const drivers = new Set<PlatformId>(['native', 'lxc']);

describe('suites', () => {
  it.each([
    [['dd', 'lmbench', 'dd'], [], ['lmbench', 'dd']],
    [[], ['table-2'], ['lmbench']],
    [['dd'], ['figure-5', 'table-2'], ['lmbench', 'iperf', 'dd']],
  ])('named %j with exhibits %j are %j, in the order of the registry', (named, shown, expected) => {
    const chosen = chooseSuites({ suite: named, exhibit: shown }, suites, exhibits);
    expect(chosen.map(({ id }) => id)).toEqual(expected);
  });

  it('must be named', () => {
    expect(() => chooseSuites({ suite: [], exhibit: [] }, suites, exhibits)).toThrow(
      /there are the suites lmbench, iperf, dd/,
    );
  });
});

describe('targets', () => {
  const file = config(target('linux-up', 'native'), target('xen3-up', 'xen'), target('lxc-up', 'lxc'));

  it('that are not named are all that can be started, and the others are told', () => {
    const { targets, leftOut } = chooseTargets([], file, drivers);
    expect(targets.map(({ id }) => id)).toEqual(['linux-up', 'lxc-up']);
    expect(leftOut).toEqual(['target xen3-up: this version has no driver for the platform xen']);
  });

  it('that are named are taken once, in the order given', () => {
    const { targets } = chooseTargets(['lxc-up', 'linux-up', 'lxc-up'], file, drivers);
    expect(targets.map(({ id }) => id)).toEqual(['lxc-up', 'linux-up']);
  });

  it.each([
    ['a file without targets', [], config(), /it has no targets/],
    ['a file of which nothing can be started', [], config(target('x', 'xen')), /can start none of its targets/],
    ['a target that cannot be started', ['xen3-up'], file, /target xen3-up: this version has no driver/],
  ])('%s is an error', (_what, asked, of, message) => {
    expect(() => chooseTargets(asked, of, drivers)).toThrow(message);
  });

  it('need a peer where a suite does', () => {
    const [lmbench, iperf] = suites as [Suite, Suite];
    const alone = [target('linux-up', 'native', 'peer'), target('lxc-up', 'lxc')];
    expect(() => checkPeers([lmbench], alone)).not.toThrow();
    expect(() => checkPeers([lmbench, iperf], alone)).toThrow(/suite iperf needs .* target lxc-up names no "peer"/);
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
