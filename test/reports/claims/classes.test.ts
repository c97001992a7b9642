import { describe, expect, it } from 'vitest';
import { buildReport, type Report } from '../../../reports/index.js';
import type { ClassResult } from '../../../reports/model/classes.js';
import { classClaims } from '../../../reports/claims/classes.js';
import { claims } from '../../../reports/claims/registry.js';
import { figureRun, figureSuites, paperRun, type FigureTarget } from '../figure-scenes.js';

const MODERN: readonly FigureTarget[] = [
  { id: 'linux-up', label: 'Linux-UP' },
  { id: 'lxc-up', platform: 'lxc' },
  { id: 'docker-up', platform: 'docker' },
  {
    id: 'kvm-up',
    platform: 'kvm',
    factors: { 'dd/write': 0.7, 'postmark/transactions': 0.8, 'iperf/throughput': 0.9 },
  },
];

function reportOf(targets: readonly FigureTarget[], profile: 'paper' | 'quick' = 'paper'): Report {
  return buildReport([figureRun({ targets, noise: 0.002, profile })], { suites: figureSuites });
}

function classOf(report: Report, id: string): ClassResult {
  const found = report.classes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}; there are ${report.classes.map((one) => one.id).join(', ')}`);
  return found;
}

describe('claims about kinds of systems', () => {
  it('are of claims that there are', () => {
    for (const { claim } of classClaims) expect(claims.map(({ id }) => id)).toContain(claim);
  });

  const report = reportOf(MODERN);

  it('compare every container with the native system, as one family', () => {
    const result = classOf(report, 'f6a-dd-vserver/container');
    expect(result.checks.map(({ target }) => target)).toEqual(['lxc-up', 'docker-up']);
    expect(result.verdict).toBe('reproduced');
    expect(result.extension).toMatch(/^An extension of the claim to every measured container/);
  });

  it('are contradicted by one system that differs, after the adjustment for all', () => {
    const slow = MODERN.map((target) =>
      target.id === 'docker-up' ? { ...target, factors: { 'dd/write': 0.8 } } : target,
    );
    const result = classOf(reportOf(slow), 'f6a-dd-vserver/container');
    expect(result.verdict).toBe('contradicted');
    expect(result.checks.map(({ verdict }) => verdict)).toEqual(['reproduced', 'contradicted']);
    for (const { holmP } of result.checks) expect(holmP).not.toBeNull();
  });

  it('compare each container with each hypervisor', () => {
    const result = classOf(report, 'f6a-postmark-xen/container-hypervisor');
    expect(result.checks.map(({ quantity }) => quantity)).toEqual([
      'PostMark, performance of kvm-up relative to lxc-up',
      'PostMark, performance of kvm-up relative to docker-up',
    ]);
    expect(result.verdict).toBe('reproduced');
  });

  it('are not of the claim itself: those about the paper’s systems alone have no extension, and claims keep their verdicts', () => {
    const paper = buildReport([paperRun()], { suites: figureSuites });
    expect(paper.classes).toEqual([]);
    expect(report.claims.find(({ id }) => id === 'f6a-dd-vserver')?.verdict).toBe('not measured');
  });

  it('of the quick profile are not comparable', () => {
    expect(classOf(reportOf(MODERN, 'quick'), 'f6a-dd-xen/hypervisor').verdict).toBe('not comparable');
  });
});
