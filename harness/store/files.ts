import { constants } from 'node:fs';
import { lstat, mkdir, open, stat, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

// A run directory may come from a stranger: a FIFO in it would block the reader, and a link lead out of it.

/** The bytes of a file, or that it is not there, or why it is not read. */
export type Reading =
  | { readonly bytes: Buffer; readonly why?: never }
  | { readonly bytes?: never; readonly absent: boolean; readonly why: string };

const IRREGULAR: Reading = { absent: false, why: 'is no regular file' };

/**
 * Reads a regular file of at most `limit` bytes. Links are not followed, and neither FIFO nor device is opened. Only
 * errors of the disk are thrown.
 */
export async function readRegular(path: string, limit: number): Promise<Reading> {
  try {
    // Checked before it is opened: opening some devices has side effects.
    if (!(await lstat(path)).isFile()) return IRREGULAR;
    return await withRegular(path, constants.O_RDONLY, (handle, size) => readWhole(handle, size, limit));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { absent: true, why: 'is missing' };
    // A link that replaced the regular file since the check: open(2), O_NOFOLLOW.
    if (code === 'ELOOP') return IRREGULAR;
    throw error;
  }
}

async function withRegular(
  path: string,
  flags: number,
  use: (handle: FileHandle, size: number) => Promise<Reading>,
): Promise<Reading> {
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const status = await handle.stat();
    return status.isFile() ? await use(handle, status.size) : IRREGULAR;
  } finally {
    await handle.close();
  }
}

async function readWhole(handle: FileHandle, size: number, limit: number): Promise<Reading> {
  if (size > limit) return { absent: false, why: `has ${size} bytes, at most ${limit} are read` };
  const buffer = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return { bytes: buffer.subarray(0, filled) };
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
