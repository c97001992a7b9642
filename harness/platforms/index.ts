import type { z } from 'zod';
import type { PlatformId } from '../types.js';
import { docker } from './docker/index.js';
import type { PlatformDriver } from './driver.js';
import { jail } from './jail/index.js';
import { kvm } from './kvm/index.js';
import { lxc } from './lxc/index.js';
import { native } from './native/index.js';
import { nspawn } from './nspawn/index.js';
import { openvz } from './openvz/index.js';
import { podman } from './podman/index.js';
import { runc } from './runc/index.js';
import { vserver } from './vserver/index.js';
import { xen } from './xen/index.js';

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
