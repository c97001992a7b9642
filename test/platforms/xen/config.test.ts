import { describe, expect, it } from 'vitest';
import { xenConfig, xenOptions, type XenOptions } from '../../../harness/platforms/xen/config.js';
import { judgeHostVm, readOriginal } from '../../../harness/platforms/xen/host-vm.js';
import { judgeHost, judgeInfo } from '../../../harness/platforms/xen/probe.js';
import { pathsOf } from '../../../harness/platforms/vm/paths.js';
import type { Shape, TargetConfig } from '../../../harness/types.js';

const paths = pathsOf('xen', { workDir: '/var/lib/bench' }, 'bench-a1-xen3-up-0');
const options: XenOptions = {
  image: '/srv/guest.img',
  network: { bridge: 'xenbr0', address: '10.9.0.1/24' },
};
const shape: Shape = { cpus: [1], memoryBytes: 256 * 2 ** 20, cpuWeight: 50, cpuCap: 0.25 };
const lines = (more: Partial<XenOptions> = {}, other: Partial<Shape> = {}): readonly string[] =>
  xenConfig(paths, { ...shape, ...other }, { ...options, ...more }, '00:16:3e:01:02:03').split('\n');

describe('xenConfig', () => {
  it('has the whole shape', () => {
    expect(lines()).toEqual(
      expect.arrayContaining([
        'name = "bench-a1-xen3-up-0"',
        'type = "pv"',
        'memory = 256',
        'maxmem = 256',
        'vcpus = 1',
        'cpus = [ "1" ]',
        'cpu_weight = 128',
        'cap = 25',
        'vif = [ "mac=00:16:3e:01:02:03,bridge=xenbr0,script=vif-bridge" ]',
      ]),
    );
  });

  it('pins virtual CPUs one to one', () => {
    const two = lines({}, { cpus: [2, 5] });
    expect(two).toEqual(expect.arrayContaining(['vcpus = 2', 'cpus = [ "2", "5" ]']));
  });

  it('limits only what the shape limits', () => {
    const free = xenConfig(paths, { cpus: [0] }, options, '00:16:3e:01:02:03');
    expect(free).not.toMatch(/cpu_weight|cap =/);
    expect(free).toContain('memory = 512\n');
  });

  it.each([
    [{ cpuWeight: 100 }, 'cpu_weight = 256'],
    [{ cpuWeight: 10_000 }, 'cpu_weight = 25600'],
    [{ cpuWeight: 0.001 }, 'cpu_weight = 1'],
    [{ cpuCap: 0.001 }, 'cap = 1'],
    [{ cpuCap: 1.5 }, 'cap = 150'],
  ])('has the credits of %j', (other, line) => {
    expect(lines({}, other)).toContain(line);
  });

  it('starts a kernel that is given, and else what the image has', () => {
    expect(lines()).toContain('bootloader = "pygrub"');
    const direct = lines({ kernel: '/srv/vmlinux', initrd: '/srv/initrd', commandLine: 'root=/dev/xvda quiet' });
    expect(direct).toEqual(
      expect.arrayContaining([
        'kernel = "/srv/vmlinux"',
        'ramdisk = "/srv/initrd"',
        'extra = "console=hvc0 root=/dev/xvda quiet"',
      ]),
    );
  });

  it('never lets a value out of its quotes', () => {
    expect(() => lines({ cpuid: 'host"\nkernel = "/evil' })).toThrow(RangeError);
  });
});

describe('xenOptions', () => {
  const accepts = (value: unknown): boolean => xenOptions.safeParse(value).success;
  it('has a line for each setting that is given', () => {
    expect(accepts(options)).toBe(true);
    expect(accepts({ ...options, pool: 'own', hostVm: { cpus: [0] } })).toBe(true);
    expect(accepts({ ...options, type: 'pvh', cpuid: 'host,rdtscp=0', hostVm: { cpus: [0] } })).toBe(true);
  });
  it.each([
    [{ image: '/srv/guest.img' }],
    [{ ...options, image: 'guest.img' }],
    [{ ...options, image: '/srv/a,b' }],
    [{ ...options, image: '/srv/a"b' }],
    [{ ...options, type: 'hvm' }],
    [{ ...options, commandLine: 'root=/dev/xvda' }],
    [{ ...options, kernel: '/k', commandLine: 'a"b' }],
    [{ ...options, kernel: '/k', commandLine: 'a\nb' }],
    [{ ...options, network: { bridge: 'xenbr0', address: '10.9.0.1' } }],
    [{ ...options, network: { bridge: 'xenbr0', address: '10.9.0.300/24' } }],
    [{ ...options, network: { bridge: 'a b', address: '10.9.0.1/24' } }],
    [{ ...options, hostVm: { cpus: [] } }],
    [{ ...options, pool: 'own' }],
    [{ ...options, pool: 'Pool-0', hostVm: { cpus: [0] } }],
    [{ ...options, other: 1 }],
  ])('refuses %j', (value) => {
    expect(accepts(value)).toBe(false);
  });
});

