import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { nested } from '../../harness/connect/nested.js';
import { refused } from './conformance.js';

/** Mounts a file system of 64 KiB over /mnt that only this command and its children see, and that ends with them. */
const SMALL_DISK = 'mount -t tmpfs -o size=64k bench-test /mnt && exec "$@"';

async function whyNoSmallDisk(): Promise<string | null> {
  const local = connectLocal();
  const { exit, stderr } = await local
    .exec({ argv: ['unshare', '--mount', 'sh', '-c', SMALL_DISK, 'sh', 'true'] })
    .catch((error: unknown) => ({ exit: { kind: 'code', code: 1 } as const, stderr: String(error) }));
  return exit.kind === 'code' && exit.code === 0 ? null : `needs root and mount namespaces: ${stderr.trim()}`;
}

const missing = await whyNoSmallDisk();

describe.skipIf(missing !== null)(`a full disk${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  it("is reported with the file and the system's own words, and leaves nothing behind", async () => {
    // One namespace for both commands, or the second would look at another disk.
    const script = `${SMALL_DISK.replace('exec "$@"', '"$@"')}; code=$?; ls -A /mnt >&2; exit $code`;
    const guest = nested(
      connectLocal(),
      (command) => ({ ...command, argv: ['unshare', '--mount', 'sh', '-c', script, 'sh', ...command.argv] }),
      'guest',
    );
    const error = await refused(guest.put({ path: '/mnt/big', content: Buffer.alloc(1024 * 1024) }));
    expect(error.problem.message).toBe('cannot write /mnt/big on guest');
    expect(error.problem.found).toContain('No space left on device');
    expect(error.problem.found).not.toContain('bench-put');
    expect(error.problem.hint).toContain('free space');
  });
});
