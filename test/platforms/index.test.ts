import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { driverOf, optionsSchemaOf, platforms } from '../../harness/platforms/index.js';
import { PLATFORM_IDS } from '../../harness/config/schema.js';

describe('the registry of platforms', () => {
  it('has every platform once', () => {
    const ids = platforms.map(({ id }) => id).sort();
    expect(ids).toEqual([...PLATFORM_IDS].sort());
    for (const id of PLATFORM_IDS) expect(driverOf(id).id).toBe(id);
  });

  it('has one platform for each published system, and a host without guests is Linux', () => {
    const same = platforms.filter(({ kin }) => kin.same).map(({ id, kin }) => [id, kin.family]);
    expect(same).toEqual([
      ['native', 'Linux'],
      ['vserver', 'VServer'],
      ['xen', 'Xen3'],
    ]);
    const families = { none: 'Linux', container: 'VServer', hypervisor: 'Xen3' } as const;
    for (const { boundary, kin } of platforms) expect(kin.family).toBe(families[boundary]);
  });

  it('knows the options of what it drives', () => {
    expect(optionsSchemaOf('none')).toBeUndefined();
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
