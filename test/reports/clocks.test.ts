import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildReport, type Report } from '../../reports/index.js';
import type { CpuClock } from '../../harness/types.js';
import type { Cell } from '../../reports/model/types.js';
import { figureRun, figureSuites, type FigureTarget } from './figure-scenes.js';
import { scenes } from './rendered-scenes.js';

type Kind = CpuClock['kind'];

const CPU = 'iperf-cpu/receiver-cpu';
const cpuSuite = figureSuites.filter(({ id }) => id === 'iperf-cpu');

function reportOf(targets: readonly FigureTarget[]): Report {
  return buildReport([figureRun({ targets, suites: cpuSuite, trials: 6 })], { suites: cpuSuite });
}

const always = (kind: Kind) => (): Kind => kind;
const kindOf = ({ notes }: Cell): Kind | undefined => notes.find((note) => note.kind === 'clock')?.clock.kind;
const cpuCells = ({ cells }: Report): readonly Cell[] =>
  cells.filter(({ exhibit, metric }) => exhibit === 'figure-5' && metric === CPU);
const native: FigureTarget = { id: 'linux-up', label: 'Linux-UP' };

/** Cells with any comparison to a baseline of which none was counted by the same kind of clock. */
function compared(report: Report): readonly Cell[] {
  const baselines = new Set(report.systems.filter(({ baseline }) => baseline).map(({ key }) => key));
  return report.cells.filter(
    (cell) =>
      [cell.ratio, cell.ratioLow, cell.relative, cell.difference].some((value) => value !== null) &&
      !report.cells.some(
        (other) => baselines.has(other.system) && other.metric === cell.metric && kindOf(other) === kindOf(cell),
      ),
  );
}

describe('CPU times', () => {
  it('of one kind of clock have a ratio, whatever its words are', () => {
    const report = reportOf([
      { ...native, clock: always('cgroup') },
      { id: 'lxc-up', platform: 'lxc', clock: always('cgroup'), factors: { [CPU]: 1.3 } },
    ]);
    const [, lxc] = cpuCells(report);
    expect(lxc?.ratio).toBeCloseTo(1.3, 1);
    expect(lxc?.difference?.welchP).toBeLessThan(0.05);
  });

  it('of two kinds have none, nor a p value, headline or claim, and a note names both', () => {
    const report = reportOf([
      { ...native, clock: always('proc-stat') },
      {
        ...{ id: 'xen3-two', label: 'Xen3 two CPUs', reproduces: 'Xen3 two CPUs', platform: 'xen' },
        ...{ shape: { cpus: [0, 1] }, clock: always('hypervisor'), factors: { [CPU]: 2 } },
      },
    ]);
    const cell = cpuCells(report).find(({ target }) => target === 'xen3-two');
    expect(cell).toMatchObject({ state: 'value', ratio: null, relative: null, difference: null });
    expect(cell?.notes).toContainEqual({
      ...{ kind: 'no ratio', reason: 'clock' },
      own: { kind: 'hypervisor', words: 'the hypervisor of it' },
      baseline: { kind: 'proc-stat', words: 'the proc-stat of it' },
    });
    const claim = report.claims.find(({ id }) => id === 'f5-xen-2cpu');
    expect(claim?.why).toMatch(/different clocks counted the CPU time of Xen3 two CPUs and Linux-UP/);
    expect(claim?.checks).toEqual([]);
    expect(JSON.stringify(report.headlines)).toMatch(/CPU of the receiver counted by different clocks, which are not/);
  });

  it('of one system that changed its clock are two cells, and each is compared with its own kind', () => {
    const changes = (trial: number): Kind => (trial < 3 ? 'proc-stat' : 'cgroup');
    const report = reportOf([
      { ...native, clock: changes },
      { id: 'lxc-up', platform: 'lxc', clock: always('cgroup') },
    ]);
    const cells = cpuCells(report);
    expect(cells.map((cell) => [cell.target, kindOf(cell), cell.n])).toEqual([
      ['linux-up', 'proc-stat', 3],
      ['linux-up', 'cgroup', 3],
      ['lxc-up', 'cgroup', 6],
    ]);
    expect(cells[2]?.ratio).toBeCloseTo((cells[2]?.center ?? 0) / (cells[1]?.center ?? 0), 12);
  });

  it.each(scenes)('of the scene %s are compared within a kind only', (_, report) => {
    expect(compared(report)).toEqual([]);
  });

  it('of any systems and trials are compared within a kind only', () => {
    const kinds = fc.constantFrom<(Kind | undefined)[]>(
      'cgroup',
      'proc-stat',
      'hypervisor',
      'machine-ticks',
      undefined,
    );
    const six = fc.array(kinds, { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(six, six, six, (first, second, third) => {
        const report = reportOf([
          { ...native, clock: (trial) => first[trial] },
          { id: 'lxc-up', platform: 'lxc', clock: (trial) => second[trial] },
          { id: 'xen3-up', platform: 'xen', clock: (trial) => third[trial] },
        ]);
        expect(compared(report)).toEqual([]);
        for (const cell of cpuCells(report)) {
          const kindsOfSamples = new Set(
            cell.samples.map(([, trial]) => {
              const { block, target } = report.trials[trial] ?? { block: 0, target: '' };
              return { 'linux-up': first, 'lxc-up': second, 'xen3-up': third }[target]?.[block];
            }),
          );
          expect([...kindsOfSamples]).toEqual([kindOf(cell)]);
        }
      }),
      { numRuns: 15 },
    );
  });
});