describe('probing', () => {
  it.each([
    [undefined, undefined, 'differs', /no hypervisor/],
    ['kvm\n', undefined, 'differs', /the hypervisor kvm/],
    ['xen\n', undefined, 'differs', /not mounted/],
    ['xen\n', '', 'differs', /a guest of Xen/],
    ['xen\n', 'control_d\n', 'ok', /booted by Xen/],
  ])('type %j with capabilities %j', (type, capabilities, verdict, found) => {
    const finding = judgeHost(type, capabilities);
    expect(finding.verdict).toBe(verdict);
    expect(finding.found).toMatch(found);
  });

  const target: TargetConfig = { id: 'x', host: 'h', platform: 'xen', shape, options: {} };
  const differing = (info: Record<string, string>, more: Partial<XenOptions> = {}, of = target): readonly string[] =>
    judgeInfo(new Map(Object.entries(info)), { ...options, ...more }, of)
      .filter(({ verdict }) => verdict === 'differs')
      .map(({ check }) => check);

  it('compares the hypervisor with what the target needs', () => {
    const able = { xen_scheduler: 'credit2', nr_cpus: '2', virt_caps: 'pv hvm' };
    expect(differing({})).toEqual(['toolstack']);
    expect(differing(able)).toEqual([]);
    expect(differing({ ...able, nr_cpus: '1' })).toEqual(['CPUs of the machine']);
    expect(differing(able, { hostVm: { cpus: [2] } })).toEqual(['CPUs of the machine']);
    expect(differing(able, { pool: 'own', hostVm: { cpus: [...shape.cpus] } })).toEqual(['CPUs of the host VM']);
    expect(differing({ ...able, xen_scheduler: 'rtds' })).toEqual(['scheduler']);
    expect(differing({ ...able, xen_scheduler: 'rtds' }, {}, { ...target, shape: { cpus: [0] } })).toEqual([]);
    expect(differing({ ...able, virt_caps: 'pv' }, { type: 'pvh' })).toEqual(['hardware virtualization']);
  });
});

describe('the host VM', () => {
  const cpu = { domain: 'Domain-0', id: 0, soft: 'all' } as const;
  it.each([
    [[{ ...cpu, vcpu: 0, hard: [0] }], 'ok', '0'],
    [[{ ...cpu, vcpu: 0, hard: 'all' }], 'differs', 'all'],
    [
      [
        { ...cpu, vcpu: 0, hard: [0] },
        { ...cpu, vcpu: 1, hard: [1] },
      ],
      'differs',
      '0 and 1',
    ],
  ] as const)('pinned as %j', (virtual, verdict, found) => {
    expect(judgeHostVm({ cpus: [0] }, virtual, 1024)).toEqual([
      { check: 'host VM CPU set', expected: '0', found, verdict },
    ]);
  });

  it('has its memory, but for what a balloon cannot give back', () => {
    const verdictOf = (found: number): string | undefined =>
      judgeHostVm({ cpus: [0], memoryBytes: 2 ** 30 }, [], found)[1]?.verdict;
    expect([1024, 1027, 1040, 512].map(verdictOf)).toEqual(['ok', 'ok', 'differs', 'differs']);
  });

  it.each([
    ['', false],
    ['null', false],
    ['{}', false],
    ['{"schema":"bench-host-vm/1","memoryMiB":1024,"vcpus":[{"vcpu":0,"hard":"all","soft":"all"}]}', true],
    ['{"schema":"bench-host-vm/1","memoryMiB":1024,"vcpus":[{"vcpu":0,"hard":"-x","soft":"all"}]}', false],
    ['{"schema":"bench-host-vm/1","memoryMiB":1024,"vcpus":[null]}', false],
  ])('was %j before: %s', (text, fits) => {
    expect(readOriginal(text) !== undefined).toBe(fits);
  });
});
