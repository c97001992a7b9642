import { describe, expect, it } from 'vitest';
import type { Facts, JournalEntry } from '../../../harness/types.js';
import {
  buildReport,
  loadAssets,
  renderHtml,
  renderMarkdown,
  renderTerminal,
  type Report,
} from '../../../reports/index.js';
import { suite } from '../suite.js';
import { demoRun, facts, machineFacts, type Recipe } from '../synthetic.js';

const assets = await loadAssets();

const FIRST = '11111111-aaaa';
const SECOND = '22222222-bbbb';

/** A machine in one boot. */
const booted = (bootId: string, release: string, hz: number): Facts => ({
  ...machineFacts(),
  bootId,
  kernel: { release, arch: 'x86_64' },
  kernelConfig: { hz, preemption: 'voluntary', smp: true },
});
const hostIn = (bootId: string, release: string, hz: number): JournalEntry =>
  facts('host alpha', booted(bootId, release, hz), bootId);

const otherKernels = [hostIn(FIRST, '6.1.0', 250), hostIn(SECOND, '2.6.18', 1000)];
const reportOf = (...runs: readonly Partial<Recipe>[]): Report =>
  buildReport(
    runs.map((run) => demoRun({ trials: 4, ...run })),
    { suites: [suite] },
  );

describe('one host in two boots with other kernels', () => {
  const targets = [
    { id: 'linux-up', boot: 'new' },
    { id: 'old-up', boot: 'old' },
  ];
  const bootOf = (target: string): string => (target === 'linux-up' ? FIRST : SECOND);
  const statement =
    'Not a like-for-like comparison: 2 blocking differences: kernel 6.1.0 versus 2.6.18; tick rate 250 versus 1000.';

  it.each([
    ['in the order of the boots', otherKernels],
    ['whichever came last', otherKernels.toReversed()],
    // Journals of hosts have the boot among the facts also where the entry does not name it.
    [
      'without a boot in the entry',
      [facts('host alpha', booted(FIRST, '6.1.0', 250)), facts('host alpha', booted(SECOND, '2.6.18', 1000))],
    ],
  ])('compares each target in its own boot, %s', (_, journal) => {
    const report = reportOf({ targets, bootOf, journal });
    expect(report.differences).toMatchObject({ labels: ['linux-up', 'old-up'], boots: [[FIRST], [SECOND]], statement });
    const main = renderHtml(report, assets, { linkBase: '..' }).replace(/^[^]*<main>/, '');
    expect(main.indexOf('kernel 6.1.0 versus 2.6.18')).toBeGreaterThan(0);
    expect(main.indexOf('kernel 6.1.0 versus 2.6.18')).toBeLessThan(main.indexOf('class="comparable'));
    expect(main).toContain('host alpha, boot 11111111');
    const plain = (text: string): string => text.replaceAll('\\', '').replaceAll('\n', ' ');
    expect(plain(renderMarkdown(report)).slice(0, 600)).toContain(statement);
    expect(plain(renderTerminal(report, { width: 80 })).slice(0, 400)).toContain(statement);
  });

  it('compares guests with what was read inside them in that boot', () => {
    const report = reportOf({
      targets: [
        { id: 'linux-up', boot: 'new' },
        { id: 'lxc-up', platform: 'lxc', boot: 'old' },
      ],
      bootOf,
      journal: [
        ...otherKernels,
        facts('target lxc-up', booted('x', '2.6.18', 1000), SECOND),
        facts('target lxc-up', booted('x', '6.1.0', 250), FIRST),
      ],
    });
    expect(report.differences?.statement).toBe(statement);
  });
});

describe('one target in several boots', () => {
  const targets = [{ id: 'linux-up' }];
  const bootOf = (_: string, trial: number): string => (trial < 2 ? FIRST : SECOND);

  it('is a column for each boot, and an unfair comparison with itself, where the kernel changed', () => {
    const report = reportOf({ targets, bootOf, journal: otherKernels });
    expect(report.systems).toHaveLength(1);
    expect(report.differences).toMatchObject({
      systems: [report.systems[0]?.key, report.systems[0]?.key],
      boots: [[FIRST], [SECOND]],
      labels: ['linux-up (boot 11111111)', 'linux-up (boot 22222222)'],
      blocking: 2,
    });
  });

  it('is one column where all boots are alike', () => {
    const journal = [hostIn(FIRST, '6.1.0', 250), hostIn(SECOND, '6.1.0', 250), facts('target lxc-up', machineFacts())];
    const both = [...targets, { id: 'lxc-up', platform: 'lxc' }];
    const report = reportOf({ targets: both, bootOf, journal });
    expect(report.differences?.boots).toEqual([
      [FIRST, SECOND],
      [FIRST, SECOND],
    ]);
    expect(reportOf({ targets, bootOf, journal }).differences).toBeNull();
  });
});

describe('a target that was changed between two runs', () => {
  it.each([
    ['boot', { boot: 'old' }, { boot: 'new' }, ['linux-up (boot old)', 'linux-up (boot new)']],
    ['peer', { peer: 'beta' }, { peer: 'gamma' }, ['linux-up (peer beta)', 'linux-up (peer gamma)']],
    ['boot, which it had not named', {}, { boot: 'new' }, ['linux-up (boot unnamed)', 'linux-up (boot new)']],
  ])('is two systems: %s', (_, before, after, labels) => {
    const report = reportOf(
      { id: 'before', targets: [{ id: 'linux-up', ...before }], journal: [hostIn(FIRST, '6.1.0', 250)] },
      { id: 'after', targets: [{ id: 'linux-up', ...after }], journal: [hostIn(FIRST, '6.1.0', 250)] },
    );
    expect(report.systems.map(({ label }) => label)).toEqual(labels);
    expect(new Set(report.cells.map(({ n }) => n ?? 0))).toEqual(new Set([4]));
  });

  it('is one where neither changed', () => {
    const targets = [{ id: 'linux-up', boot: 'old', peer: 'beta' }];
    const report = reportOf({ id: 'before', targets }, { id: 'after', targets });
    expect(report.systems).toHaveLength(1);
    expect(Math.max(...report.cells.map(({ n }) => n ?? 0))).toBe(8);
  });
});
