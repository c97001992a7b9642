import type { Facts, Json } from '../../harness/types.js';
import type { Pseudonyms } from './pseudonyms.js';

/**
 * Words of a kernel command line that are kept, with their values: those that change what is measured. Everything else,
 * such as `root=`, `ip=` and what an operator added, is left out.
 */
const KEPT_WORDS = new RegExp(
  `^(?:${[
    'quiet|ro|rw|nosmt|nosmp|maxcpus|nr_cpus|isolcpus|nohz|nohz_full|rcu_nocbs|rcu_nocb_poll|irqaffinity|threadirqs',
    'mitigations|pti|nopti|kpti|spectre_v[12]|nospectre_v[12]|spec_store_bypass_disable|l1tf|mds|tsx|tsx_async_abort|mmio_stale_data|retbleed|srbds',
    'nokaslr|norandmaps|hugepages|hugepagesz|default_hugepagesz|transparent_hugepage|numa|numa_balancing|mem|memmap|swiotlb',
    'clocksource|tsc|hpet|acpi_pm|notsc|no-kvmclock|nokvmclock|idle|cpuidle\\.off|processor\\.max_cstate|intel_idle\\.max_cstate',
    'intel_pstate|amd_pstate|acpi_cpufreq|cpufreq\\.default_governor|intel_iommu|amd_iommu|iommu|preempt|skew_tick|audit',
    'selinux|apparmor|security|lsm|cgroup_disable|cgroup_enable|cgroup_no_v1|swapaccount|systemd\\.unified_cgroup_hierarchy',
    'psi|zswap\\.enabled|elevator|nmi_watchdog|nowatchdog|watchdog|softlockup_panic|noxsave|nopcid|nosmap|nosmep|xen_nopv|nopv',
  ].join('|')})(?:=[\\w.,:%+-]*)?$`,
);

/** Options of a mount that are kept: words, and numbers. */
const MOUNT_OPTION = /^[a-z_]+(?:=[a-z0-9_]+)?$/;
/** Names that the kernel or udev give; others are somebody's own. */
const USUAL_INTERFACE =
  /^(?:lo|eth\d+|en[a-z0-9]+|ib\d+|veth\w*|virbr\d+|docker\d+|podman\d+|lxcbr\d+|vif[\d.]+|xenbr\d+)$/;

type Redact = (value: Json) => Json;

/** The facts of one machine, without what identifies it. `text` is the redactor of sentences. */
export function redactFacts(facts: Facts, text: (text: string) => string, pseudonyms: Pseudonyms): Facts {
  const named = (kind: Parameters<Pseudonyms['of']>[0]): Redact => {
    return (value) => (typeof value === 'string' ? pseudonyms.of(kind, value) : value);
  };
  const byInterface: Redact = (value) =>
    mapObject(value, (name, member) => [
      USUAL_INTERFACE.test(name) ? name : pseudonyms.of('interface', name),
      deepText(member, text),
    ]);
  const rules: Readonly<Record<string, Redact>> = {
    commandLine: (value) => (typeof value === 'string' ? keptWords(value, pseudonyms) : value),
    hostname: named('host'),
    bootId: named('boot'),
    fileSystem: (value) => members(value, { source: named('disk'), options: keptOptions }, text),
    swaps: (value) =>
      Array.isArray(value) ? value.map((swap: Json) => members(swap, { name: named('disk') }, text)) : value,
    virtualization: (value) => members(value, { vendor: named('machine'), product: named('machine') }, text),
    firmware: (value) =>
      members(value, { vendor: named('firmware'), version: named('firmware'), date: named('firmware') }, text),
    mtu: byInterface,
    linkBitsPerSecond: byInterface,
    offloads: byInterface,
  };
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, rules[name]?.(value) ?? deepText(value, text)]),
  );
}

function keptWords(line: string, pseudonyms: Pseudonyms): string {
  const words = line.split(/\s+/).filter((word) => word !== '');
  const kept = words.filter((word) => KEPT_WORDS.test(word));
  for (const word of words) if (!KEPT_WORDS.test(word)) pseudonyms.withhold('kernel option', word);
  const others = words.length - kept.length;
  return [...kept, ...(others === 0 ? [] : [`(${others} withheld)`])].join(' ');
}

const keptOptions: Redact = (value) =>
  typeof value === 'string'
    ? value
        .split(',')
        .filter((option) => MOUNT_OPTION.test(option))
        .join(',')
    : value;

function members(value: Json, rules: Readonly<Record<string, Redact>>, text: (text: string) => string): Json {
  return mapObject(value, (name, member) => [name, rules[name]?.(member) ?? deepText(member, text)]);
}

/** An object with other members; any other value as it is. */
export function mapObject(value: Json, change: (name: string, member: Json) => readonly [string, Json]): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => change(name, member)));
}

/** Every string in a value. */
export function deepText(value: Json, text: (text: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((item: Json) => deepText(item, text));
  return mapObject(value, (name, member) => [name, deepText(member, text)]);
}
