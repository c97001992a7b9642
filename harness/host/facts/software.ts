import type { Json } from '../../types.js';
import { asText, readPairs, type Fact } from './fact.js';

/** Kernel, C library, shell and compiler: what the costs of system calls, fork and exec depend on. */
export const softwareFacts: readonly Fact[] = [
  { name: 'kernel', argv: ['uname', '-s', '-r', '-m', '-v'], read: readKernel },
  { name: 'commandLine', argv: ['cat', '/proc/cmdline'], read: asText },
  {
    name: 'kernelConfig',
    argv: [
      'sh',
      '-c',
      'for f in "/boot/config-$(uname -r)" "/lib/modules/$(uname -r)/config"; do [ ! -r "$f" ] || exec cat "$f"; done; ' +
        'exec gzip -dc /proc/config.gz',
    ],
    read: readKernelConfig,
  },
  { name: 'os', argv: ['cat', '/etc/os-release'], read: readOsRelease },
  { name: 'libc', argv: ['sh', '-c', 'getconf GNU_LIBC_VERSION 2>&1 || ldd --version 2>&1'], read: readLibc },
  {
    name: 'shell',
    argv: [
      'sh',
      '-c',
      // One search for both names: each reads the lists of files of all packages.
      'p=$(readlink -f /bin/sh) && echo "$p" && n=$(dpkg-query -S "$p" "${p#/usr}" 2>/dev/null); ' +
        '[ -z "$n" ] || exec dpkg-query -W -f "\\${Package} \\${Version}\\n" "${n%%:*}"; ' +
        'exec rpm -qf "$p"',
    ],
    read: readShell,
  },
  {
    name: 'compiler',
    argv: ['sh', '-c', 'cc --version || gcc --version'],
    read: (text) => text.split('\n')[0]?.trim(),
  },
  { name: 'hostname', argv: ['cat', '/proc/sys/kernel/hostname'], read: asText },
  { name: 'bootId', argv: ['cat', '/proc/sys/kernel/random/boot_id'], read: asText },
];

/** `uname -s -r -m -v`, printed always in the order system, release, version, machine. */
export function readKernel(text: string): Json | undefined {
  const match = /^(\S+) (\S+) (.*) (\S+)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, system = '', release = '', version = '', arch = ''] = match;
  return { system, release, version, arch };
}

/** The options of the kernel's configuration that time measurements depend on: tick rate, preemption, SMP, paravirtualization. */
export function readKernelConfig(text: string): Json | undefined {
  if (!/^(# )?CONFIG_/m.test(text)) return undefined;
  const hz = /^CONFIG_HZ=(\d+)$/m.exec(text)?.[1];
  const set = (option: string): boolean => new RegExp(`^CONFIG_${option}=y$`, 'm').test(text);
  const model = ['PREEMPT_RT', 'PREEMPT_LAZY', 'PREEMPT', 'PREEMPT_VOLUNTARY', 'PREEMPT_NONE'].find(set);
  return {
    hz: hz === undefined ? null : Number(hz),
    preemption: model?.toLowerCase().replace('preempt_', '') ?? null,
    dynamicPreemption: set('PREEMPT_DYNAMIC'),
    ticks: ['HZ_PERIODIC', 'NO_HZ_IDLE', 'NO_HZ_FULL'].find(set)?.toLowerCase() ?? null,
    smp: set('SMP'),
    virtualization: ['PARAVIRT', 'PARAVIRT_SPINLOCKS', 'KVM_GUEST', 'XEN', 'XEN_PV', 'XEN_PVH', 'XEN_DOM0']
      .filter(set)
      .join(' ')
      .toLowerCase(),
  };
}

/** os-release(5): shell-like assignments. */
export function readOsRelease(text: string): Json | undefined {
  const pairs = readPairs(text, /=/);
  const value = (name: string): string | null => pairs.get(name)?.replace(/^(["'])(.*)\1$/, '$2') ?? null;
  const name = value('PRETTY_NAME') ?? value('NAME');
  return name === null ? undefined : { id: value('ID'), version: value('VERSION_ID'), name };
}

/** `glibc 2.36` of getconf, or the first lines of musl's `ldd --version`. */
export function readLibc(text: string): string | undefined {
  const glibc = /^glibc \d[\d.]*$/m.exec(text)?.[0] ?? /^ldd \(.*\) (\d[\d.]*)$/m.exec(text)?.[1];
  if (glibc !== undefined) return glibc.startsWith('glibc') ? glibc : `glibc ${glibc}`;
  if (!/^musl libc/m.test(text)) return undefined;
  return `musl ${/^Version (\S+)$/m.exec(text)?.[1] ?? ''}`.trim();
}

/** The file that /bin/sh is, and the package that it came in when a package manager knows. */
export function readShell(text: string): Json | undefined {
  const [path = '', second = ''] = text.split('\n');
  if (!path.startsWith('/')) return undefined;
  return { path, package: /^[\w.+:~-]+( [\w.+:~-]+)?$/.test(second) ? second : null };
}
