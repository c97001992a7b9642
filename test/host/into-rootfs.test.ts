import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { rootfsExecutor } from '../../harness/host/into-rootfs.js';
import { HOSTILE } from '../connect/hostile.js';
import { findBusybox, makeBusyboxRoot } from '../platforms/busybox-root.js';

const here = connectLocal();
const isRoot = process.getuid?.() === 0;
const busybox = findBusybox();

describe.skipIf(!isRoot || busybox === undefined)(
  'a command in a root file system (skipped: not root, or no busybox)',
  () => {
    let root = '';
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'bench-rootfs-'));
      await makeBusyboxRoot(busybox ?? '', root);
    });
    afterAll(() => rm(root, { recursive: true, force: true }));
    const run = (...argv: readonly [string, ...string[]]) => rootfsExecutor(here, root).exec({ argv });

    it('has /proc, of which nothing remains', async () => {
      const { stdout, stderr } = await run('sh', '-c', 'ls -d /proc/self; ls /');
      expect([stdout.split('\n')[0], stderr]).toEqual(['/proc/self', '']);
      expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(root);
      await expect(access(join(root, 'proc/self'))).rejects.toThrow('ENOENT');
    });

    it('has its arguments as they are and ends as it ends', async () => {
      const { stdout } = await run('printf', '%s\\0', ...HOSTILE);
      expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
      expect((await run('sh', '-c', 'exit 7')).exit).toEqual({ kind: 'code', code: 7 });
    });
  },
);
