import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { lstat, mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

// A run directory may come from a stranger: a FIFO in it would block the reader, and a link lead out of it.

/** A file that is not there, or why it is not read. */
interface Unread {
  readonly bytes?: never;
  readonly absent: boolean;
  readonly why: string;
}

/** The bytes of a file, or that it is not there, or why it is not read. */
export type Reading = { readonly bytes: Buffer; readonly why?: never } | Unread;

const IRREGULAR: Unread = { absent: false, why: 'is no regular file' };

/**
 * Reads a regular file of at most `limit` bytes. Links are not followed, and neither FIFO nor device is opened. Only
 * errors of the disk are thrown.
 */
export function readRegular(path: string, limit: number): Promise<Reading> {
  return withRegular<Reading>(path, limit, async (handle, size) => {
    const buffer = Buffer.alloc(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: buffer.subarray(0, filled) };
  });
}

/** Length and SHA-256 of a file, or that it is not there, or why it is not read. */
export type Checksum = { readonly length: number; readonly sha256: string; readonly why?: never } | Unread;

/** As `readRegular`, and keeps none of the bytes in memory. */
export function checksumRegular(path: string, limit: number): Promise<Checksum> {
  return withRegular<Checksum>(path, limit, async (handle) => {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(64 * 1024);
    for (let length = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, length);
      length += bytesRead;
      if (bytesRead === 0 || length > limit) return { length, sha256: hash.digest('hex') };
      hash.update(buffer.subarray(0, bytesRead));
    }
  });
}

async function withRegular<T>(
  path: string,
  limit: number,
  use: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T | Unread> {
  try {
    // Checked before it is opened: opening some devices has side effects.
    if (!(await lstat(path)).isFile()) return IRREGULAR;
    const handle = await open(path, REGULAR);
    try {
      const status = await handle.stat();
      if (!status.isFile()) return IRREGULAR;
      if (status.size > limit) return tooLarge(status.size, limit);
      return await use(handle, status.size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return unreadOf(error);
  }
}

/** As `readRegular`, at once: for readers that are pure but for the files of a run. */
export function readRegularNow(path: string, limit: number): Reading {
  try {
    if (!lstatSync(path).isFile()) return IRREGULAR;
    const file = openSync(path, REGULAR);
    try {
      const status = fstatSync(file);
      if (!status.isFile()) return IRREGULAR;
      if (status.size > limit) return tooLarge(status.size, limit);
      const buffer = Buffer.alloc(status.size);
      let filled = 0;
      for (let read = -1; read !== 0 && filled < buffer.length; filled += read) {
        read = readSync(file, buffer, filled, buffer.length - filled, filled);
      }
      return { bytes: buffer.subarray(0, filled) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return unreadOf(error);
  }
}

const REGULAR = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const tooLarge = (size: number, limit: number): Unread => ({
  absent: false,
  why: `has ${size} bytes, at most ${limit} are read`,
});

/** Throws errors of the disk. */
function unreadOf(error: unknown): Unread {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { absent: true, why: 'is missing' };
  // A link that replaced the regular file since the check: open(2), O_NOFOLLOW.
  if (code === 'ELOOP') return IRREGULAR;
  throw error;
}

/**
 * Makes a directory with its parents, one level at a time: `mkdir` of Node 20 with `recursive` never returns where the
 * parent is there and the kernel still returns ENOENT, as procfs does.
 */
export async function makeDirectories(path: string): Promise<void> {
  const absolute = resolve(path);
  if (await isDirectory(absolute)) return;
  const parent = dirname(absolute);
  if (parent !== absolute) await makeDirectories(parent);
  try {
    await mkdir(absolute);
  } catch (error) {
    const raced = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await isDirectory(absolute));
    if (!raced) throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  const status = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return status?.isDirectory() ?? false;
}
