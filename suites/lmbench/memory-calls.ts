import type { ProfileId } from '../../harness/types.js';
import { fileFor, type Call, type ToolName } from './call.js';
import { sizedBandwidths, type Name, type SizedBandwidth } from './metrics.js';
import { argumentOf, memorySizes, ringKilobytes, ringProcesses, SIZES, sizes, type Size } from './sizes.js';

/** Tool and label of each family of bandwidths, and its largest size in lmbench's own run where that is less. */
const BANDWIDTH_CALLS: Readonly<
  Record<SizedBandwidth, { readonly tool: ToolName; readonly mode: readonly string[]; readonly largest: Size }>
> = {
  'bw-file-read': { tool: 'bw_file_rd', mode: ['io_only'], largest: '256mb' },
  'bw-file-open-read': { tool: 'bw_file_rd', mode: ['open2close'], largest: '256mb' },
  'bw-mmap-read': { tool: 'bw_mmap_rd', mode: ['mmap_only'], largest: '256mb' },
  'bw-mmap-open-read': { tool: 'bw_mmap_rd', mode: ['open2close'], largest: '256mb' },
  'bw-mem-bcopy': { tool: 'bw_mem', mode: ['bcopy'], largest: '32mb' },
  'bw-mem-bcopy-aligned': { tool: 'bw_mem', mode: ['bcopy', 'conflict'], largest: '32mb' },
  'bw-mem-bzero': { tool: 'bw_mem', mode: ['bzero'], largest: '64mb' },
  'bw-mem-fcp': { tool: 'bw_mem', mode: ['fcp'], largest: '32mb' },
  'bw-mem-cp': { tool: 'bw_mem', mode: ['cp'], largest: '32mb' },
  'bw-mem-frd': { tool: 'bw_mem', mode: ['frd'], largest: '64mb' },
  'bw-mem-rd': { tool: 'bw_mem', mode: ['rd'], largest: '64mb' },
  'bw-mem-fwr': { tool: 'bw_mem', mode: ['fwr'], largest: '64mb' },
  'bw-mem-wr': { tool: 'bw_mem', mode: ['wr'], largest: '64mb' },
  'bw-mem-rdwr': { tool: 'bw_mem', mode: ['rdwr'], largest: '64mb' },
};

/** Bandwidths by size, and the two walks through memory. */
export function memoryCalls(): Call[] {
  const bandwidths = sizedBandwidths.flatMap((family) => {
    const { tool, mode, largest } = BANDWIDTH_CALLS[family];
    const ofFile = tool !== 'bw_mem';
    return sizes.slice(0, sizes.indexOf(largest) + 1).map((size): Call => ({
      name: `${family}-${size}`,
      tool,
      args: [argumentOf(SIZES[size]), ...mode, ...(ofFile ? [fileFor(size) ?? 'file-256m'] : [])],
      yields: [`${family}-${size}`],
      section: { kind: 'bandwidth', family },
      ...(family === 'bw-file-read' && size === '64mb' ? { quick: true } : {}),
    }));
  });
  const load = (random: boolean): Call => ({
    name: random ? 'mem-latency-random' : 'mem-latency',
    tool: 'lat_mem_rd',
    // Once each: over a hundred sizes, of each of which the least of the repetitions counts.
    args: ['-N', '1', ...(random ? ['-t'] : []), '64', random ? '16' : '128'],
    yields: memorySizes.map((size): Name => `mem-latency-${random ? 'random-' : ''}${size}`),
    section: { kind: 'load', random },
    limitSeconds: 900,
  });
  return [...bandwidths, load(false), load(true)];
}

/** Eight rings in one call for each size, as lmbench runs them; the quick profile has the three rings that papers show. */
export function ringCalls(profile: ProfileId): Call[] {
  if (profile === 'quick') {
    return (
      [
        [2, 0],
        [16, 16],
        [16, 64],
      ] as const
    ).map(([processes, kilobytes]) => ({
      name: `ctx-${processes}p-${kilobytes}k`,
      tool: 'lat_ctx',
      args: ['-s', String(kilobytes), String(processes)],
      yields: [`ctx-${processes}p-${kilobytes}k`],
      quick: true,
    }));
  }
  return ringKilobytes.map((kilobytes) => ({
    name: `ctx-${kilobytes}k`,
    tool: 'lat_ctx',
    args: ['-s', String(kilobytes), ...ringProcesses.map(String)],
    yields: ringProcesses.map((processes): Name => `ctx-${processes}p-${kilobytes}k`),
    limitSeconds: 600,
  }));
}
