import { describe, expect, it } from 'vitest';
import { buildReport, type Cell, type Report } from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun, type Recipe } from './synthetic.js';

const demo = (overrides: Partial<Recipe> = {}): Report => buildReport([demoRun(overrides)], { suites: [suite] });
function cell(report: Report, metric: string, target: string, exhibit = 'table-2'): Cell {
  const found = report.cells.find(
    (c) => c.exhibit === exhibit && c.metric === `lmbench/${metric}` && c.target === target,
  );
  if (found === undefined) throw new Error(`no cell ${exhibit} ${metric} ${target}`);
  return found;
}
const claim = (report: Report, id: string) => report.claims.find((candidate) => candidate.id === id);

describe('verdicts against the paper', () => {
  const xen = (slowdown: number, noise = 0.005): Cell =>
    cell(
      demo({ noise, targets: [{ id: 'linux-up' }, { id: 'xen3-up', platform: 'xen', slowdown }] }),
      'fork-process',
      'xen3-up',
    );

  it('reproduced, contradicted and inconclusive', () => {
    expect(xen(271.9 / 86.5).verdict).toBe('reproduced');
    expect(xen(2).verdict).toBe('contradicted');
    expect(xen(3.3, 0.03).verdict).toBe('inconclusive');
    expect(xen(3.3, 0.03).why).toMatch(/trials a side would decide it/);
  });

  it('judges claims about ratios', () => {
    const report = demo({
      noise: 0.003,
      targets: [
        { id: 'linux-up' },
        { id: 'vserver-up', platform: 'vserver', slowdown: 1.03 },
        { id: 'xen3-up', platform: 'xen', slowdown: 1.956 },
      ],
    });
    expect(claim(report, 't2-fork-exec-sh-vserver')?.verdict).toBe('contradicted');
    expect(claim(report, 't2-sh-xen-double')?.verdict).toBe('reproduced');
    const absolute = claim(report, 't2-mmap-per-mb');
    expect(absolute?.kind).toBe('absolute');
    expect(absolute?.checks).toHaveLength(6);
    expect(absolute?.why).toContain('another machine need not share it');
  });

  it('a cell is not reproduced where the claim on it has a narrower band and is contradicted', () => {
    // Within 5 % of the published ratio, and not within 1 % of Linux.
    const report = demo({
      noise: 0.003,
      targets: [{ id: 'linux-up' }, { id: 'vserver-up', platform: 'vserver', slowdown: 1.03 }],
    });
    const checks = claim(report, 't2-fork-exec-sh-vserver')?.checks ?? [];
    expect(checks.map(({ verdict }) => verdict)).toContain('contradicted');
    for (const check of checks) {
      const own = report.cells.find(
        (c) => c.exhibit === 'table-2' && c.metric === check.metric && c.target === 'vserver-up',
      );
      expect(own?.verdict).toBe(check.verdict);
      expect(own?.why).toContain('claim t2-fork-exec-sh-vserver');
    }
  });

  it('does not take an LXC container with the name of a column for that system', () => {
    const report = demo({ targets: [{ id: 'linux-up' }, { id: 'vserver-up', platform: 'lxc' }] });
    expect(report.systems[1]?.counterpart).toEqual({ reference: null, column: 'VServer-UP', how: 'orientation' });
    const named = demo({ targets: [{ id: 'linux-up' }, { id: 'box', platform: 'lxc', reproduces: 'VServer-UP' }] });
    expect(named.systems[1]?.counterpart).toEqual({ reference: null, column: 'VServer-UP', how: 'reproduces' });
  });

  it('compares a target with the column of the publication that it names', () => {
    const box = { id: 'box', platform: 'lxc', reproduces: 'soltesz2006-preprint/VServer-UP' };
    const report = demo({ targets: [{ id: 'linux-up' }, box] });
    const reference = 'soltesz2006-preprint';
    expect(report.systems[1]?.counterpart).toEqual({ reference, column: 'VServer-UP', how: 'reproduces' });
    const cell = report.cells.find(
      ({ exhibit, metric, target }) => exhibit === 'table-2' && metric === 'lmbench/fork-process' && target === 'box',
    );
    expect(cell).toMatchObject({ reference, published: 103.4 });
    expect(cell?.otherPublished).toContainEqual(expect.objectContaining({ reference: 'soltesz2007', value: 86.9 }));
    const docker = demo({ targets: [{ id: 'linux-up' }, { ...box, reproduces: 'Docker' }] });
    expect(docker.systems[1]?.counterpart).toEqual({ reference: null, column: 'Docker', how: 'reproduces' });
  });
});
