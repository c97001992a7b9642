import type { Json } from '../types.js';
import { HOSTS_FILE } from './hosts-file.js';

/** What the demo measures. */
export interface DemoPlan {
  /** Hosts file. */
  readonly hosts: string;
  readonly targets: readonly string[];
  readonly exhibits: readonly string[];
}

/** In the lab, natively and in a container. */
export const demoInLab: DemoPlan = {
  hosts: HOSTS_FILE,
  targets: ['linux-up', 'lxc-up'],
  exhibits: ['table-2', 'figure-5', 'figure-6a', 'figure-6b'],
};

/** On this machine without SSH, with what needs no program that only root can install. */
export const demoHere = { targets: ['linux-up'], exhibits: ['table-2'] } as const satisfies Omit<DemoPlan, 'hosts'>;

/** The hosts file of that. */
export const hostsHere = (cpu: number): Json => ({
  baseline: 'linux-up',
  hosts: { here: { connect: 'local' } },
  targets: { 'linux-up': { host: 'here', platform: 'native', shape: { cpus: [cpu] } } },
});
