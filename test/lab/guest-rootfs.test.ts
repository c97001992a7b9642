import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { verifyShape } from '../../harness/host/verify.js';
import { makeGuestRootfs, type GuestRootfs } from '../../harness/lab/guest-rootfs.js';
import { lxc } from '../../harness/platforms/lxc/index.js';
import type { Host } from '../../harness/types.js';
import { whyNoLab } from './traces.js';

const reason = whyNoLab();

describe.skipIf(reason !== undefined)(`bench rootfs${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  const place = mkdtempSync(join(tmpdir(), 'bench-rootfs-'));
  const directory = join(place, 'rootfs');
  const lines: string[] = [];
  const make = (): Promise<GuestRootfs> => makeGuestRootfs({ directory, report: (line) => void lines.push(line) });
  const host: Host = {
    id: 'here',
    config: { id: 'here', connect: { via: 'local' } },
    executor: connectLocal(),
    workDir: join(place, 'work'),
  };

  beforeAll(async () => {
    // What a kill leaves.
    mkdirSync(`${directory}.making/usr`, { recursive: true });
    expect(await make()).toEqual({ path: directory, made: true });
  }, 600_000);
  afterAll(async () => {
    await lxc.reap(host);
    rmSync(place, { recursive: true });
  });

  it('makes a folder that an LXC guest starts from, with what suites need', async () => {
    const target = {
      id: 'lxc-up',
      host: 'here',
      platform: 'lxc',
      shape: { cpus: [0] },
      options: { rootfs: directory },
    };
    const guest = await lxc.start(host, { name: 'bench-from-rootfs', target });
    expect((await verifyShape(guest, target.shape)).filter(({ verdict }) => verdict === 'differs')).toEqual([]);
    const script =
      'cat /etc/debian_version /etc/hostname; for tool in cc make dbench iperf3 psql; do command -v $tool; done';
    const { stdout } = await guest.executor.exec({ argv: ['sh', '-c', script] });
    expect(stdout).toMatch(/^\d+\.\d+\nbench\n/);
    expect(stdout.trim().split('\n').slice(2)).toHaveLength(5);
    await guest.stop();
  });

  it('leaves nothing beside it, and changes nothing the second time', async () => {
    expect(readdirSync(place).filter((name) => name.startsWith('rootfs'))).toEqual(['rootfs']);
    lines.length = 0;
    expect(await make()).toEqual({ path: directory, made: false });
    expect(lines).toEqual([]);
  });

  it('refuses a folder with anything else in it', async () => {
    const other = join(place, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'precious'), '');
    await expect(makeGuestRootfs({ directory: other, report: () => undefined })).rejects.toThrow(
      /is not empty.*precious/,
    );
    expect(existsSync(join(other, 'precious'))).toBe(true);
  });

  it('refuses a path that no target can have', async () => {
    const spaced = join(place, 'a b');
    await expect(makeGuestRootfs({ directory: spaced, report: () => undefined })).rejects.toThrow(/without blanks/);
    expect(existsSync(spaced)).toBe(false);
  });

  it('prints the option of targets', () => {
    const cli = new URL('../../dist/harness/cli.js', import.meta.url).pathname;
    const { stdout, stderr, status } = spawnSync(process.execPath, [cli, 'rootfs', directory], { encoding: 'utf8' });
    expect({ stdout, stderr, status }).toEqual({
      stdout: `{"rootfs":"${directory}"}\n`,
      stderr: `${directory} is there already\n`,
      status: 0,
    });
  });
});
