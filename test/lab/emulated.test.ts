import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../harness/config/load.js';
import { bootTrack } from '../../harness/lab/emulated/boot-sector.js';
import { emulatedBoots, grubMenu } from '../../harness/lab/emulated/menu.js';
import { readExtras } from '../../harness/lab/extras.js';
import { hostsFileContent } from '../../harness/lab/hosts-file.js';
import { labDown, labPower, labStatus, labUp } from '../../harness/lab/index.js';
import { labPaths } from '../../harness/lab/paths.js';
import { start } from '../cli/command-line.js';
import { compileBench } from '../compiled.js';
import { whyNoLab } from './traces.js';

describe('what a lab is made with', () => {
  it('is a list, or several', () => {
    expect(readExtras(['kvm,xen', 'docker', 'xen'])).toEqual(['docker', 'xen', 'kvm']);
    expect(readExtras([])).toEqual([]);
  });

  it.each(['zen', '', 'constructor'])('is never %j', (name) => {
    expect(() => readExtras([`xen,${name}`])).toThrow('that a lab can be made with');
  });
});

describe('the boot menu of an emulated machine', () => {
  it('has an entry for every boot of the hosts file, under its name', () => {
    const ids = [...grubMenu().matchAll(/--id (\S+) \{/g)].map(([, id]) => id);
    expect(ids).toEqual(Object.keys(emulatedBoots()));
    for (const [name, { select }] of Object.entries(emulatedBoots())) expect(select).toEqual({ grub: name });
  });

  it('gives Linux one CPU where the boot expects one, and Xen gives the host VM one', () => {
    const entry = (id: string): string =>
      grubMenu()
        .split('menuentry ')
        .find((text) => text.startsWith(`'${id}'`)) ?? '';
    expect(entry('native-up')).toContain(' maxcpus=1\n');
    expect(entry('native-smp')).not.toContain('maxcpus');
    expect(entry('xen-up')).toContain(' dom0_max_vcpus=1 dom0_vcpus_pin\n');
    expect(entry('xen-smp')).not.toContain('dom0_max_vcpus');
  });

  it('names itself on the command line of each system, which the boot expects', () => {
    for (const [name, { expect: expected }] of Object.entries(emulatedBoots())) {
      expect(expected.commandLine).toContain(`lab.boot=${name}`);
      expect(grubMenu().split(`lab.boot=${name}`)).toHaveLength(2);
    }
  });

  it('starts systemd in one entry, and what is made for the lab in all others', () => {
    const init = grubMenu()
      .split('\n')
      .filter((line) => line.includes(' init='));
    expect(init).toHaveLength(1);
    expect(init[0]).toMatch(/lab\.boot=systemd init=\/lib\/systemd\/systemd /);
  });

  it('forgets the selection before it boots it: the next boot is the first entry again', () => {
    expect(grubMenu()).toMatch(/set next_entry=\n\s*save_env next_entry\n/);
    expect(grubMenu()).toContain('set default=native-smp');
  });
});

describe('the first track of a disk', () => {
  const boot = Buffer.alloc(512, 0xee);
  it('has the partition table that the kernel expects, and the core image behind it', () => {
    const track = bootTrack(boot, Buffer.from('core'), 4096);
    expect(track.subarray(446, 462).toString('hex')).toBe('80feffff83feffff0008000000100000');
    expect(track.subarray(462, 512).toString('hex')).toBe(`${'00'.repeat(48)}55aa`);
    expect(track.readBigUInt64LE(0x5c)).toBe(1n);
    expect(track.subarray(512).toString()).toBe('core');
  });

  it('is refused where it would reach into the partition', () => {
    expect(() => bootTrack(boot, Buffer.alloc(2047 * 512 + 1), 1)).toThrow('does not fit');
    expect(() => bootTrack(boot.subarray(1), Buffer.alloc(1), 1)).toThrow('boot.img');
  });
});

describe('the hosts file of a lab with an emulated machine', () => {
  const hosts = [
    { id: 'alpha', address: '198.18.0.10' },
    { id: 'emu', address: '127.0.0.1', emulated: true },
  ] as const;

  it('has no mistakes, names the boot of every target on it, and marks it as emulated', () => {
    const text = JSON.stringify(hostsFileContent(labPaths({ name: 'x' }), hosts, [0, 1], ['xen', 'kvm']));
    const read = readConfig(text, '/x/hosts.lab.json', '/root');
    expect(read).toMatchObject({ ok: true });
    if (!read.ok) return;
    expect(read.config.hosts.get('emu')).toMatchObject({ lab: 'emulated', cpus: 2 });
    const targets = [...read.config.targets.values()].filter(({ host }) => host === 'emu');
    expect(targets.map(({ id, boot }) => `${id} ${boot ?? '-'}`)).toEqual(
      expect.arrayContaining(['linux-up-emu native-up', 'xen3-up xen-up', 'xen3-2cpu xen-up', 'xen3-smp xen-smp']),
    );
    expect(targets.every(({ boot }) => boot !== undefined)).toBe(true);
    // Reports add it to the label of every system on such a host.
    expect(targets.filter(({ label }) => label?.includes('emulated'))).toEqual([]);
  });

  it('has every container tool in the boot with systemd, where guests have the root file system that is mounted there', () => {
    const text = JSON.stringify(hostsFileContent(labPaths({ name: 'x' }), hosts, [0, 1], ['systemd']));
    const read = readConfig(text, '/x/hosts.lab.json', '/root');
    if (!read.ok) throw new Error(read.mistakes.join());
    const targets = [...read.config.targets.values()].filter(({ boot }) => boot === 'systemd');
    expect(targets.map(({ platform }) => platform)).toEqual(['native', 'lxc', 'docker', 'podman', 'nspawn', 'runc']);
    expect(new Set(targets.flatMap(({ options }) => options['rootfs'] ?? []))).toEqual(new Set(['/srv/bench/rootfs']));
  });

  it('has only what was asked for', () => {
    const text = JSON.stringify(hostsFileContent(labPaths({ name: 'x' }), hosts, [0, 1], ['kvm']));
    expect(text).not.toContain('xen3-up');
    expect(text).toContain('kvm-up');
  });
});

// Two minutes for its disk when that is not in the cache, and half a minute a boot: only when it is asked for.
const reason = process.env['BENCH_TEST_EMULATED'] === '1' ? whyNoLab() : 'set BENCH_TEST_EMULATED=1 to boot it';
const title = `an emulated machine${reason === undefined ? '' : ` (skipped: ${reason})`}`;

describe.skipIf(reason !== undefined)(title, () => {
  const options = { name: `emu-${process.pid}`, report: (): void => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'bench-emulated-'));
  let cli = '';
  const bench = (...args: string[]) => start(cli, folder, [...args, '--hosts', 'hosts.lab.json']).ended;

  beforeAll(async () => {
    cli = compileBench(folder);
    await labUp({ ...options, directory: folder, extras: ['xen'] });
  }, 1_200_000);
  afterAll(async () => {
    await labDown(options);
    rmSync(folder, { recursive: true, force: true });
  });

  it('is rebooted from native Linux into Xen and back, and reports where it is', async () => {
    const ended = [];
    for (const target of ['linux-up-emu', 'xen3-up', 'xen3-up', 'linux-up-emu'])
      ended.push(await bench('boot', '--target', target));
    expect(
      ended.map(({ code, stdout }) => [
        code,
        stdout.replace(/:.*hypervisor/, ': hypervisor').replace(/, boot.*\n/, ''),
      ]),
    ).toEqual([
      [0, 'emu: hypervisor none'],
      [0, 'emu: hypervisor xen'],
      [0, 'emu: hypervisor xen'],
      [0, 'emu: hypervisor none'],
    ]);
    const boots = ended.map(({ stdout }) => /boot (\S+)$/m.exec(stdout)?.[1]);
    expect(boots[2]).toBe(boots[1]);
    expect(new Set(boots).size).toBe(3);
  }, 1_200_000);

  it('refuses a target of another boot in a run that may not reboot it', async () => {
    const { code, stderr } = await bench('run', '--suite', 'lmbench', '--target', 'xen3-up', '--trials', '1');
    expect(stderr).toContain('the host is in another boot than the target needs');
    expect(stderr).toContain('--reboot');
    expect(code).toBe(1);
  }, 600_000);

  it('comes back from a power cut in its first boot, and is gone after down', async () => {
    await labPower('emu', 'cycle', options);
    expect((await labStatus(options)).hosts.find(({ id }) => id === 'emu')).toMatchObject({
      state: 'on',
      emulated: true,
    });
    expect(readFileSync(join(folder, 'hosts.lab.json'), 'utf8')).toContain('"emulated"');
    await labDown(options);
    expect(existsSync(labPaths(options).state)).toBe(false);
  }, 600_000);
});
