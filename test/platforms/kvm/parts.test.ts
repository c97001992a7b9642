import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { bootSector, PROBE_LINE } from '../../../harness/platforms/kvm/boot-probe.js';
import { chosen, kvmOptions, type KvmOptions } from '../../../harness/platforms/kvm/options.js';
import { judgeBoot, judgeTopology, probeKvm } from '../../../harness/platforms/kvm/probe.js';
import { judgeThreads, readSeen } from '../../../harness/platforms/kvm/qemu.js';
import { qemuArgv } from '../../../harness/platforms/kvm/qemu-argv.js';
import { pathsOf } from '../../../harness/platforms/vm/paths.js';
import type { Identity } from '../../../harness/platforms/vm/seed.js';
import type { Shape, TargetConfig } from '../../../harness/types.js';

const paths = pathsOf('kvm', { workDir: '/var/lib/bench' }, 'bench-a1-kvm-up-0');
const identity: Identity = {
  name: paths.name,
  uuid: paths.uuid,
  mac: '52:54:00:01:02:03',
  addressing: { address: '10.0.2.15/24', gateway: '10.0.2.2', ssh: { address: '127.0.0.1', port: 24_001 } },
  authorizedKey: '',
  hostKey: { private: '', public: '' },
};
const line = (options: Partial<KvmOptions> = {}, shape: Shape = { cpus: [1], memoryBytes: 2 ** 28 }): string =>
  qemuArgv(paths, shape, chosen({ image: '/srv/guest.img', ...options }), identity, 'bn-1').join(' ');
const network = { bridge: 'br0', address: '10.9.0.1/24' };

describe('qemuArgv', () => {
  it('is an untuned guest unless the target has options', () => {
    const words = line();
    expect(words).toContain('-machine pc,accel=kvm -cpu host -smp 1,sockets=1,cores=1,threads=1 -m 256M');
    expect(words).toContain(`file=${paths.disk},format=qcow2,cache=writeback -device virtio-blk-pci,drive=disk`);
    expect(words).toContain(
      'user,id=net,hostfwd=tcp:127.0.0.1:24001-:22 -device virtio-net-pci,netdev=net,mac=52:54:00',
    );
    expect(words).not.toMatch(/-kernel|-append|hugetlb/);
  });

  it.each<[Partial<KvmOptions>, string]>([
    [{ accel: 'tcg' }, '-machine pc,accel=tcg -cpu max'],
    [{ cpu: 'host,-rdtscp' }, '-cpu host,-rdtscp'],
    [
      { hugePages: true },
      '-object memory-backend-memfd,id=ram,size=256M,hugetlb=on,prealloc=on -machine pc,accel=kvm,memory-backend=ram',
    ],
    [{ virtio: false }, '-device ide-hd,drive=disk'],
    [{ virtio: false }, '-device e1000,netdev=net'],
    [{ cache: 'none', disk: 'raw' }, 'format=raw,cache=none'],
    [{ network }, '-netdev tap,id=net,ifname=bn-1,script=no,downscript=no'],
    [{ machine: 'q35' }, '-machine q35,accel=kvm'],
    [
      { kernel: '/k', initrd: '/i', commandLine: 'root=/dev/vda' },
      '-kernel /k -initrd /i -append console=ttyS0 root=/dev/vda',
    ],
  ])('%j', (options, words) => {
    expect(line(options)).toContain(words);
  });

  it('has the topology of the target', () => {
    const topology = { sockets: 1, cores: 2, threads: 1 };
    expect(line({ topology }, { cpus: [0, 1] })).toContain('-smp 2,sockets=1,cores=2,threads=1 -m 512M');
    expect(judgeTopology(2, { topology })).toMatchObject([{ verdict: 'ok' }]);
    expect(judgeTopology(3, { topology })).toMatchObject([{ verdict: 'differs', found: '1 x 2 x 1 = 2' }]);
    expect(judgeTopology(3, {})).toEqual([]);
  });
});

