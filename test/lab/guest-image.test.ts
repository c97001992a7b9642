import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { makeGuestImage, type GuestImage } from '../../harness/lab/guest-image.js';
import { kvm } from '../../harness/platforms/kvm/index.js';
import type { Host } from '../../harness/types.js';
import { whyNoLab } from './traces.js';

const reason = whyNoLab();
const place = mkdtempSync(join(tmpdir(), 'bench-image-'));
afterAll(() => rmSync(place, { recursive: true }));
const report = (): void => undefined;

describe.skipIf(reason !== undefined)('bench rootfs --image refuses', () => {
  it.each(['disk.raw', 'disk.raw.vmlinuz', 'disk.raw.initrd'])('to replace %s', async (name) => {
    writeFileSync(join(place, name), 'precious');
    await expect(makeGuestImage({ file: join(place, 'disk.raw'), report })).rejects.toThrow(`${name} exists`);
    rmSync(join(place, name));
    expect(readdirSync(place)).toEqual([]);
  });
});

const lacks =
  reason ??
  (process.env['BENCH_TEST_EMULATED'] !== '1'
    ? 'BENCH_TEST_EMULATED=1 runs it'
    : ['qemu-system-x86_64', 'qemu-img'].find((name) => !inPath(name)));

describe.skipIf(lacks !== undefined)(`bench rootfs --image${lacks === undefined ? '' : ` (skipped: ${lacks})`}`, () => {
  const file = join(place, 'vm', 'disk.raw');
  const host: Host = {
    id: 'here',
    config: { id: 'here', connect: { via: 'local' } },
    executor: connectLocal(),
    workDir: join(place, 'work'),
  };
  let image: GuestImage;
  let key: string;

  beforeAll(async () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'operator', '-f', join(place, 'key')]);
    key = join(place, 'key.pub');
    image = await makeGuestImage({ file, key, report });
  }, 1_200_000);
  afterAll(() => kvm.reap(host));

  it('leaves the disk, its kernel and nothing else', () => {
    expect(readdirSync(join(place, 'vm')).sort()).toEqual(['disk.raw', 'disk.raw.initrd', 'disk.raw.vmlinuz']);
    expect([image.image, image.kernel, image.initrd].every((path) => existsSync(path))).toBe(true);
  });

  it('makes a disk that a virtual machine boots from, with its keys and what suites need', async () => {
    const options = { ...image, accel: 'tcg', through: 'qemu', disk: 'raw', bootSeconds: 600 };
    const shape = { cpus: [0], memoryBytes: 2 ** 30 };
    const target = { id: 'kvm-up', host: 'here', platform: 'kvm', shape, options };
    const guest = await kvm.start(host, { name: 'bench-from-image', target });
    const script =
      'hostname; for tool in cc make dbench iperf3 psql; do command -v $tool; done; grep -c operator /root/.ssh/authorized_keys; systemctl --failed --no-legend';
    const { stdout } = await guest.executor.exec({ argv: ['sh', '-c', script] });
    const [name, ...rest] = stdout.trim().split('\n');
    expect(name).toBe('bench-from-image');
    expect(rest).toHaveLength(6);
    expect(rest.at(-1)).toBe('1');
    await guest.stop();
  }, 900_000);
});

function inPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}
