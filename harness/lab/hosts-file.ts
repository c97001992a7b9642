import { access, constants, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BenchError } from '../errors.js';
import type { Json } from '../types.js';
import { containerTargets, GUEST_ROOTFS } from './containers.js';
import { labTargetCpus } from './cpus.js';
import { emulatedBoots, EMULATED_CPUS } from './emulated/menu.js';
import { emulatedTargets } from './emulated/targets.js';
import type { Extra } from './extras.js';
import { labLogins } from './logins.js';
import type { LabPaths } from './paths.js';
import { writeWhole, type LabHost } from './state.js';

export const HOSTS_FILE = 'hosts.lab.json';

const MADE_BY = 'a host made by `bench lab up`, which rewrites this file';

/**
 * The content of `hosts.lab.json`: the first host is under test, natively and through LXC, on one CPU and on all; the second
 * is the other end of network suites.
 */
export function hostsFileContent(
  paths: LabPaths,
  hosts: readonly Pick<LabHost, 'id' | 'address' | 'emulated'>[],
  cpus: readonly number[],
  extras: readonly Extra[] = [],
): Json {
  const machine = hosts.find(({ emulated }) => emulated === true)?.id;
  const [alpha = 'alpha', peer] = hosts.filter(({ emulated }) => emulated !== true).map(({ id }) => id);
  const { up, smp } = labTargetCpus(cpus);
  // The peer is on the network of the host, and a container that shares it needs no forwarding there.
  const lxc = { platform: 'lxc', options: { rootfs: GUEST_ROOTFS, network: 'host' } };
  const where = peer === undefined ? { host: alpha } : { host: alpha, peer };
  return {
    baseline: 'linux-up',
    hosts: Object.fromEntries(hosts.map((host) => [host.id, hostEntry(paths, host, cpus.length)])),
    targets: {
      'linux-up': { label: 'Linux-UP', ...where, platform: 'native', shape: { cpus: up } },
      'lxc-up': { label: 'LXC-UP', ...where, ...lxc, shape: { cpus: up } },
      'linux-smp': { label: 'Linux-SMP', ...where, platform: 'native', shape: { cpus: smp } },
      'lxc-smp': { label: 'LXC-SMP', ...where, ...lxc, shape: { cpus: smp } },
      ...containerTargets(where, { up, smp }, extras),
      ...(machine === undefined ? {} : emulatedTargets(machine, extras)),
    },
  };
}

function hostEntry(
  paths: LabPaths,
  { id, address, emulated }: Pick<LabHost, 'id' | 'address' | 'emulated'>,
  cpus: number,
): Json {
  if (emulated === true) {
    const { configFile } = labLogins(paths);
    // As JSON, where members that are absent are not there.
    const boots = JSON.parse(JSON.stringify(emulatedBoots())) as Json;
    return { ssh: id, configFile, cpus: EMULATED_CPUS, lab: 'emulated', boots, description: MADE_BY };
  }
  return { ssh: id, configFile: labLogins(paths).configFile, address, cpus, lab: 'namespace', description: MADE_BY };
}

/** Rejects a file that the lab did not make, before anything is done that would end in overwriting it. */
export async function checkHostsFile(path: string): Promise<void> {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined && !isMadeByLab(before)) {
    throw new BenchError({
      stage: 'config',
      message: `${path} was not made by the lab and stays as it is`,
      expected: 'no such file, or one whose hosts are described as made by `bench lab up`',
      found: 'another file of this name',
      hint: 'move it away, or run `bench lab up` in another directory',
    });
  }
  const folder = dirname(path);
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!writable) throw new BenchError({ stage: 'config', message: `${folder} is not a folder that can be written to` });
}

/** Writes the hosts file unless it has this content. */
export async function writeHostsFile(path: string, content: Json): Promise<'written' | 'unchanged'> {
  await checkHostsFile(path);
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if ((await readFile(path, 'utf8').catch(() => '')) === text) return 'unchanged';
  await writeWhole(path, text);
  return 'written';
}

/** Whether every host in this text is marked as made by the lab. */
export function isMadeByLab(text: string): boolean {
  try {
    const { hosts } = JSON.parse(text) as { hosts?: Record<string, { description?: unknown }> };
    const entries = Object.values(hosts ?? {});
    return entries.length > 0 && entries.every((host) => host.description === MADE_BY);
  } catch {
    return false;
  }
}
