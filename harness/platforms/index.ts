import type { z } from 'zod';
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

/** Every platform, in the order in which they are listed. A new one is one folder and one line here. */
export const platforms = [
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
] as const satisfies readonly PlatformDriver[];

export type PlatformId = (typeof platforms)[number]['id'];

/** The driver of a platform; `undefined` for an id that this version does not have. */
export function driverOf(id: PlatformId): PlatformDriver;
export function driverOf(id: string): PlatformDriver | undefined;
export function driverOf(id: string): PlatformDriver | undefined {
  return platforms.find((platform) => platform.id === id);
}

/** The schema of `options` of a platform's targets; `undefined` for an id that this version does not have. */
export function optionsSchemaOf(id: string): z.ZodType | undefined {
  return driverOf(id)?.options;
}
