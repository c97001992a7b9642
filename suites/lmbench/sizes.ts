/** Sizes by the names that metric ids use, in bytes; `mb` is 2^20, as in lmbench's arguments and the paper's rows. */
export const SIZES = {
  '512b': 512,
  '1kb': 1024,
  '2kb': 2048,
  '4kb': 4096,
  '8kb': 8192,
  '16kb': 16384,
  '32kb': 32768,
  '64kb': 65536,
  '128kb': 131072,
  '256kb': 262144,
  '512kb': 524288,
  '1mb': 1048576,
  '2mb': 2097152,
  '4mb': 4194304,
  '8mb': 8388608,
  '16mb': 16777216,
  '32mb': 33554432,
  '64mb': 67108864,
  '128mb': 134217728,
  '256mb': 268435456,
  '512mb': 536870912,
  '1024mb': 1073741824,
} as const satisfies Record<string, number>;
export type Size = keyof typeof SIZES;
export const sizes = Object.keys(SIZES) as Size[];

/** lat_mmap is silent below 320 KiB. */
export const mmapSizes = [
  '512kb',
  '1mb',
  '2mb',
  '4mb',
  '8mb',
  '16mb',
  '32mb',
  '64mb',
  '128mb',
  '256mb',
  '512mb',
  '1024mb',
] as const satisfies Size[];

/** Message sizes of lmbench's own run of bw_tcp. */
export const MESSAGES = {
  '1b': 1,
  '64b': 64,
  '128b': 128,
  '256b': 256,
  '512b': 512,
  '1kb': 1024,
  '1437b': 1437,
  '10mb': 10485760,
} as const satisfies Record<string, number>;
export type MessageSize = keyof typeof MESSAGES;
export const messageSizes = Object.keys(MESSAGES) as MessageSize[];

/** Array sizes at which the latency of memory is reported, of the hundred or so that lat_mem_rd prints. */
export const memorySizes = ['4kb', '16kb', '64kb', '256kb', '1mb', '4mb', '16mb', '64mb'] as const satisfies Size[];

/** Processes and KiB each of the context-switch rows, as lmbench's own run has them. */
export const ringProcesses = [2, 4, 8, 16, 24, 32, 64, 96] as const;
export const ringKilobytes = [0, 4, 8, 16, 32, 64] as const;

/** A size as lmbench's tools take it: `512`, `64k`, `256m`. */
export function argumentOf(bytes: number): string {
  if (bytes % 1048576 === 0) return `${bytes / 1048576}m`;
  return bytes % 1024 === 0 ? `${bytes / 1024}k` : String(bytes);
}
