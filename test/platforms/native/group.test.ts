import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { fakeConnection } from '../../../harness/connect/fake.js';
import { groupSeconds } from '../../../harness/platforms/native/group.js';
import { native } from '../../../harness/platforms/native/index.js';
import type { Guest, GuestSpec, Host } from '../../../harness/types.js';
import { burn, until } from '../inside.js';

const accounting = async (guest: Guest) => (await guest.readBack()).find(({ check }) => check === 'CPU accounting');
const specOf = (name: string): GuestSpec => ({
  name,
  target: { id: 't', host: 'here', platform: 'native', shape: { cpus: [0] }, options: {} },
});

async function canMakeGroups(): Promise<boolean> {
  const workDir = await mkdtemp(join(tmpdir(), 'bench-native-'));
  const host: Host = {
    id: 'here',
    config: { id: 'here', connect: { via: 'local' } },
    executor: connectLocal(),
    workDir,
  };
  try {
    const guest = await native.start(host, specOf('bench-try'));
    const found = await accounting(guest);
    await native.reap(host);
    return found?.verdict === 'ok';
  } finally {
    await rm(workDir, { recursive: true });
  }
}

const able = await canMakeGroups();

describe.skipIf(!able)(
  `a native guest in a control group${able ? '' : ' (skipped: this user may make none here)'}`,
  () => {
    let host: Host;
    let guest: Guest;
    let group: string;
    beforeEach(async () => {
      const workDir = await mkdtemp(join(tmpdir(), 'bench-native-'));
      host = { id: 'here', config: { id: 'here', connect: { via: 'local' } }, executor: connectLocal(), workDir };
      guest = await native.start(host, specOf('bench-one'));
      group = (await accounting(guest))?.found ?? '';
    });
    afterEach(async () => {
      await native.reap(host);
      await rm(host.workDir, { recursive: true });
    });

    const processes = (): readonly number[] =>
      readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
    const runInGroup = async (): Promise<number> => {
      const { stdout } = await guest.executor.exec({
        argv: ['sh', '-c', 'setsid sleep 300 >/dev/null 2>&1 & echo $!'],
      });
      return Number(stdout);
    };

    it('is read by the count of a control group, as containers are, and of its own load only', async () => {
      const other = spawn('taskset', ['-c', '0', 'sh', '-c', 'while :; do :; done'], { stdio: 'ignore' });
      try {
        const before = await native.cpuTime(host, guest);
        const used = await burn(guest.executor, 0, 1_000_000);
        const after = await native.cpuTime(host, guest);
        expect(after.source.kind).toBe('cgroup');
        expect(after.seconds - before.seconds).toBeGreaterThan(used * 0.9);
        expect(after.seconds - before.seconds).toBeLessThan(used * 1.1 + 0.06);
      } finally {
        other.kill('SIGKILL');
      }
    });

    it('is found by a later process, which counts on', async () => {
      await burn(guest.executor, 0, 200_000);
      const again = await native.attach(host, specOf('bench-one'));
      expect(again && (await accounting(again))?.found).toBe(group);
      expect((await native.cpuTime(host, guest)).seconds).toBeGreaterThan(0.01);
    });

    it('leaves no group when it is stopped, and what runs in it goes on outside', async () => {
      const pid = await runInGroup();
      try {
        expect(processes()).toContain(pid);
        await guest.stop();
        await guest.stop();
        expect(existsSync(group)).toBe(false);
        expect(existsSync(join(group, '..'))).toBe(false);
        expect(existsSync(`/proc/${pid}`)).toBe(true);
      } finally {
        process.kill(pid, 'SIGKILL');
      }
    });

    it('is reaped after a crash with what runs in it, unless it is to be kept', async () => {
      const pid = await runInGroup();
      const other = await native.start(host, specOf('bench-one-2'));
      expect(await native.reap(host, ['bench-one'])).toEqual(['bench-one-2']);
      expect(existsSync((await accounting(other))?.found ?? '')).toBe(false);
      expect(existsSync(`/proc/${pid}`)).toBe(true);
      expect(await native.reap(host)).toEqual(['bench-one']);
      await until(() => Promise.resolve(!existsSync(`/proc/${pid}`)));
      expect(existsSync(join(group, '..'))).toBe(false);
      expect(await native.reap(host)).toEqual([]);
    });

    it('touches no group of another work directory', async () => {
      const elsewhere = { ...host, workDir: `${host.workDir}/other` };
      await mkdir(elsewhere.workDir);
      expect(await native.reap(elsewhere)).toEqual([]);
      expect(existsSync(group)).toBe(true);
    });

    it('rejects commands once its group is gone', async () => {
      await guest.stop();
      await expect(guest.executor.exec({ argv: ['true'] })).rejects.toThrow(/is not running/);
    });
  },
);

describe('the count of a group', () => {
  const read = (stdout: string) => groupSeconds(fakeConnection([{ when: ['sh'], answer: { stdout } }]), '/g');

  it('is read in both versions of control groups', async () => {
    const stat = 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n';
    expect(await read(stat)).toMatchObject({
      seconds: 2.5,
      source: { kind: 'cgroup', words: expect.stringContaining('v2') as string },
    });
    expect(await read('2500000000\n')).toMatchObject({
      seconds: 2.5,
      source: { kind: 'cgroup', words: expect.stringContaining('v1') as string },
    });
  });

  it('that cannot be read is an error', async () => {
    await expect(read('')).rejects.toThrow(/cannot read the CPU time of the control group \/g/);
  });
});
