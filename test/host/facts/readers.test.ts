import { describe, expect, it } from 'vitest';
import {
  readCpuinfo,
  readFrequency,
  readMitigations,
  readSmt,
  readTopology,
  readVirtualization,
} from '../../../harness/host/facts/processor.js';
import {
  readKernel,
  readKernelConfig,
  readLibc,
  readOsRelease,
  readShell,
} from '../../../harness/host/facts/software.js';
import { readFileSystem } from '../../../harness/host/facts/storage.js';
import {
  readChoice,
  readLoad,
  readMeminfo,
  readLinkSpeeds,
  readMtus,
  readSwaps,
} from '../../../harness/host/facts/system.js';
import type { Json } from '../../../harness/types.js';
import { fixture } from '../fixture.js';

/** What a reader makes of a text. Those marked `format` are written after a documented format; the rest is recorded. */
type Row = readonly [what: string, read: (text: string) => Json | undefined, text: string, expected: Json | undefined];

const CPU = '/sys/devices/system/cpu';

const software: readonly Row[] = [
  [
    'kernel',
    readKernel,
    'Linux 6.18.44 #1 SMP PREEMPT_DYNAMIC @0 x86_64',
    { system: 'Linux', release: '6.18.44', version: '#1 SMP PREEMPT_DYNAMIC @0', arch: 'x86_64' },
  ],
  ['kernel: nothing', readKernel, 'Linux', undefined],
  [
    'kernel configuration, cut to what is read',
    readKernelConfig,
    [
      '# CONFIG_HZ_PERIODIC is not set',
      'CONFIG_NO_HZ_IDLE=y',
      'CONFIG_PREEMPT_NONE=y',
      '# CONFIG_PREEMPT is not set',
      'CONFIG_PREEMPT_DYNAMIC=y',
      'CONFIG_HZ_250=y',
      'CONFIG_HZ=250',
    ].join('\n'),
    { hz: 250, preemption: 'none', dynamicPreemption: true, ticks: 'no_hz_idle', smp: false, virtualization: '' },
  ],
  [
    'kernel configuration of Debian 12, cut likewise',
    readKernelConfig,
    'CONFIG_NO_HZ_COMMON=y\nCONFIG_NO_HZ_FULL=y\nCONFIG_PREEMPT_VOLUNTARY=y\nCONFIG_PREEMPT_DYNAMIC=y\nCONFIG_HZ=250',
    { hz: 250, preemption: 'voluntary', dynamicPreemption: true, ticks: 'no_hz_full', smp: false, virtualization: '' },
  ],
  [
    'kernel configuration, format: real time',
    readKernelConfig,
    'CONFIG_PREEMPT_RT=y\nCONFIG_HZ=1000\nCONFIG_NO_HZ_FULL=y\n# CONFIG_PREEMPT_NONE is not set',
    { hz: 1000, preemption: 'rt', dynamicPreemption: false, ticks: 'no_hz_full', smp: false, virtualization: '' },
  ],
  ['kernel configuration: no such file', readKernelConfig, 'gzip: /proc/config.gz: No such file', undefined],
  [
    'Debian',
    readOsRelease,
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian',
    { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' },
  ],
  ['format: Arch', readOsRelease, "NAME='Arch Linux'\nID=arch", { id: 'arch', version: null, name: 'Arch Linux' }],
  ['os-release: empty', readOsRelease, 'x', undefined],
  ['glibc', readLibc, 'glibc 2.36', 'glibc 2.36'],
  ['glibc by ldd', readLibc, 'ldd (Debian GLIBC 2.36-9+deb12u14) 2.36', 'glibc 2.36'],
  ['format: musl', readLibc, 'musl libc (x86_64)\nVersion 1.2.4\nDynamic Program Loader', 'musl 1.2.4'],
  ['no C library', readLibc, 'sh: 1: ldd: not found', undefined],
  ['dash', readShell, '/usr/bin/dash\ndash 0.5.12-2', { path: '/usr/bin/dash', package: 'dash 0.5.12-2' }],
  ['busybox without packages', readShell, '/bin/busybox', { path: '/bin/busybox', package: null }],
  [
    'format: rpm',
    readShell,
    '/usr/bin/bash\nbash-5.1.8-9.el9.x86_64',
    { path: '/usr/bin/bash', package: 'bash-5.1.8-9.el9.x86_64' },
  ],
  ['rpm that knows nothing', readShell, '/bin/x\nfile /bin/x is not owned', { path: '/bin/x', package: null }],
  ['no shell', readShell, '', undefined],
];

const cpu = (changes: Record<string, Json>): Json => ({
  model: null,
  vendor: null,
  microcode: null,
  count: 2,
  packages: null,
  mhz: null,
  ...changes,
});

const processor: readonly Row[] = [
  [
    'AMD in a virtual machine',
    readCpuinfo,
    fixture('cpuinfo/amd-guest.txt'),
    cpu({ model: 'AMD EPYC', vendor: 'AuthenticAMD', microcode: '0x1000065', packages: 1, mhz: 2596.134 }),
  ],
  [
    'format: Intel, two sockets',
    readCpuinfo,
    fixture('cpuinfo/intel.txt'),
    cpu({
      model: 'Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz',
      vendor: 'GenuineIntel',
      microcode: '0x2007006',
      packages: 2,
      mhz: 2100,
    }),
  ],
  ['format: ARM', readCpuinfo, fixture('cpuinfo/arm64.txt'), cpu({ model: 'ARM implementer 0x41 part 0xd0c' })],
  [
    'format: POWER',
    readCpuinfo,
    fixture('cpuinfo/power.txt'),
    cpu({ model: 'POWER9 (architected), altivec supported' }),
  ],
  ['no cpuinfo', readCpuinfo, 'nothing', undefined],
  [
    'topology, format: SMT',
    readTopology,
    `${CPU}/cpu0/topology/core_cpus_list:0,2\n${CPU}/cpu10/topology/core_cpus_list:10\n` +
      `${CPU}/cpu0/topology/physical_package_id:0\n${CPU}/cpu10/topology/physical_package_id:1`,
    { 0: { siblings: '0,2', package: 0 }, 10: { siblings: '10', package: 1 } },
  ],
  ['topology: none', readTopology, 'grep: nothing', undefined],
  ['SMT', readSmt, `${CPU}/smt/control:notsupported\n${CPU}/smt/active:0`, { control: 'notsupported', active: false }],
  ['SMT, format: on', readSmt, `${CPU}/smt/control:on\n${CPU}/smt/active:1`, { control: 'on', active: true }],
  ['SMT: none', readSmt, '', undefined],
  [
    'frequency, format: intel_pstate with turbo',
    readFrequency,
    'intel_pstate/no_turbo:0\nintel_pstate/status:active\ncpu0/cpufreq/scaling_governor:powersave\n' +
      'cpu1/cpufreq/scaling_governor:performance\ncpu0/cpufreq/scaling_driver:intel_pstate',
    { governor: 'performance, powersave', driver: 'intel_pstate', turbo: true },
  ],
  [
    'frequency, format: acpi-cpufreq without boost',
    readFrequency,
    'cpufreq/boost:0\ncpu0/cpufreq/scaling_governor:performance\ncpu0/cpufreq/scaling_driver:acpi-cpufreq',
    { governor: 'performance', driver: 'acpi-cpufreq', turbo: false },
  ],
  ['frequency: none', readFrequency, '', undefined],
  [
    'mitigations',
    readMitigations,
    `${CPU}/vulnerabilities/spectre_v2:Mitigation: Retpolines; STIBP: disabled\n${CPU}/vulnerabilities/l1tf:Not affected`,
    { l1tf: 'Not affected', spectre_v2: 'Mitigation: Retpolines; STIBP: disabled' },
  ],
  ['mitigations: none', readMitigations, '', undefined],
  [
    'virtual machine without DMI',
    readVirtualization,
    'flags\t\t: fpu vme hypervisor lahf_lm',
    { hypervisor: true, type: null, guestType: null, vendor: null, product: null },
  ],
  [
    'virtual machine of QEMU',
    readVirtualization,
    '/sys/class/dmi/id/sys_vendor:QEMU\n/sys/class/dmi/id/product_name:Standard PC (i440FX + PIIX, 1996)\n' +
      'flags\t\t: fpu hypervisor',
    {
      hypervisor: true,
      type: null,
      guestType: null,
      vendor: 'QEMU',
      product: 'Standard PC (i440FX + PIIX, 1996)',
    },
  ],
  [
    'format: bare metal',
    readVirtualization,
    '/sys/class/dmi/id/sys_vendor:Dell Inc.\n/sys/class/dmi/id/product_name:PowerEdge R640\nflags\t\t: fpu vme',
    { hypervisor: false, type: null, guestType: null, vendor: 'Dell Inc.', product: 'PowerEdge R640' },
  ],
  [
    'format: Xen without DMI',
    readVirtualization,
    '/sys/hypervisor/type:xen\n/sys/hypervisor/guest_type:PV\nflags\t\t: fpu hypervisor',
    { hypervisor: true, type: 'xen', guestType: 'PV', vendor: null, product: null },
  ],
  [
    'format: ARM, which has no such flag',
    readVirtualization,
    '/sys/class/dmi/id/sys_vendor:QEMU',
    { hypervisor: null, type: null, guestType: null, vendor: 'QEMU', product: null },
  ],
  ['nothing known', readVirtualization, '', undefined],
];

const system: readonly Row[] = [
  [
    'memory',
    readMeminfo,
    'MemTotal:       24684084 kB\nMemFree:        24224236 kB\nSwapTotal:             0 kB\nHugepagesize:       2048 kB',
    { totalBytes: 24_684_084 * 1024, swapBytes: 0, hugePageBytes: 2_097_152 },
  ],
  ['memory: none', readMeminfo, 'x', undefined],
  ['no swap', readSwaps, 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority', []],
  [
    'format: a swap partition',
    readSwaps,
    'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2                               partition\t1000444\t0\t-2',
    [{ name: '/dev/sda2', type: 'partition', bytes: 1000444 * 1024 }],
  ],
  ['swaps: none', readSwaps, 'x', undefined],
  ['huge pages', readChoice, 'always [madvise] never', 'madvise'],
  ['a choice without a mark', readChoice, 'always never', undefined],
  ['MTU', readMtus, '/sys/class/net/eth0/mtu:1400\n/sys/class/net/lo/mtu:65536', { eth0: 1400, lo: 65536 }],
  ['MTU: none', readMtus, '', undefined],
  [
    'link speeds: a gigabit, a link that is down, one without a speed',
    readLinkSpeeds,
    'eth0 1000\neth1 -1\neth2 \n',
    { eth0: 1e9, eth1: null, eth2: null },
  ],
  ['link speeds: no physical interface', readLinkSpeeds, '', undefined],
  ['load', readLoad, '0.00 0.17 0.12 2/93 21951', [0, 0.17, 0.12]],
  ['load: none', readLoad, '0.00 x', undefined],
  [
    'file system',
    readFileSystem,
    `/sys/fs\n${fixture('cgroup/v2.mountinfo')}`,
    {
      type: 'sysfs',
      mountPoint: '/sys',
      source: 'sys',
      options: 'relatime,rw',
    },
  ],
  [
    'file system: not taken in by a directory with a longer name',
    readFileSystem,
    `/sysfs\n${fixture('cgroup/v2.mountinfo')}`,
    { type: 'ext4', mountPoint: '/', source: '/dev/vda', options: 'noatime,rw' },
  ],
  ['file system: none', readFileSystem, '/x', undefined],
];

describe.each([
  ['software', software],
  ['processor', processor],
  ['system', system],
])('readers of %s facts', (_, rows) => {
  it.each(rows)('%s', (_what, read, text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});
