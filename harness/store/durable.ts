import { constants } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a directory's entries durable: a created or renamed file survives a power cut only after this. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** End of the name of a file that is being written. */
export const UNFINISHED = '.tmp';

/** Writes a new file that appears whole or not at all, and is on the disk when this returns. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}${UNFINISHED}`;
  // A crash may have left the file, and anyone a link under its name: a new file is created in any case.
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** A file of lines that only ever grows; every line is on the disk when `append` returns. */
export interface LineLog {
  /**
   * When this rejects, it is unknown whether the line is in the file: the write may have failed at any byte of it, or
   * only the flush after the whole line, which a reader then sees. A caller that appends the line again may have
   * written it twice; `loadRun` counts the first record of an attempt.
   */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a line log. A last line that a crash cut short is closed with a line feed and left as it is: nothing is
 * rewritten, and the reader reports the torn line. Throws when the path is a link or anything but a regular file.
 */
export async function openLineLog(path: string): Promise<LineLog> {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is no regular file`);
    if (await isTorn(handle)) await handle.appendFile('\n');
    await handle.sync();
    await syncDirectory(dirname(path));
  } catch (error) {
    await handle.close();
    throw error;
  }
  let torn = false;
  return {
    async append(line) {
      // A failed write (a full disk) may have left part of a line: the next one starts on a line of its own.
      const text = torn ? `\n${line}\n` : `${line}\n`;
      torn = true;
      await handle.appendFile(text);
      await handle.datasync();
      torn = false;
    },
    close: () => handle.close(),
  };
}

async function isTorn(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
