import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { driverOf, optionsSchemaOf, platforms, undriven } from '../../harness/platforms/index.js';
import type { PlatformId } from '../../harness/types.js';

describe('the registry of platforms', () => {
  it('has every platform once', () => {
    const ids = [...platforms, ...undriven].map(({ id }) => id).sort();
    expect(ids).toEqual(
      ['docker', 'jail', 'kvm', 'lxc', 'native', 'nspawn', 'openvz', 'podman', 'runc', 'vserver', 'xen'].sort(),
    );
  });

  it('finds a driver, and says what to do where there is none', () => {
    expect(driverOf('lxc').label).toBe('LXC container');
    const other = 'none' as PlatformId;
    expect(() => driverOf(other)).toThrow(
      /no driver for the platform none .*expected one of native, lxc.*bench import/,
    );
  });

  it('knows the options of what it drives', () => {
    expect(optionsSchemaOf('none' as PlatformId)).toBeUndefined();
    const schema = optionsSchemaOf('lxc');
    expect(schema?.safeParse({ rootfs: '/srv/root' }).success).toBe(true);
    const refused = [{}, { rootfs: 'root' }, { rootfs: '/a:b' }, { rootfs: '/a b' }, { rootfs: '/a\nlxc.x = y' }];
    expect(refused.map((options) => schema?.safeParse(options).success)).toEqual(refused.map(() => false));
    expect(schema?.safeParse({ rootfs: '/a', bridge: 'br0\n' }).success).toBe(false);
    expect(schema?.safeParse({ rootfs: '/a/../b' }).success).toBe(false);
    expect(schema?.safeParse({ rootfs: '/a', other: 1 }).success).toBe(false);
    expect(optionsSchemaOf('native')?.safeParse({ rootfs: '/a' }).success).toBe(false);
  });

  it('has schemas that editors can use', () => {
    for (const { options } of platforms) expect(z.toJSONSchema(options, { io: 'input' })).toHaveProperty('type');
  });
});
