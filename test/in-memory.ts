import { readFileSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';

const SHM = '/dev/shm';
const TMPFS = 0x01021994;
const ENOUGH = 2 ** 31;

/**
 * The folder for temporary files of a test that writes many: in memory where there is room and programs may be started,
 * else `tmpdir()`. A cluster of PostgreSQL has a thousand files, and their inodes on a disk cost as much as its queries.
 */
export function roomInMemory(): string {
  try {
    const { type, bavail, bsize } = statfsSync(SHM);
    const options = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
    const mounted = options.find(([, path]) => path === SHM)?.[3]?.split(',') ?? [];
    const hasRoom = type === TMPFS && bavail * bsize > ENOUGH && freemem() > ENOUGH;
    return hasRoom && mounted.length > 0 && !mounted.includes('noexec') ? SHM : tmpdir();
  } catch {
    return tmpdir();
  }
}
