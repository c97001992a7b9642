import { z } from 'zod';
import type { Limit } from '../../host/limits.js';
import type { CgroupVersion } from '../../host/cgroup.js';
import { GUEST_WORK_DIR, PLAIN_PATH } from '../guest/names.js';
import type { GuestPaths } from './paths.js';

/** The `options` of a target on LXC. */
export const lxcOptions = z
  .strictObject({
    rootfs: z
      .string()
      .regex(PLAIN_PATH, 'an absolute path without blanks, colons or commas')
      .describe('Directory on the host with a root file system. Guests share it and write to an overlay of their own.'),
    bridge: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'the name of a network interface')
      .describe('Bridge on the host that the guest is attached to. Without it the guest has a loopback interface only.')
      .optional(),
    network: z
      .literal('host', '"host"')
      .describe("The guest shares the host's network as it is, and may not change it. Excludes a bridge.")
      .optional(),
  })
  .refine(({ bridge, network }) => bridge === undefined || network === undefined, {
    error: 'either "bridge" or "network": "host"',
    path: ['network'],
  });

export type LxcOptions = z.infer<typeof lxcOptions>;

/**
 * Privileges that a guest without a user namespace should not have over the host's kernel: Debian's own defaults
 * (common.conf of LXC), and sys_resource, so that limits are the same whether or not the host could raise them.
 */
const DROPPED = ['mac_admin', 'mac_override', 'sys_time', 'sys_module', 'sys_rawio', 'sys_resource'];

/** A guest's configuration file, lxc.container.conf(5). Every value is a constant, a number or matches `PLAIN_PATH`. */
export function lxcConfig(
  paths: GuestPaths,
  options: LxcOptions,
  limits: readonly Limit[],
  versionOf: (controller: Limit['controller']) => CgroupVersion,
): string {
  const { name, group, upper, disk } = paths;
  const lines: readonly (readonly [key: string, value: string])[] = [
    ['uts.name', name],
    ['rootfs.path', `overlay:${options.rootfs}:${upper}`],
    ['mount.auto', 'proc:mixed sys:ro cgroup:ro:force'],
    ...network(options),
    ['mount.entry', 'tmpfs dev/shm tmpfs rw,nosuid,nodev,mode=1777,create=dir 0 0'],
    ['mount.entry', `${disk} ${GUEST_WORK_DIR.slice(1)} none bind,create=dir 0 0`],
    ['console.path', 'none'],
    ['tty.max', '0'],
    ['pty.max', '64'],
    ['cap.drop', [...DROPPED, ...(options.network === 'host' ? ['net_admin'] : [])].join(' ')],
    // The harness measures containers, not a security module's mediation; ignored where the kernel has no AppArmor.
    ['apparmor.profile', 'unconfined'],
    // `dir.container` and not `dir`: the latter puts a level of default weight between the guest and its siblings.
    ['cgroup.dir.container', `${group}/${name}`],
    ['cgroup.dir.monitor', `${group}/monitor.${name}`],
    ['cgroup.dir.monitor.pivot', `${group}/pivot`],
    ...limits.flatMap(({ controller, writes }) =>
      writes.map(([file, value]) => [`cgroup${versionOf(controller) === 2 ? '2' : ''}.${file}`, value] as const),
    ),
  ];
  return lines.map(([key, value]) => `lxc.${key} = ${value}\n`).join('');
}

function network({ bridge, network }: LxcOptions): readonly (readonly [key: string, value: string])[] {
  if (network === 'host') {
    return [
      ['net.0.type', 'none'],
      // `proc:mixed` leaves the network's settings writable, which are the host's own here.
      ['mount.entry', '/proc/sys/net proc/sys/net none bind,ro 0 0'],
    ];
  }
  // `up` brings up the loopback interface, which is all that the type `empty` has.
  if (bridge === undefined) {
    return [
      ['net.0.type', 'empty'],
      ['net.0.flags', 'up'],
    ];
  }
  return [
    ['net.0.type', 'veth'],
    ['net.0.link', bridge],
    ['net.0.name', 'eth0'],
    ['net.0.flags', 'up'],
  ];
}
