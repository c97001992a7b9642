import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { compress, decompress, MAX_BUNDLE_BYTES, packArchive, readArchive } from '../../harness/bundle/index.js';

interface Header {
  readonly name: string;
  readonly type?: 'file' | 'link' | 'symlink' | 'character-device' | 'block-device' | 'fifo' | 'directory';
  readonly linkname?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly uname?: string;
  readonly mtime?: Date;
  readonly pax?: Record<string, string>;
}

const tarOf = async (...headers: readonly Header[]): Promise<Buffer> =>
  Buffer.from(
    await packTar(
      headers.map((header) => ({
        header: { mtime: new Date(0), mode: 0o644, uid: 0, gid: 0, ...header, size: header.type === undefined ? 3 : 0 },
        ...(header.type === undefined ? { body: 'abc' } : {}),
      })),
    ),
  );

const good = { name: 'report.json' };

/** A tar whose first header has these bytes at this offset, with its checksum. */
async function patched(offset: number, bytes: string): Promise<Buffer> {
  const tar = await tarOf(good);
  tar.write(bytes, offset, 'latin1');
  tar.fill(' ', 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return tar;
}

describe('an archive', () => {
  it('is read as it was packed', async () => {
    const members = [{ path: 'report.json', bytes: Buffer.from('abc') }];
    expect(await readArchive(await packArchive(members))).toEqual([
      { path: 'report.json', bytes: Uint8Array.from(Buffer.from('abc')) },
    ]);
    expect(await tarOf(good)).toEqual(await packArchive(members));
  });

  it.each<[string, readonly Header[]]>([
    ['a path that leaves the folder', [{ name: '../x' }]],
    ['one that does so later', [{ name: 'runs/r/raw/../../../../x' }]],
    ['an absolute path', [{ name: '/etc/cron.d/x' }]],
    ['a path with a dot', [{ name: './report.json' }]],
    ['a path with two slashes', [{ name: 'runs/r//plan.json' }]],
    ['a path with a backslash', [{ name: 'runs\\r\\plan.json' }]],
    ['a drive', [{ name: 'C:/x' }]],
    ['a hidden file', [{ name: 'runs/r/raw/.bashrc' }]],
    ['a hidden run', [{ name: 'runs/.r/plan.json' }]],
    ['a file beside the runs', [{ name: 'runs/plan.json' }]],
    ['another file', [{ name: 'x' }]],
    ['a control character', [{ name: 'runs/r/raw/a\u001b[2J' }]],
    ['a line feed', [{ name: 'runs/r/raw/a\nb' }]],
    ['a change of direction', [{ name: 'runs/r/raw/a\u202eb' }]],
    ['no name', [{ name: '' }]],
    ['a long name', [{ name: `runs/r/raw/${'a'.repeat(500)}` }]],
    ['a symbolic link', [{ name: 'report.json', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link', [{ name: 'report.json', type: 'link', linkname: 'report.html' }]],
    ['a device', [{ name: 'report.json', type: 'character-device' }]],
    ['a disk', [{ name: 'report.json', type: 'block-device' }]],
    ['a FIFO', [{ name: 'report.json', type: 'fifo' }]],
    ['a folder', [{ name: 'runs/', type: 'directory' }]],
    ['a file twice', [good, good]],
    ['a file below a file', [{ name: 'runs/r/raw/a' }, { name: 'runs/r/raw/a/b' }]],
    ['a program', [{ ...good, mode: 0o755 }]],
    ['a set-uid bit', [{ ...good, mode: 0o4644 }]],
    ['an owner', [{ ...good, uid: 1000 }]],
    ['the name of an owner', [{ ...good, uname: 'ada' }]],
    ['a time', [{ ...good, mtime: new Date(1e12) }]],
    ['a comment', [{ ...good, pax: { comment: 'hidden' } }]],
    ['another path in an extended header', [{ ...good, pax: { path: '../x' } }]],
  ])('with %s is refused', async (_, headers) => {
    await expect(tarOf(...headers).then(readArchive)).rejects.toMatchObject({ problem: { stage: 'config' } });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['data after its end', async () => Buffer.concat([await tarOf(good), Buffer.alloc(512, 'x')])],
    ['zeros after its end', async () => Buffer.concat([await tarOf(good), Buffer.alloc(10_240)])],
    [
      'another archive after its end',
      async () => Buffer.concat([await tarOf(good), await tarOf({ name: 'report.html' })]),
    ],
    ['no end', async () => (await tarOf(good)).subarray(0, 1024)],
    ['half a file', async () => (await tarOf(good)).subarray(0, 513)],
    ['a wrong checksum', async () => Buffer.from(await tarOf(good)).fill('7', 148, 150)],
    ['a size beyond its end', () => patched(124, '77777777777')],
    ['a negative size', () => patched(124, '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff')],
    ['a size that is no number', () => patched(124, 'abcdefghijk')],
    ['an unknown type', () => patched(156, 'S')],
    ['bytes behind a name', () => patched(20, 'hidden')],
    [
      'bytes in the padding of a file',
      async () => {
        const tar = await tarOf(good);
        tar.write('hidden', 600);
        return tar;
      },
    ],
    ['bytes in the padding of a header', () => patched(504, 'hidden')],
  ])('with %s is refused', async (_, make) => {
    await expect(make().then(readArchive)).rejects.toMatchObject({ problem: { stage: 'config' } });
  });

  it('does not show control characters of a name', async () => {
    const error = await readArchive(await tarOf({ name: 'a\u001b[2J\u202e' })).catch(String);
    expect(error).toMatch(/"a\?\[2J\?"/);
  });
});

describe('a compressed file', () => {
  it('that unpacks to more than a bundle may have is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_BUNDLE_BYTES + 1));
    expect(bomb.length).toBeLessThan(1024 ** 2);
    await expect(decompress(bomb)).rejects.toThrow('the bundle is too large');
  });

  it('of Zstandard that unpacks to more is refused by what its headers state', async () => {
    const frame = Buffer.from(await compress(Buffer.alloc(4 * 1024 ** 2), '.tar.zst'));
    const bomb = Buffer.concat(Array.from({ length: MAX_BUNDLE_BYTES / (4 * 1024 ** 2) + 1 }, () => frame));
    expect(bomb.length).toBeLessThan(1024 ** 2);
    await expect(decompress(bomb)).rejects.toThrow('the bundle is too large');
  });

  it.each<[string, (file: Buffer) => Buffer]>([
    [
      'a frame that states a huge content',
      (file) => {
        file.writeUInt32LE(0xffff_ffff, 17);
        return file;
      },
    ],
    [
      'a frame that states another content',
      (file) => {
        file.writeUInt32LE(3000, 17);
        return file;
      },
    ],
    [
      'a length beyond its end',
      (file) => {
        file.writeUInt32LE(0xffff_fff0, 8);
        return file;
      },
    ],
    ['no length', (file) => file.subarray(12)],
    ['another file behind it', (file) => Buffer.concat([file, Buffer.from('hidden')])],
    ['a skippable frame behind it', (file) => Buffer.concat([file, Buffer.from('502a4d180400000061626364', 'hex')])],
  ])('of Zstandard with %s is refused', async (_, change) => {
    const file = Buffer.from(
      await compress(Buffer.from(Array.from({ length: 200_000 }, (_each, at) => at % 251)), '.tar.zst'),
    );
    expect(file.readUInt8(16) >> 6).toBe(2);
    await expect(decompress(change(file))).rejects.toMatchObject({ problem: { stage: 'config' } });
  });

  it('of gzip with more behind it is refused or ignored, never read', async () => {
    const file = gzipSync(await packArchive([{ path: 'report.json', bytes: Buffer.from('abc') }]));
    await expect(decompress(file.subarray(0, -5))).rejects.toThrow('damaged');
    const damaged = Buffer.from(file);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);
    await expect(decompress(damaged)).rejects.toThrow('damaged');
  });
});
