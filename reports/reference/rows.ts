import type { KnownMetricId } from '../../suites/index.js';

type LmbenchName = KnownMetricId extends infer Id ? (Id extends `lmbench/${infer Name}` ? Name : never) : never;

/** Rows of the published lmbench tables, as printed, with the names of their metrics in suite `lmbench`. */
export const TABLE_2_METRICS: Readonly<Record<string, LmbenchName>> = {
  'fork process': 'fork-process',
  'exec process': 'exec-process',
  'sh process': 'sh-process',
  'ctx (16p/64K)': 'ctx-16p-64k',
  'mmap (64MB)': 'mmap-64mb',
  'mmap (256MB)': 'mmap-256mb',
  'page fault': 'page-fault',
  'ctx (2p/0K)': 'ctx-2p-0k',
  'ctx (16p/16K)': 'ctx-16p-16k',
};

/** The same with ids of metrics. */
export const TABLE_2_IDS: Readonly<Record<string, KnownMetricId>> = Object.fromEntries(
  Object.entries(TABLE_2_METRICS).map(([row, name]) => [row, `lmbench/${name}` as const]),
);

/** Megabytes that a row maps, for costs per megabyte; lmbench's own MB are 2^20 bytes in the file's name. */
export const TABLE_2_MEGABYTES: Readonly<Record<string, number>> = { 'mmap (64MB)': 64, 'mmap (256MB)': 256 };

/** Rows of the published table of CPU shares, with the metrics of their workloads: the guest with the reservation. */
export const TABLE_3_METRICS: Readonly<Record<string, KnownMetricId>> = {
  'Weight 1/4': 'table-3-weight/guest-0',
  'Cap 1/4': 'table-3-cap/guest-0',
};
