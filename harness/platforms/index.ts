import type { z } from 'zod';
import { BenchError } from '../errors.js';
import type { Platform, PlatformId } from '../types.js';
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

/** The platforms whose guests this version can start: a driver is one file and one line here. */
export const platforms: readonly PlatformDriver[] = [
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
];

/** A platform that targets may name, and that only imported results can be of. */
export type UndrivenPlatform = Pick<Platform, 'id' | 'label' | 'boundary'>;

/** Platforms without a driver in this version. A new driver takes its line away. */
export const undriven: readonly UndrivenPlatform[] = [];

/** The driver of a platform; throws a `BenchError` of stage `config` for one that has none. */
export function driverOf(id: PlatformId): PlatformDriver {
  const driver = platforms.find((platform) => platform.id === id);
  if (driver !== undefined) return driver;
  throw new BenchError({
    stage: 'config',
    message: `no driver for the platform ${id} in this version`,
    expected: `one of ${platforms.map((platform) => platform.id).join(', ')}`,
    found: id,
    hint: '`bench import` takes results of it that were measured elsewhere',
  });
}

/** The schema of `options` of a platform's targets; `undefined` where there is no driver to say. */
export function optionsSchemaOf(id: PlatformId): z.ZodType | undefined {
  return platforms.find((platform) => platform.id === id)?.options;
}
