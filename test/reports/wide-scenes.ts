import type { LoadedRun, TargetConfig } from '../../harness/types.js';
import { randomStream, uniform } from '../../harness/random.js';
import { figureRun, PAPER, type FigureTarget } from './figure-scenes.js';
import { demoRun } from './synthetic.js';
import { databases, PAPER_AT_SCALE, shares, workloadRun, type WorkloadTarget } from './workload-scenes.js';

const TWO = { cpus: [0, 1] };

/** Twelve systems, UP and SMP; how fast each is, and what it keeps beside dd and of a quarter by weight. */
const SYSTEMS: readonly (Partial<TargetConfig> & { id: string; speed: number; kept: number; weight: number })[] = [
  { id: 'linux-up', label: 'Linux-UP', speed: 1, kept: 0.9, weight: 25.1 },
  { id: 'vserver-up', label: 'VServer-UP', platform: 'vserver', speed: 0.99, kept: 0.866, weight: 25.16 },
  { id: 'xen3-up', label: 'Xen3-UP', platform: 'xen', speed: 0.74, kept: 0.88, weight: 15.51 },
  { id: 'kvm-up', label: 'KVM-UP', platform: 'kvm', speed: 0.66, kept: 0.93, weight: 21.2 },
  { id: 'lxc-up', label: 'LXC-UP', platform: 'lxc', speed: 0.98, kept: 0.84, weight: 24.8 },
  { id: 'docker-up', label: 'Docker-UP', platform: 'docker', speed: 0.96, kept: 0.83, weight: 24.6 },
  { id: 'podman-up', label: 'Podman-UP', platform: 'podman', speed: 0.95, kept: 0.85, weight: 24.7 },
  { id: 'nspawn-up', label: 'nspawn-UP', platform: 'nspawn', speed: 0.97, kept: 0.86, weight: 24.9 },
  { id: 'runc-up', label: 'runc-UP', platform: 'runc', speed: 0.97, kept: 0.82, weight: 24.2 },
  { id: 'linux-smp', label: 'Linux-SMP', shape: TWO, speed: 1.1, kept: 0.94, weight: 50.1 },
  { id: 'vserver-smp', label: 'VServer-SMP', platform: 'vserver', shape: TWO, speed: 1.08, kept: 0.864, weight: 49.88 },
  { id: 'xen3-smp', label: 'Xen3-SMP', platform: 'xen', shape: TWO, speed: 0.8, kept: 1.01, weight: 44.1 },
];

const METRICS = [
  ...['iperf/throughput', 'dd/write', 'dbench/throughput', 'dbench/first-90000-throughput'],
  ...['postmark/transactions', 'cpu/events', 'osdb/rows-per-second'],
];

/** Twelve systems with every exhibit: one with wide intervals, one without a value, and some that failed. */
export function wideRuns(): LoadedRun[] {
  const figures = SYSTEMS.map(({ speed, kept: _kept, weight: _weight, ...target }): FigureTarget => {
    const next = randomStream(target.id);
    const around = (): number => speed * (1 + 0.12 * (uniform(next) - 0.5));
    const factors = {
      ...Object.fromEntries(METRICS.map((metric) => [metric, target.id === 'linux-up' ? 1 : around()])),
      ...{ 'kernel-compile/elapsed': 1 / speed, 'iperf-cpu/receiver-cpu': 1 / speed },
    };
    return { ...target, factors, ...(target.id === 'kvm-up' ? { noise: 0.9 } : {}) };
  });
  const workloads = SYSTEMS.map(({ speed, kept, weight, ...target }): WorkloadTarget => {
    const cpus = target.shape?.cpus.length ?? 1;
    const one = speed * (cpus === 2 ? 1.6 : 1);
    const values = { ...shares(cpus, weight, weight), ...databases([one, one * 1.1, one, one * 0.92], kept) };
    return { ...target, values };
  });
  const failed = { stage: 'start', message: 'the guest did not start', expected: 'a shell' } as const;
  return [
    figureRun({
      ...{ targets: figures, noise: 0.03, linkBitsPerSecond: { eth0: 1e9 } },
      outcome: (target, suite) =>
        target === 'runc-up' && suite === 'postmark' ? { status: 'failed', problem: failed, artifacts: [] } : undefined,
    }),
    workloadRun({
      targets: workloads,
      outcome: (target, workload) =>
        target === 'podman-up' && workload === 'table-3-weight'
          ? { status: 'skipped', reason: 'the platform has no weights' }
          : undefined,
    }),
    demoRun({
      id: 'run-lmbench',
      targets: SYSTEMS.map(({ speed, kept: _kept, weight: _weight, ...target }) => ({
        ...target,
        slowdown: 1 / speed,
      })),
    }),
  ];
}

/** The paper's systems with every input of Figure 2 but those that it did not measure. */
export function paperRuns(): LoadedRun[] {
  return [
    figureRun({ targets: PAPER, noise: 0.01, linkBitsPerSecond: { eth0: 1e9 } }),
    workloadRun({ targets: PAPER_AT_SCALE }),
  ];
}
