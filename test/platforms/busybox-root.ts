import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A static busybox of this machine, when it has one. */
export function findBusybox(): string | undefined {
  for (const path of ['/bin/busybox', '/usr/bin/busybox']) {
    try {
      const type = execFileSync('file', ['-L', path], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      if (type.includes('dynamically linked')) continue;
    } catch {
      // No file(1): what follows finds out.
    }
    try {
      execFileSync(path, ['true']);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The smallest root file system that a guest can run in: a static busybox under all its names. */
export async function makeBusyboxRoot(busybox: string, root: string): Promise<void> {
  for (const name of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'run', 'var/lib']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await copyFile(busybox, join(root, 'bin/busybox'));
  const applets = execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n');
  for (const applet of applets) {
    if (applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet));
  }
}
