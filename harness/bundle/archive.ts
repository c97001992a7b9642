import { packTar, unpackTar } from 'modern-tar';
import { MAX_BUNDLE_BYTES, MAX_MEMBERS } from './limits.js';
import { messageOf } from '../errors.js';
import { noBundle, quoted } from './problem.js';

/** A file of a bundle. `path` is as `checkPath` allows. */
export interface Member {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The paths that a bundle may have: the manifest, its signature, the report, and the files of runs. */
const TOP = ['manifest.json', 'manifest.json.sig', 'report.html', 'report.json'];
const RUN_FILE = /^runs\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/(?:plan\.json|records\.jsonl|journal\.jsonl|hosts\.json)$/;
const RAW_FILE =
  /^runs\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/raw\/(?:[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*\/)*[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*$/;

/** Whether a path is one of a bundle. No such path leaves the folder that it is written to. */
export const isBundlePath = (path: string): boolean =>
  path.length <= 400 && (TOP.includes(path) || RUN_FILE.test(path) || RAW_FILE.test(path));

/**
 * The archive of these members, in their order: regular files of mode 644, of user and group 0, with time 0. Equal members
 * give equal bytes.
 */
export async function packArchive(members: readonly Member[]): Promise<Buffer> {
  const size = members.reduce((sum, { bytes }) => sum + bytes.length + 1024, 0);
  if (size > MAX_BUNDLE_BYTES || members.length > MAX_MEMBERS) {
    const found = `${size} bytes in ${members.length} files`;
    const expected = `at most ${MAX_BUNDLE_BYTES} bytes in ${MAX_MEMBERS} files`;
    throw noBundle('the bundle would be too large', { expected, found, hint: 'bundle fewer runs' });
  }
  const epoch = new Date(0);
  const tar = await packTar(
    members.map(({ path, bytes }) => ({
      header: { name: path, size: bytes.length, mtime: epoch, mode: 0o644, type: 'file', uid: 0, gid: 0 },
      body: bytes,
    })),
  );
  return Buffer.from(tar.buffer, tar.byteOffset, tar.byteLength);
}

/**
 * The members of an archive, each regular, with a path of a bundle, once. Throws a `BenchError` of stage `config` for any
 * other archive, and for one with bytes that `packArchive` does not write: nothing can be hidden in it.
 */
export async function readArchive(tar: Buffer): Promise<readonly Member[]> {
  const entries = await unpackTar(tar, { strict: true }).catch((error: unknown) => {
    throw noBundle('the bundle is damaged: its archive cannot be read', {
      found: messageOf(error),
    });
  });
  if (entries.length > MAX_MEMBERS)
    throw noBundle('the bundle has too many files', { expected: `at most ${MAX_MEMBERS}` });
  const seen = new Set<string>();
  const members = entries.map(({ header, data }): Member => {
    const { name, type = 'file' } = header;
    if (type !== 'file' || data === undefined) {
      throw noBundle(`the bundle has ${quoted(name)}, a ${type}`, { expected: 'regular files only' });
    }
    if (!isBundlePath(name))
      throw noBundle(`the bundle has a file ${quoted(name)}`, { expected: 'paths of a bundle only' });
    if (seen.has(name)) throw noBundle(`the bundle has ${quoted(name)} twice`);
    seen.add(name);
    return { path: name, bytes: data };
  });
  for (const { path } of members) {
    if (path.split('/').some((_, index, parts) => seen.has(parts.slice(0, index).join('/')))) {
      throw noBundle(`the bundle has ${quoted(path)} below a file`);
    }
  }
  if (!(await packArchive(members)).equals(tar)) {
    throw noBundle('the bundle has more in it than its files', {
      expected: 'the archive that `bench bundle` writes of them',
      hint: 'other times, owners or modes, or data between or after the files',
    });
  }
  return members;
}
