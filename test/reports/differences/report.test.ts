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
import { demoRun, facts, machineFacts, type RecipeTarget } from '../synthetic.js';

const assets = await loadAssets();

/** A report of `linux-up` and `lxc-up` whose guest has these facts besides those of the host. */
function reportWith(other: Facts, targets?: readonly RecipeTarget[], more: readonly JournalEntry[] = []): Report {
  const journal = [
    facts('host alpha', machineFacts()),
    facts('target lxc-up', { ...machineFacts(), ...other }),
    ...more,
  ];
  return buildReport([demoRun({ journal, ...(targets === undefined ? {} : { targets }) })], { suites: [suite] });
}

const unequal: Facts = {
  kernelConfig: { hz: 1000, preemption: 'voluntary', smp: true },
  shell: { path: '/usr/bin/bash', package: 'dash 0.5.12' },
  fileSystem: { type: 'xfs', options: 'rw,relatime' },
};

describe('a deliberately unequal pair', () => {
  const report = reportWith(unequal);

  it('is opened with exactly what is unequal, in every form', () => {
    const blocking = report.differences?.rows.filter((row) => row.class === 'blocking');
    expect(blocking?.map(({ path, values }) => [path, ...values])).toEqual([
      ['fileSystem.type', 'ext4', 'xfs'],
      ['kernelConfig.hz', '250', '1000'],
      ['shell.path', '/usr/bin/dash', '/usr/bin/bash'],
    ]);
    const statement =
      'Not a like-for-like comparison: 3 blocking differences: file system ext4 versus xfs; ' +
      'tick rate 250 versus 1000; /bin/sh /usr/bin/dash versus /usr/bin/bash.';
    expect(report.differences?.statement).toBe(statement);
    const page = renderHtml(report, assets, { linkBase: '..' });
    const main = page.slice(page.indexOf('<main>'));
    expect(main.indexOf('Not a like-for-like comparison: 3 blocking')).toBeLessThan(main.indexOf('class="comparable'));
    expect(main).toContain('<a href="#differences">');
    expect(main).toContain('id="differences"');
    expect(main).toMatch(/<details class="differences" open>\s*<summary><strong>Blocking/);
    const plain = (text: string): string => text.replaceAll('\\', '').replaceAll('\n', ' ');
    expect(plain(renderMarkdown(report)).slice(0, 600)).toContain(statement);
    expect(plain(renderTerminal(report, { width: 80 })).slice(0, 400)).toContain(statement);
  });

  it('names which of several systems differ', () => {
    const targets = [
      { id: 'linux-up' },
      { id: 'lxc-up', platform: 'lxc' },
      { id: 'docker-up', platform: 'docker' },
    ] as const;
    const several = reportWith({ libc: 'musl 1.2' }, targets, [facts('target docker-up', machineFacts())]);
    expect(several.differences?.statement).toBe(
      'Not a like-for-like comparison: 1 blocking difference: C library glibc 2.36 versus musl 1.2 (lxc-up).',
    );
  });

  it('follows the rules of the user', () => {
    const rules = [{ path: 'fileSystem.*', is: 'by design', why: 'ours' } as const];
    const journal = [facts('host alpha', machineFacts()), facts('target lxc-up', { ...machineFacts(), ...unequal })];
    const judged = buildReport([demoRun({ journal })], { suites: [suite], rules });
    expect(judged.differences?.blocking).toBe(2);
    expect(judged.differences?.rows.find(({ path }) => path === 'fileSystem.type')).toMatchObject({ why: 'ours' });
  });
});

describe('an equal pair', () => {
  it('is reported with the number of properties compared', () => {
    const { differences } = reportWith({});
    expect(differences).toMatchObject({ blocking: 0, unread: [] });
    expect(differences?.rows.map(({ path }) => path)).toEqual(['platform']);
    expect(differences?.statement).toBe(
      `No blocking difference among ${differences?.compared ?? 0} properties compared.`,
    );
    expect(differences?.compared).toBeGreaterThan(20);
  });

  it('is not called equal where the guests were not read', () => {
    const report = buildReport([demoRun({ journal: [facts('host alpha', machineFacts())] })], { suites: [suite] });
    expect(report.differences?.statement).toContain('The facts of guests of lxc-up were not recorded');
    expect(report.differences?.rows.map(({ path }) => path)).toEqual(['platform']);
  });

  it('needs two systems', () => {
    const alone = buildReport([demoRun({ targets: [{ id: 'linux-up' }] })], { suites: [suite] });
    expect(alone.differences).toBeNull();
    expect(renderHtml(alone, assets, { linkBase: '..' })).not.toContain('#differences');
  });
});

it('shows output of hosts as text', () => {
  const report = reportWith({ libc: '<script>alert(1)</script>\u202e' });
  const page = renderHtml(report, assets, { linkBase: '..' });
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('\u202e');
});
