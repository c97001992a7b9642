import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { viewCgroups, placeOf } from '../../../harness/host/cgroup.js';
import { lxc } from '../../../harness/platforms/lxc/index.js';
import { guestsOf, pathsOf } from '../../../harness/platforms/lxc/paths.js';
import type { GuestSpec } from '../../../harness/types.js';
import type { Bed } from '../conformance.js';
import { whyNoContainers } from '../container-bed.js';
import { makeLxcBed } from './bed.js';

const lacks = whyNoContainers('lxc-start');

const executor = connectLocal();

async function lines(argv: readonly [string, ...string[]]): Promise<readonly string[]> {
  return (await executor.exec({ argv })).stdout.split('\n').filter((line) => line !== '');
}

describe.skipIf(lacks !== undefined)(`LXC${lacks === undefined ? '' : ` (skipped: ${lacks})`}`, () => {
  describe('in addition to what all drivers promise', () => {
    let bed: Bed;
    beforeAll(async () => {
      bed = await makeLxcBed();
    });
    afterAll(async () => {
      await lxc.reap(bed.host);
      await bed.remove();
    });
    const specOf = (name: string, cpus: readonly number[] = [1], options = bed.options): GuestSpec => ({
      name,
      target: { id: 'lxc-test', host: 'here', platform: 'lxc', shape: { cpus }, options },
    });

    it('gives a guest all its CPUs though bench keeps off them', async () => {
      const onCpu0 = {
        ...executor,
        exec: (command: Parameters<typeof executor.exec>[0]) =>
          executor.exec({ ...command, argv: ['taskset', '-c', '0', ...command.argv] }),
      };
      const guest = await lxc.start({ ...bed.host, executor: onCpu0 }, specOf('bench-smp', [0, 1]));
      const { stdout } = await guest.executor.exec({
        argv: ['grep', '-h', 'Cpus_allowed_list', '/proc/1/status', '/proc/self/status'],
      });
      expect(stdout).toBe('Cpus_allowed_list:\t0-1\nCpus_allowed_list:\t0-1\n');
      await guest.stop();
    });

    it('widens a parent group that lost a CPU', async () => {
      const view = await viewCgroups(executor, 'self');
      const place = view === undefined ? undefined : placeOf('cpuset', { ...view, memberships: rootOf(view) });
      if (place?.version !== 1) return;
      await lxc.reap(bed.host);
      const parent = `${place.directory}/${guestsOf(bed.host).group}`;
      await mkdir(parent);
      await writeFile(`${parent}/cpuset.cpus`, '0');
      const guest = await lxc.start(bed.host, specOf('bench-widened'));
      expect((await guest.readBack()).map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
      await guest.stop();
    });

    it('has the network and the devices that suites need', async () => {
      const guest = await lxc.start(bed.host, specOf('bench-devices'));
      const script =
        'ifconfig lo | grep -c UP; ls -d /sys/class/net/*; df -P /dev/shm | tail -n 1; echo x > /dev/shm/x; ls /dev/pts';
      const { stdout } = await guest.executor.exec({ argv: ['sh', '-c', script] });
      expect(stdout).toMatch(/^1\n\/sys\/class\/net\/lo\ntmpfs .* \/dev\/shm\nptmx\n$/);
      await guest.stop();
    });

    it('does not touch directories that it did not make', async () => {
      const foreign = `${guestsOf(bed.host).guests}/bench-foreign`;
      await mkdir(foreign, { recursive: true });
      await writeFile(`${foreign}/precious`, '');
      expect(await lxc.reap(bed.host)).not.toContain('bench-foreign');
      expect(await lines(['ls', foreign])).toEqual(['precious']);
      await rm(foreign, { recursive: true });
    });

    it.each<[string, () => GuestSpec, RegExp]>([
      [
        'a root file system that is not there',
        () => specOf('bench-a', [1], { rootfs: '/no/such' }),
        /stage start.*rootfs.*no such directory/,
      ],
      [
        'a directory without a shell',
        () => specOf('bench-b', [1], { rootfs: '/proc' }),
        /stage start.*has no \/bin\/sh/,
      ],
      [
        'a CPU that there is not',
        () => specOf('bench-c', [4000]),
        /stage start: lxc-start of bench-c on local failed: .*cpuset.cpus/,
      ],
      [
        'a bridge that there is not',
        () => specOf('bench-d', [1], { ...bed.options, bridge: 'nosuch0' }),
        /stage start.*nosuch0|stage start.*network/i,
      ],
      [
        'options that are none',
        () => specOf('bench-e', [1], { rootfs: 'relative' }),
        /stage config: options.rootfs of target lxc-test/,
      ],
      ['a name that breaks out', () => specOf('bench-../../etc'), /stage start.*guest name/],
    ])('reports what is wrong with %s, and leaves nothing running', async (_, spec, message) => {
      await expect(lxc.start(bed.host, spec())).rejects.toThrow(message);
      await lxc.reap(bed.host);
      expect(await bed.traces()).toEqual([]);
    });

    it('probes the root file system of a target', async () => {
      const findings = await lxc.probe(bed.host, specOf('bench-x', [1], { rootfs: '/no/such' }).target);
      expect(findings.filter(({ verdict }) => verdict === 'differs').map(({ check }) => check)).toEqual(['rootfs']);
    });

    it('writes to the host file system in its work directory, not through the overlay', async () => {
      const guest = await lxc.start(bed.host, specOf('bench-disk'));
      await guest.executor.put({ path: `${guest.workDir}/x`, content: 'x' });
      expect(await readFile(`${pathsOf(bed.host, 'bench-disk').disk}/x`, 'utf8')).toBe('x');
      await guest.stop();
    });
  });
});

function rootOf(view: NonNullable<Awaited<ReturnType<typeof viewCgroups>>>): typeof view.memberships {
  return view.memberships.map((membership) => ({ ...membership, path: '/' }));
}
