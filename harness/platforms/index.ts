import type { z } from 'zod';
import type { PlatformId } from '../types.js';
import { docker } from './docker.js';
import type { PlatformDriver } from './driver.js';
import { jail } from './jail.js';
import { kvm } from './kvm.js';
import { lxc } from './lxc.js';
import { native } from './native.js';
import { nspawn } from './nspawn.js';
import { openvz } from './openvz.js';
import { podman } from './podman.js';
import { runc } from './runc.js';
import { vserver } from './vserver.js';
import { xen } from './xen.js';

export type { PlatformDriver } from './driver.js';

/** The driver of every platform: one is a file and a line here. */
const drivers: Readonly<Record<PlatformId, PlatformDriver>> = {
  native,
  lxc,
  docker,
  podman,
  nspawn,
  runc,
  vserver,
  openvz,
  jail,
  kvm,
  xen,
};

/** All of them, in the order in which they are listed. */
export const platforms: readonly PlatformDriver[] = Object.values(drivers);

export function driverOf(id: PlatformId): PlatformDriver {
  return drivers[id];
}

/** The schema of `options` of a platform's targets; `undefined` for a name that is no platform's. */
export function optionsSchemaOf(id: string): z.ZodType | undefined {
  return platforms.find((platform) => platform.id === id)?.options;
}