describe('kvmOptions', () => {
  it.each([
    [{ image: '/a' }, true],
    [{ image: '/a', cpu: 'Skylake-Server-v4,+pcid,-rdtscp,xsave=off' }, true],
    [{ image: '/a', cpu: 'host -device x' }, false],
    [{ image: '/a', cpu: '-cpu' }, false],
    [{ image: '/a,format=raw' }, false],
    [{ image: '/a', cache: 'all' }, false],
    [{ image: '/a', initrd: '/i' }, false],
    [{ image: '/a', topology: { sockets: 0, cores: 1, threads: 1 } }, false],
    [{ image: '/a', accel: 'hvf' }, false],
  ])('%j: %s', (options, fits) => {
    expect(kvmOptions.safeParse(options).success).toBe(fits);
  });
});

describe('virtual CPUs as they run', () => {
  it('are read with their process', () => {
    expect(readSeen('4711\n0 1\n1 0-3,8\n')).toEqual({
      pid: 4711,
      virtual: [
        { cpu: 0, allowed: [1] },
        { cpu: 1, allowed: [0, 1, 2, 3, 8] },
      ],
    });
    expect(readSeen('4711\n')).toEqual({ pid: 4711, virtual: [] });
  });
  it.each(['', 'no\n', '4711\n0 x\n', '4711\nx 0\n'])('are not %j', (text) => {
    expect(readSeen(text)).toBeUndefined();
  });

  const at = (...lists: (readonly number[])[]) => lists.map((allowed, cpu) => ({ cpu, allowed }));
  it.each([
    [[1], 'set', at([1]), 'ok', '1'],
    [[0, 1], 'set', at([0, 1], [0, 1]), 'ok', '0-1'],
    [[0, 1], 'each', at([0], [1]), 'ok', '0-1'],
    [[0, 1], 'each', at([0, 1], [0, 1]), 'differs', 'virtual CPU 0 on 0-1, 1 on 0-1'],
    [[0, 1], 'set', at([0, 1]), 'differs', 'virtual CPU 0 on 0-1, 1 on nothing'],
    [[1], 'set', at([0, 1]), 'differs', 'virtual CPU 0 on 0-1'],
  ] as const)('on %j, pinned by %s', (cpus, pinning, virtual, verdict, found) => {
    expect(judgeThreads(cpus, pinning, virtual)).toMatchObject({ verdict, found });
  });
});

describe('the probe', () => {
  it.each([
    ['kvm', `${PROBE_LINE}\n`, '', 'ok', /hardware virtualization/],
    ['tcg', `${PROBE_LINE}\n`, '', 'unavailable', /emulated/],
    ['kvm', '', '', 'differs', /printed nothing within/],
    ['kvm', '', 'Could not access KVM kernel module: No such file or directory\n', 'differs', /QEMU: Could not access/],
    ['kvm', 'bench', 'qemu-system-x86_64: warning: no pni\n', 'differs', /nothing within \d+ s$/],
  ] as const)('by %s that printed %j, with messages %j', (accel, printed, messages, verdict, found) => {
    const finding = judgeBoot(accel, { printed, messages });
    expect(finding.verdict).toBe(verdict);
    expect(finding.found).toMatch(found);
  });

  it('boots from a sector that a BIOS takes for one', () => {
    const sector = bootSector();
    expect([sector.length, sector[510], sector[511]]).toEqual([512, 0x55, 0xaa]);
  });

  const missing = hasQemu() ? undefined : 'needs qemu-system-x86';
  const target: TargetConfig = {
    id: 'kvm-up',
    host: 'here',
    platform: 'kvm',
    shape: { cpus: [0] },
    options: { image: '/dev/null', accel: 'tcg' },
  };
  it.skipIf(missing !== undefined)(
    `boots a guest, emulated${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    async () => {
      const found = (await probeKvm(connectLocal(), target)).find(({ check }) => check === 'a guest boots');
      expect(found).toMatchObject({ verdict: 'unavailable', found: 'emulated (TCG)' });
    },
  );
});

function hasQemu(): boolean {
  try {
    execFileSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
