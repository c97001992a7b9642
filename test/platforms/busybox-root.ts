import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A static busybox of this machine, when it has one. */
export function findBusybox(): string | undefined {
  return ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path) && isStatic(readFileSync(path)));
}

/** Whether an ELF file for 64-bit little-endian machines names no interpreter: it has no header of type PT_INTERP, elf(5). */
function isStatic(file: Buffer): boolean {
  if (file.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return false;
  const [start, size, count] = [Number(file.readBigUInt64LE(0x20)), file.readUInt16LE(0x36), file.readUInt16LE(0x38)];
  const types = Array.from({ length: count }, (_, index) => file.readUInt32LE(start + index * size));
  return !types.includes(3);
}

/**
 * The smallest root file system that a guest can run in: a static busybox under all its names. These are links to one file:
 * a copy of it for each guest is made several times faster than one with symbolic links.
 */
export async function makeBusyboxRoot(busybox: string, root: string): Promise<void> {
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'run', 'usr', 'var/lib']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await copyFile(busybox, join(root, 'bin/busybox'));
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets) {
    if (applet !== 'busybox') await link(join(root, 'bin/busybox'), join(root, 'bin', applet));
  }
}
