import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { madeGuests, slotOf, makeGuest, readMade, removeGuest } from '../../../harness/platforms/vm/disk.js';
import { isoImage } from '../../../harness/platforms/vm/iso.js';
import { addressAfter, addressing } from '../../../harness/platforms/vm/network.js';
import { pathsOf } from '../../../harness/platforms/vm/paths.js';
import { seedFiles, type Identity } from '../../../harness/platforms/vm/seed.js';

const identity: Identity = {
  name: 'bench-a',
  uuid: '00000000-0000-8000-8000-000000000000',
  mac: '52:54:00:01:02:03',
  addressing: { address: '10.9.0.2/24', gateway: '10.9.0.1', ssh: { address: '10.9.0.2', port: 22 } },
  authorizedKey: 'ssh-ed25519 AAAA bench\n',
  hostKey: { private: '-----BEGIN\nx: "y"\n-----END\n', public: 'ssh-ed25519 BBBB bench\n' },
};

describe('pathsOf', () => {
  it('gives every guest a UUID and a socket of its own, the same each time', () => {
    const paths = pathsOf('xen', { workDir: '/var/lib/bench' }, 'bench-a');
    expect(paths).toEqual(pathsOf('xen', { workDir: '/var/lib/bench' }, 'bench-a'));
    expect(paths.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    const others = [
      pathsOf('xen', { workDir: '/var/lib/bench' }, 'bench-b'),
      pathsOf('kvm', { workDir: '/var/lib/bench' }, 'bench-a'),
    ];
    for (const other of others) {
      expect([other.uuid, other.socket, other.macTail]).not.toContain(paths.uuid);
      expect(other.socket).not.toBe(paths.socket);
    }
  });

  it('keeps the path of the socket short enough to listen on', () => {
    const paths = pathsOf('xen', { workDir: `/${'a'.repeat(200)}` }, `bench-${'b'.repeat(58)}`);
    // ssh(1) adds a random suffix of 17 characters while it makes it.
    expect(paths.socket.length + 17).toBeLessThan(108);
  });

  it.each(['x', 'bench-', 'bench-A', 'bench-a/b', 'bench-..', 'bench-a b', `bench-${'a'.repeat(59)}`])(
    'refuses the name %j',
    (name) => {
      expect(() => pathsOf('kvm', { workDir: '/w' }, name)).toThrow(/guest name/);
    },
  );

  it.each(['relative', '/a b', '/a,b', '/a"b', '/a/../b'])('refuses the work directory %j', (workDir) => {
    expect(() => pathsOf('kvm', { workDir }, 'bench-a')).toThrow(/work directory/);
  });
});

describe('addresses', () => {
  it.each([
    ['10.9.0.1', 24, 1, '10.9.0.2'],
    ['10.9.0.1', 24, 253, '10.9.0.254'],
    ['10.9.0.1', 24, 254, undefined],
    ['10.9.0.254', 24, 1, '10.9.0.1'],
    ['10.9.0.200', 24, 60, '10.9.0.6'],
    ['10.9.255.254', 16, 3, '10.9.0.3'],
    ['192.168.1.129', 29, 5, '192.168.1.134'],
    ['192.168.1.129', 29, 6, undefined],
    ['255.255.255.1', 24, 1, '255.255.255.2'],
  ])('after %s/%i, number %i: %s', (own, prefix, count, expected) => {
    expect(addressAfter(own, prefix, count)).toBe(expected);
  });

  it('are distinct, never the own one, the network or broadcast', () => {
    for (const [own, prefix] of [
      ['10.9.0.77', 24],
      ['172.16.3.200', 22],
      ['10.0.0.6', 29],
    ] as const) {
      const size = 2 ** (32 - prefix);
      const all = Array.from({ length: size }, (_, index) => addressAfter(own, prefix, index + 1)).filter(
        (a) => a !== undefined,
      );
      expect(new Set(all).size).toBe(size - 3);
      expect(all).not.toContain(own);
      expect(all.every((address) => Number(address.split('.')[3]) !== (prefix === 24 ? 255 : 256))).toBe(true);
    }
  });

  it('lead through the host where there is no bridge', () => {
    expect(addressing(undefined, 7)).toEqual({
      address: '10.0.2.15/24',
      gateway: '10.0.2.2',
      ssh: { address: '127.0.0.1', port: 24_007 },
    });
    expect(() => addressing({ bridge: 'b', address: '10.0.0.1/29' }, 6)).toThrow(/no address is left in 10.0.0.1\/29/);
  });
});

describe('the seed', () => {
  it('is what cloud-init and an init of few lines can read', () => {
    const files = seedFiles(identity);
    expect(files['user-data']).toMatch(/^#cloud-config\n\{/);
    const userData = JSON.parse(files['user-data']?.slice('#cloud-config\n'.length) ?? '') as Record<string, unknown>;
    expect(userData).toMatchObject({
      hostname: 'bench-a',
      ssh_keys: { ed25519_private: identity.hostKey.private },
      users: [{ name: 'root', ssh_authorized_keys: ['ssh-ed25519 AAAA bench'] }],
    });
    expect(JSON.parse(files['network-config'] ?? '')).toMatchObject({
      ethernets: { guest: { match: { macaddress: identity.mac }, addresses: ['10.9.0.2/24'] } },
    });
    expect(files['address']).toBe('10.9.0.2/24 10.9.0.1 52:54:00:01:02:03\n');
  });

  const reader = existsSync('/usr/bin/bsdtar') ? undefined : 'needs bsdtar, of libarchive-tools';
  it.skipIf(reader !== undefined)(
    `is an image that others read as it was written${reader === undefined ? '' : ` (skipped: ${reader})`}`,
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'bench-iso-'));
      const files = { ...seedFiles(identity), empty: '', large: 'x'.repeat(5000) };
      const image = join(dir, 'seed.iso');
      await writeFile(image, isoImage('CIDATA', files));
      try {
        const label = execFileSync('blkid', ['-o', 'value', '-s', 'LABEL', image], { encoding: 'utf8' });
        expect(label).toBe('CIDATA\n');
        // Names as Linux shows them: in lower case, without their version.
        execFileSync('bsdtar', ['-x', '-C', dir, '-f', image]);
        const names = (await readdir(dir)).filter((name) => name !== 'seed.iso');
        const read = await Promise.all(
          names.map(async (name) => [
            name.toLowerCase().replace(/\.?(;1)?$/, ''),
            await readFile(join(dir, name), 'utf8'),
          ]),
        );
        expect(Object.fromEntries(read)).toEqual(files);
      } finally {
        await rm(dir, { recursive: true });
      }
    },
  );

  it.each([
    ['a name in capitals', { A: '' }],
    ['a name with a dot', { 'a.b': '' }],
    ['a path', { 'a/b': '' }],
    ['too many files', Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`file-${index}`, '']))],
  ])('refuses %s', (_, files) => {
    expect(() => isoImage('X', files)).toThrow(RangeError);
  });
});

