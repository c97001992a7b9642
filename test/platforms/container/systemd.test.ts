import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { placeOf, viewCgroups, type CgroupView } from '../../../harness/host/cgroup.js';
import { cutAtGuest, readLimits, settleLimits } from '../../../harness/platforms/container/groups.js';
import { guestsOf } from '../../../harness/platforms/container/paths.js';
import { docker } from '../../../harness/platforms/docker/index.js';
import type { Executor, Finding, Host, Shape } from '../../../harness/types.js';

// Groups as Docker makes them with systemd's cgroup driver, on the real hierarchy of version 1, with a stand-in for
// systemctl that writes the values of units again at `daemon-reload`, as systemd does.

const local = connectLocal();
const own = await viewCgroups(local, 'self');
const cpu = own === undefined ? undefined : placeOf('cpu', { ...own, memberships: atRoot(own) });
const lack = process.getuid?.() !== 0 ? 'not root' : cpu?.version === 1 ? undefined : 'no cpu controller of version 1';

const shape: Shape = { cpus: [0, 1], cpuWeight: 700 / 3 };

describe.skipIf(lack !== undefined)(`a guest in a slice of systemd's${lack === undefined ? '' : ` (${lack})`}`, () => {
  let base: string;
  let above: string;
  let slice: string;
  let guest: ChildProcess;
  let host: Host;
  let view: CgroupView;
  let dropIns: readonly string[];

  const systemctl = (...args: readonly string[]): Promise<unknown> =>
    host.executor.exec({ argv: ['systemctl', ...args] });
  const differing = async (): Promise<readonly Finding[]> =>
    (await readLimits(host.executor, view, shape)).filter(
      ({ verdict, check }) => verdict === 'differs' && check !== 'CPU set',
    );

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'bench-systemd-')));
    await mkdir(`${base}/bin`);
    await copyFile(new URL('./systemctl.sh', import.meta.url), `${base}/bin/systemctl`);
    above = `${cpu?.directory ?? ''}/${base.replace(/^.*\//, '')}`;
    const env = ['env', `PATH=${base}/bin:${process.env['PATH'] ?? ''}`, `UNITS=${above}`] as const;
    const executor: Executor = {
      ...local,
      exec: (command) => local.exec({ ...command, argv: [...env, ...command.argv] }),
    };
    host = { id: 'here', config: { id: 'here', connect: { via: 'local' } }, executor, workDir: base };
    const { group } = guestsOf(host, 'docker');
    slice = `${above}/${group}.slice`;
    const scope = `${slice}/docker-0f3a.scope`;
    dropIns = [`${group}.slice`, 'docker-0f3a.scope'].map((unit) => `/run/systemd/system.control/${unit}.d`);
    await mkdir(scope, { recursive: true });
    guest = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await writeFile(`${scope}/cgroup.procs`, String(guest.pid));
    const seen = await viewCgroups(local, guest.pid ?? 0);
    view = cutAtGuest(seen ?? { mounts: [], memberships: [] }, group) ?? { mounts: [], memberships: [] };
  });

  const end = async (): Promise<void> => {
    if (guest.exitCode !== null || guest.signalCode !== null) return;
    const ended = new Promise((resolve) => guest.once('exit', resolve));
    guest.kill('SIGKILL');
    await ended;
  };

  afterEach(async () => {
    await end();
    for (const directory of [`${slice}/docker-0f3a.scope`, slice, above]) await rmdir(directory).catch(() => undefined);
    for (const path of [base, ...dropIns]) await rm(path, { recursive: true, force: true });
    await rmdir(dirname(dropIns[0] ?? '')).catch(() => undefined);
  });

  it('keeps its weights, and those of the slice, over `systemctl daemon-reload`', async () => {
    await settleLimits(host.executor, view, shape);
    expect(await differing()).toEqual([]);
    await systemctl('daemon-reload');
    expect(await differing()).toEqual([]);
    expect((await readFile(`${slice}/cpu.shares`, 'utf8')).trim()).toBe('262144');
  });

  it('has a finding once the weight of the slice is another', async () => {
    await settleLimits(host.executor, view, shape);
    await writeFile(`${slice}/cpu.shares`, '1024');
    expect(await differing()).toMatchObject([
      { check: 'weight of the parent group', expected: 'shares 262144', found: 'shares 1024' },
    ]);
  });

  it('has a finding for a cap of any group above, by its path', async () => {
    await settleLimits(host.executor, view, shape);
    const before = await readLimits(host.executor, view, shape);
    await writeFile(`${above}/cpu.cfs_quota_us`, '50000');
    const [finding, ...others] = await differing();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ check: 'groups above the guest', expected: 'no cap below 2 CPUs' });
    expect(finding?.found).toContain(`/${base.replace(/^.*\//, '')}: shares 1024, cap 0.5 CPUs`);
    expect(finding?.found).not.toBe(before.find(({ check }) => check === finding?.check)?.found);
  });

  it('is refused when systemd refuses the weight', async () => {
    await writeFile(
      `${base}/bin/systemctl`,
      '#!/bin/sh\necho "Failed to set unit properties: Access denied" >&2\nexit 1\n',
    );
    await expect(settleLimits(host.executor, view, shape)).rejects.toThrow(/\.slice.*Access denied/);
  });

  it('leaves no slice and no drop-in when guests are reaped', async () => {
    await settleLimits(host.executor, view, shape);
    await end();
    await docker.reap(host);
    expect(existsSync(slice)).toBe(false);
    expect(existsSync(dropIns[0] ?? '')).toBe(false);
  });
});

function atRoot({ memberships }: CgroupView): CgroupView['memberships'] {
  return memberships.map((membership) => ({ ...membership, path: '/' }));
}
