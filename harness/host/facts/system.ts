import type { Json } from '../../types.js';
import { asNumber, asText, readPairs, type Fact } from './fact.js';

/**
 * Only interfaces with a device behind them: the kernel gives virtual ones a speed that nothing keeps to (veth reports
 * 10 Gbit/s). A link that is down cannot be read.
 */
const LINK_SPEEDS =
  'for d in /sys/class/net/*/device; do n=${d%/device}; [ -e "$d" ] && echo "${n##*/} $(cat "$n/speed" 2>/dev/null)"; done; :';

/** Memory, network settings, and the state of the machine at the moment of asking. */
export const systemFacts: readonly Fact[] = [
  { name: 'memory', argv: ['cat', '/proc/meminfo'], read: readMeminfo },
  { name: 'swaps', argv: ['cat', '/proc/swaps'], read: readSwaps },
  { name: 'aslr', argv: ['cat', '/proc/sys/kernel/randomize_va_space'], read: asNumber },
  { name: 'thp', argv: ['cat', '/sys/kernel/mm/transparent_hugepage/enabled'], read: readChoice },
  { name: 'congestionControl', argv: ['cat', '/proc/sys/net/ipv4/tcp_congestion_control'], read: asText },
  { name: 'mtu', argv: ['sh', '-c', 'grep -H "" /sys/class/net/*/mtu'], read: readMtus },
  { name: 'linkBitsPerSecond', argv: ['sh', '-c', LINK_SPEEDS], read: readLinkSpeeds },
  { name: 'uptimeSeconds', argv: ['cat', '/proc/uptime'], read: (text) => asNumber(text.split(' ')[0] ?? '') },
  { name: 'load', argv: ['cat', '/proc/loadavg'], read: readLoad },
];

/** /proc/meminfo, proc_meminfo(5), in bytes. */
export function readMeminfo(text: string): Json | undefined {
  const pairs = readPairs(text, /:/);
  const bytes = (name: string): number | null => {
    const kibibytes = /^(\d+) kB$/.exec(pairs.get(name) ?? '')?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  };
  const total = bytes('MemTotal');
  return total === null
    ? undefined
    : { totalBytes: total, swapBytes: bytes('SwapTotal'), hugePageBytes: bytes('Hugepagesize') };
}

/** /proc/swaps: a header, then one device or file a line, sizes in KiB. */
export function readSwaps(text: string): Json | undefined {
  const [header = '', ...lines] = text.split('\n');
  if (!header.startsWith('Filename')) return undefined;
  return lines.flatMap((line) => {
    const [name, type, size] = line.trim().split(/\s+/);
    return name === undefined || type === undefined || size === undefined
      ? []
      : [{ name, type, bytes: Number(size) * 1024 }];
  });
}

/** The chosen word of a sysfs choice, `always [madvise] never`. */
export function readChoice(text: string): string | undefined {
  return /\[([^\]]+)\]/.exec(text)?.[1];
}

/** The MTU of each network interface. */
export function readMtus(text: string): Json | undefined {
  const mtus = [...text.matchAll(/^\/sys\/class\/net\/([^/\n]+)\/mtu:(\d+)$/gm)].map(
    ([, name = '', mtu]) => [name, Number(mtu)] as const,
  );
  return mtus.length === 0 ? undefined : Object.fromEntries(mtus);
}

/** Speed of each physical interface in bit/s, null where it is unknown (-1, or none); sysfs has it in Mbit/s. */
export function readLinkSpeeds(text: string): Json | undefined {
  const speeds = [...text.matchAll(/^(\S+) (-?\d*)$/gm)].map(
    ([, name = '', megabits = '']) => [name, /^[1-9]\d*$/.test(megabits) ? Number(megabits) * 1e6 : null] as const,
  );
  return speeds.length === 0 ? undefined : Object.fromEntries(speeds);
}

/** Load averages of 1, 5 and 15 minutes. */
export function readLoad(text: string): Json | undefined {
  const loads = text.trim().split(' ').slice(0, 3).map(Number);
  return loads.length === 3 && loads.every((load) => Number.isFinite(load)) ? loads : undefined;
}
