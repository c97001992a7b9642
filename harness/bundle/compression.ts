import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { MAX_BUNDLE_BYTES } from './limits.js';
import { messageOf } from '../errors.js';
import { noBundle } from './problem.js';
import { compressZstd, decompressZstd, isZstd } from './zstd.js';

/** Ends of the names of bundles. The first is the default: only its bytes do not depend on the zlib of Node. */
const COMPRESSIONS = ['.tar.zst', '.tar.gz', '.tar'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** By the end of a file's name. Throws a `BenchError` of stage `config` for another end. */
export function compressionOf(path: string): Compression {
  const found = COMPRESSIONS.find((end) => path.endsWith(end));
  if (found !== undefined) return found;
  const expected = `a name that ends in ${COMPRESSIONS.join(', ')}`;
  throw noBundle('cannot choose the format of the bundle', { expected, found: path });
}

export async function compress(tar: Uint8Array, compression: Compression): Promise<Uint8Array> {
  switch (compression) {
    case '.tar.zst':
      return compressZstd(tar);
    case '.tar.gz': {
      const bytes = gzipSync(tar, { level: constants.Z_BEST_COMPRESSION });
      // The operating system in the header (RFC 1952, 2.3.1) differs between machines: 255 is unknown.
      bytes[9] = 255;
      return bytes;
    }
    case '.tar':
      return tar;
  }
}

/** Whether a file can be a bundle, by its first bytes. */
export const looksLikeBundle = (start: Buffer): boolean => isZstd(start) || isGzip(start) || isTar(start);

/** The archive in a file, by its first bytes. Throws a `BenchError` of stage `config` for what is none, damaged or too large. */
export async function decompress(bytes: Buffer): Promise<Buffer> {
  if (isZstd(bytes)) return decompressZstd(bytes);
  if (isGzip(bytes)) return gunzip(bytes);
  if (isTar(bytes)) return bytes;
  throw noBundle('the file is no bundle', { expected: 'an archive that `bench bundle` wrote' });
}

function gunzip(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BUNDLE_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw noBundle('the bundle is too large', { expected: `at most ${MAX_BUNDLE_BYTES} bytes` });
    }
    const found = messageOf(error);
    throw noBundle('the bundle is damaged: its compressed content cannot be read', { found });
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;
const isTar = (bytes: Buffer): boolean => bytes.toString('latin1', 257, 262) === 'ustar';
