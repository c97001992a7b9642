import { open, rename, type FileHandle } from 'node:fs/promises';
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

/** Writes a new file that appears whole or not at all, and is on the disk when this returns. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  const handle = await open(temporary, 'w');
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
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a line log. A last line that a crash cut short is closed with a line feed and left as it is: nothing is
 * rewritten, and the reader reports the torn line.
 */
export async function openLineLog(path: string): Promise<LineLog> {
  const handle = await open(path, 'a+');
  try {
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
