import { describe, expect, it } from 'vitest';
import { metrics } from '../../../suites/osdb/metrics.js';
import { sizes } from '../../../suites/osdb/sizes.js';
import { steps } from '../../../suites/osdb/steps.js';
import { installation } from './raw.js';

const of = (profile: 'paper' | 'quick') =>
  steps({ profile, installation, scratch: '/s/scratch', dir: '/s/suite', cpus: [0] });

describe('the steps of a trial', () => {
  it.each(['paper', 'quick'] as const)('of the %s profile promise each metric once', (profile) => {
    const promised = of(profile).flatMap(({ yields }) => yields ?? []);
    expect([...promised].sort()).toEqual(Object.keys(metrics).sort());
  });

  it('run a fixed number of queries on a database of the size of the profile', () => {
    const [paper, quick] = [of('paper'), of('quick')].map(
      (all) => all.find(({ name }) => name === 'read-rows')?.argv.join(' ') ?? '',
    );
    expect(sizes.paper).toMatchObject({ rows: 100_000, users: 10 });
    expect(sizes.quick).toMatchObject({ rows: 10_000, users: 10 });
    expect(paper).toMatch(/ -D n=100000 .* -c 10 -j 10 -t 60000 --random-seed=2007 osdb$/);
    expect(quick).toMatch(/ -D n=10000 .* -c 10 -j 10 -t 5000 --random-seed=2007 osdb$/);
  });

  it('ready everything before the start instant, and log nothing while rows are counted', () => {
    const measured = of('quick').filter(({ phase }) => phase === 'measure');
    expect(measured.map(({ name }) => name)).toEqual(['read-rows', 'served-after', 'time-rows']);
    expect(measured[0]?.argv).not.toContain('-l');
    expect(of('quick').filter(({ keep }) => keep === true)).toHaveLength(1);
  });

  it('refuse the installation of another suite', () => {
    const other = { ...installation, data: {} };
    expect(() => steps({ profile: 'quick', installation: other, scratch: '/s', dir: '/d', cpus: [0] })).toThrow(/osdb/);
  });
});