describe('disks', () => {
  const host = connectLocal();
  let workDir: string;
  let image: string;
  beforeAll(async () => {
    workDir = await mkdtemp(join(tmpdir(), 'bench-disks-'));
    image = join(workDir, 'image');
    await writeFile(image, 'the image');
  });
  afterAll(() => rm(workDir, { recursive: true }));
  const network = { bridge: 'br0', address: '10.9.0.1/24' };
  const lay = (name: string, bytes?: number): Promise<Identity> =>
    makeGuest(
      host,
      pathsOf('xen', { workDir }, name),
      { image, network },
      { format: 'raw', ...(bytes === undefined ? {} : { bytes }) },
      '00:16:3e',
    );

  it('are made once, with keys and an address that stay', async () => {
    const paths = pathsOf('xen', { workDir }, 'bench-one');
    const first = await lay('bench-one');
    expect(await readFile(paths.disk, 'utf8')).toBe('the image');
    await writeFile(paths.disk, 'changed by the guest');
    expect(await lay('bench-one')).toEqual(first);
    expect(await readFile(paths.disk, 'utf8')).toBe('changed by the guest');
    expect(await readFile(paths.knownHosts, 'utf8')).toBe(`bench-one ${first.hostKey.public.trim()}\n`);
    expect(await slotOf(host, paths)).toBe(1);
  });

  it('have different addresses when eight are made at once, and one key', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `bench-eight-${index}`);
    const made = await Promise.all(names.map((name) => lay(name)));
    expect(new Set(made.map(({ addressing }) => addressing.address)).size).toBe(8);
    expect(new Set(made.map(({ hostKey }) => hostKey.private)).size).toBe(8);
    expect(new Set(made.map(({ authorizedKey }) => authorizedKey)).size).toBe(1);
    expect(await madeGuests(host, `${workDir}/xen`)).toEqual(['bench-one', ...names].sort());
  });

  it('have the size of the shape, or report that the image is larger', async () => {
    await lay('bench-sized', 65_536);
    const content = await readFile(pathsOf('xen', { workDir }, 'bench-sized').disk);
    expect([content.length, content.toString('utf8', 0, 9)]).toEqual([65_536, 'the image']);
    await expect(lay('bench-small', 4)).rejects.toThrow(
      /stage start: cannot make .* larger than the disk of the shape/,
    );
  });

  it('are gone with their slot, and with the last one the key', async () => {
    await mkdir(`${workDir}/xen/bench-foreign`);
    await writeFile(`${workDir}/xen/bench-foreign/precious`, '');
    await removeGuest(host, pathsOf('xen', { workDir }, 'bench-foreign'));
    expect(await readdir(`${workDir}/xen/bench-foreign`)).toEqual(['precious']);
    await rm(`${workDir}/xen/bench-foreign`, { recursive: true });
    const names = await madeGuests(host, `${workDir}/xen`);
    for (const name of names) await removeGuest(host, pathsOf('xen', { workDir }, name));
    await removeGuest(host, pathsOf('xen', { workDir }, 'bench-one'));
    expect(await readdir(workDir)).toEqual(['image']);
  });

  it('are not what a script prints that failed half way', () => {
    expect(() => readMade('slot MQ==\nauthorized eA==\n')).toThrow(RangeError);
    expect(() => readMade('')).toThrow(RangeError);
  });
});
