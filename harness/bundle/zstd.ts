import type { Zstd } from '@hpcc-js/wasm-zstd';
import { MAX_BUNDLE_BYTES } from './limits.js';
import { messageOf } from '../errors.js';
import { noBundle } from './problem.js';

// Zstandard in WebAssembly: the same bytes on every machine, which the `zstd` of a system gives only for one version of it.
// The file has the layout of pzstd (contrib/pzstd of facebook/zstd): independent frames, before each a skippable frame with
// its length. `zstd -d` reads it, and a frame can be checked for its size before it is unpacked.

const LEVEL = 9;
/** Bytes of a frame, unpacked. */
const FRAME = 4 * 1024 ** 2;
/** Magic number of a skippable frame, length 4, then the length of the next frame. */
const SKIPPABLE = 0x184d2a50;
const SKIPPABLE_BYTES = 12;
const FRAME_MAGIC = 0xfd2fb528;

/** Whether a file begins as `compressZstd` writes it, or as any other file of Zstandard. */
export function isZstd(bytes: Buffer): boolean {
  const magic = bytes.length < 4 ? 0 : bytes.readUInt32LE(0);
  return magic === SKIPPABLE || magic === FRAME_MAGIC;
}

export async function compressZstd(bytes: Uint8Array): Promise<Buffer> {
  const zstd = await load();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += FRAME) {
    const frame = zstd.compress(bytes.subarray(at, at + FRAME), LEVEL);
    const head = Buffer.alloc(SKIPPABLE_BYTES);
    head.writeUInt32LE(SKIPPABLE, 0);
    head.writeUInt32LE(4, 4);
    head.writeUInt32LE(frame.length, 8);
    parts.push(head, frame);
  }
  return Buffer.concat(parts);
}

/**
 * Throws a `BenchError` of stage `config` where the layout is another, or the content larger than a bundle may be: nothing is
 * unpacked then.
 */
export async function decompressZstd(bytes: Buffer): Promise<Buffer> {
  const frames = framesOf(bytes);
  const total = frames.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_BUNDLE_BYTES) {
    throw noBundle('the bundle is too large', { expected: `at most ${MAX_BUNDLE_BYTES} bytes`, found: String(total) });
  }
  const zstd = await load();
  return Buffer.concat(frames.map(({ frame, size }) => unpack(zstd, frame, size)));
}

interface Frame {
  readonly frame: Buffer;
  /** Bytes of its content, as its header states. */
  readonly size: number;
}

function framesOf(bytes: Buffer): readonly Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const isHead =
      at + SKIPPABLE_BYTES <= bytes.length && bytes.readUInt32LE(at) === SKIPPABLE && bytes.readUInt32LE(at + 4) === 4;
    if (!isHead) throw otherLayout();
    const end = at + SKIPPABLE_BYTES + bytes.readUInt32LE(at + 8);
    if (end > bytes.length) throw noBundle('the bundle is cut short');
    const frame = bytes.subarray(at + SKIPPABLE_BYTES, end);
    const size = contentSize(frame);
    if (size === undefined || size > FRAME) throw otherLayout();
    frames.push({ frame, size });
    at = end;
  }
  return frames;
}

function unpack(zstd: Zstd, frame: Uint8Array, size: number): Uint8Array {
  let content: Uint8Array;
  try {
    content = zstd.decompress(frame);
  } catch (error) {
    const message = 'the bundle is damaged: its compressed content cannot be read';
    throw noBundle(message, { found: messageOf(error) });
  }
  if (content.length !== size) throw noBundle('the bundle is damaged: its compressed content has another length');
  return content;
}

const otherLayout = (): Error =>
  noBundle('the bundle was not compressed by `bench bundle`', {
    hint: 'unpack it with `zstd -d`, and pass the .tar file',
  });

/**
 * What the header of a frame states of its content in bytes (RFC 8878, 3.1.1.1); undefined where it states none, or where
 * the frame needs a dictionary.
 */
function contentSize(frame: Buffer): number | undefined {
  // The longest header that is read here; a frame that is shorter as a whole is filled up for reading.
  const head = Buffer.concat([frame.subarray(0, 14), Buffer.alloc(14)]);
  const descriptor = head.readUInt8(4);
  if (head.readUInt32LE(0) !== FRAME_MAGIC || (descriptor & 0x03) !== 0) return undefined;
  const single = (descriptor & 0x20) !== 0;
  const at = single ? 5 : 6;
  switch (descriptor >> 6) {
    case 0:
      return single ? head.readUInt8(at) : undefined;
    case 1:
      return head.readUInt16LE(at) + 256;
    case 2:
      return head.readUInt32LE(at);
    default:
      return Number(head.readBigUInt64LE(at));
  }
}

/** The module has the compiled code in it: it is loaded when a bundle is. */
async function load(): Promise<Zstd> {
  return (await import('@hpcc-js/wasm-zstd')).Zstd.load();
}
