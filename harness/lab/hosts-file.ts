import { readFile } from 'node:fs/promises';
import { BenchError } from '../errors.js';
import type { HostId, Json } from '../types.js';
import { labTargetCpus } from './cpus.js';
import { labLogins } from './logins.js';
import type { Place } from './place.js';
import { writeWhole } from './state.js';

export const HOSTS_FILE = 'hosts.lab.json';

const MADE_BY = 'a host made by `bench lab up`, which rewrites this file';

/**
 * What `hosts.lab.json` says: the first host is under test, natively and through LXC, on one CPU and on all; the second
 * is the other end of network suites.
 */
export function hostsFileContent(place: Place, ids: readonly HostId[], cpus: readonly number[]): Json {
  const [alpha = 'alpha', peer] = ids;
  const { up, smp } = labTargetCpus(cpus);
  const lxc = { platform: 'lxc', options: { rootfs: '/srv/bench/rootfs' } };
  const place_ = peer === undefined ? { host: alpha } : { host: alpha, peer };
  return {
    baseline: 'linux-up',
    hosts: Object.fromEntries(ids.map((id) => [id, hostEntry(place, id, cpus.length)])),
    targets: {
      'linux-up': { ...place_, platform: 'native', shape: { cpus: up } },
      'lxc-up': { ...place_, ...lxc, shape: { cpus: up } },
      'linux-smp': { ...place_, platform: 'native', shape: { cpus: smp } },
      'lxc-smp': { ...place_, ...lxc, shape: { cpus: smp } },
    },
  };
}

function hostEntry(place: Place, id: HostId, cpus: number): Json {
  return { ssh: id, configFile: labLogins(place).configFile, cpus, lab: 'namespace', description: MADE_BY };
}

/** Writes the hosts file unless it already says this; a file that the lab did not make is never overwritten. */
export async function writeHostsFile(path: string, content: Json): Promise<'written' | 'unchanged'> {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before === text) return 'unchanged';
  if (before !== undefined && !isMadeByLab(before)) {
    throw new BenchError({
      stage: 'config',
      message: `${path} was not made by the lab and stays as it is`,
      expected: 'no such file, or one whose hosts are described as made by `bench lab up`',
      found: 'another file of this name',
      hint: 'move it away, or run `bench lab up` in another directory',
    });
  }
  await writeWhole(path, text);
  return 'written';
}

/** Whether every host in this text says that the lab made it. */
export function isMadeByLab(text: string): boolean {
  try {
    const { hosts } = JSON.parse(text) as { hosts?: Record<string, { description?: unknown }> };
    const entries = Object.values(hosts ?? {});
    return entries.length > 0 && entries.every((host) => host.description === MADE_BY);
  } catch {
    return false;
  }
}
