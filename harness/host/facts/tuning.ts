import type { Json } from '../../types.js';
import { asNumber, type Fact } from './fact.js';

/** Settings of the kernel that throughput and latency are known to depend on. */
const SYSCTLS = [
  'kernel/numa_balancing',
  'kernel/nmi_watchdog',
  'kernel/sched_autogroup_enabled',
  'kernel/perf_event_max_sample_rate',
  'net/core/default_qdisc',
  'net/core/rmem_max',
  'net/core/wmem_max',
  'net/ipv4/tcp_rmem',
  'net/ipv4/tcp_wmem',
  'net/ipv4/tcp_timestamps',
  'vm/dirty_background_bytes',
  'vm/dirty_background_ratio',
  'vm/dirty_bytes',
  'vm/dirty_ratio',
  'vm/overcommit_memory',
  'vm/swappiness',
  'vm/vfs_cache_pressure',
  'vm/zone_reclaim_mode',
];

const FIRMWARE = ['bios_vendor', 'bios_version', 'bios_date'];

/** `-k` without a name is refused: it is called for each interface but the loopback, after a line with its name. */
const OFFLOADS =
  'for d in /sys/class/net/*; do n=${d##*/}; [ "$n" = lo ] && continue; echo "== $n"; ethtool -k "$n" 2>/dev/null; done; :';

/** Settings that often differ from machine to machine. */
export const tuningFacts: readonly Fact[] = [
  {
    name: 'sysctl',
    argv: ['sh', '-c', `cd /proc/sys && grep -H "" ${SYSCTLS.join(' ')}`],
    read: readSysctls,
  },
  { name: 'ksm', argv: ['cat', '/sys/kernel/mm/ksm/run'], read: asNumber },
  { name: 'cpuIdle', argv: ['cat', '/sys/devices/system/cpu/cpuidle/current_driver'], read: (text) => text.trim() },
  {
    name: 'firmware',
    argv: ['sh', '-c', `cd /sys/class/dmi/id && grep -H "" ${FIRMWARE.join(' ')}`],
    read: readFirmware,
  },
  { name: 'offloads', argv: ['sh', '-c', OFFLOADS], read: readOffloads },
];

/** Lines of `grep -H` below /proc/sys, under the names that sysctl(8) has: `vm.swappiness`. */
export function readSysctls(text: string): Json | undefined {
  const settings = [...text.matchAll(/^([a-z0-9_]+(?:\/[a-z0-9_]+)+):(.*)$/gm)].map(
    ([, path = '', value = '']) => [path.replaceAll('/', '.'), value.trim().replace(/\s+/g, ' ')] as const,
  );
  return settings.length === 0 ? undefined : Object.fromEntries(settings);
}

/** Vendor, version and date of the firmware as DMI has them. */
export function readFirmware(text: string): Json | undefined {
  const fields = new Map([...text.matchAll(/^(bios_\w+):(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
  if (fields.size === 0) return undefined;
  const field = (name: string): string | null => fields.get(name)?.trim() ?? null;
  return { vendor: field('bios_vendor'), version: field('bios_version'), date: field('bios_date') };
}

const OFFLOAD_NAMES = [
  'rx-checksumming',
  'tx-checksumming',
  'scatter-gather',
  'tcp-segmentation-offload',
  'generic-segmentation-offload',
  'generic-receive-offload',
  'large-receive-offload',
];

/** The offloads of each interface that throughput depends on most, as `ethtool -k` prints them (ethtool(8)). */
export function readOffloads(text: string): Json | undefined {
  const interfaces: Record<string, Record<string, string>> = {};
  for (const block of text.split(/^== /m)) {
    const [name = '', ...lines] = block.split('\n');
    const states = lines.flatMap((line) => {
      const match = /^([a-z-]+): (on|off)( \[.*\])?$/.exec(line);
      return match?.[1] !== undefined && OFFLOAD_NAMES.includes(match[1]) ? [[match[1], match[2] ?? ''] as const] : [];
    });
    if (name !== '' && states.length > 0) interfaces[name] = Object.fromEntries(states);
  }
  return Object.keys(interfaces).length === 0 ? undefined : interfaces;
}
