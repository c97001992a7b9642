import type { LoadedRun } from '../../harness/types.js';
import { demoRun, syntheticRun } from './synthetic.js';

/** The paper's Table 2, as `bench import --published` records it. */
export function publishedRun(): LoadedRun {
  const column = (id: string, name: string, platform: 'native' | 'vserver' | 'xen') => ({
    ...{ id, platform, host: 'soltesz2007', label: `${name} (soltesz2007)`, reproduces: name },
    ...{ origin: 'published' as const, published: { reference: 'soltesz2007', column: name } },
  });
  return syntheticRun({
    id: 'run-published',
    targets: [
      column('linux-up', 'Linux-UP', 'native'),
      column('vserver-up', 'VServer-UP', 'vserver'),
      column('xen3-up', 'Xen3-UP', 'xen'),
    ],
    trials: 1,
    baseline: 'linux-up',
  });
}

/** Measured, imported and published systems, with every kind of trouble that a report must show. */
export function troubledRuns(): LoadedRun[] {
  const measured = demoRun({
    id: 'run-troubled',
    targets: [
      { id: 'linux-up' },
      { id: 'lxc-up', platform: 'lxc', slowdown: 1.02 },
      { id: 'kvm-up', platform: 'kvm', slowdown: 2.2 },
      { id: 'xen3-up', platform: 'xen', slowdown: { 'fork-process': 3.14, 'sh-process': 1.6, 'mmap-64mb': 3.3 } },
    ],
    trials: 5,
    outcome: (target, trial) => {
      if (target === 'kvm-up') {
        const problem = {
          stage: 'start',
          message: 'QEMU did not answer',
          expected: 'a prompt',
          found: 'nothing',
        } as const;
        return { status: 'failed', problem, artifacts: [] };
      }
      if (target === 'lxc-up' && trial === 1) return { status: 'void', reason: 'steal time 4.2 %', artifacts: [] };
      if (target === 'lxc-up' && trial === 2) return { status: 'skipped', reason: 'interrupted by the user' };
      return undefined;
    },
    output: (target, trial, metric, text) => (target === 'xen3-up' && metric === 'page-fault' ? '' : text),
    unrun: 2,
    damage: ['raw/t0001.1.txt: is not what was stored (its checksum differs)'],
  });
  const imported = syntheticRun({
    id: 'run-imported',
    targets: [
      {
        id: 'vserver-up',
        platform: 'vserver',
        host: 'elsewhere',
        origin: 'imported',
        slowdown: 1.01,
        source: { host: 'planetlab-7', version: '3.0-a3' },
      },
    ],
    trials: 4,
  });
  return [measured, imported, publishedRun()];
}
