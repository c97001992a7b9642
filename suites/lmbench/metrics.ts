import type { Metric, Unit } from '../../harness/types.js';
import {
  memorySizes,
  messageSizes,
  mmapSizes,
  ringKilobytes,
  ringProcesses,
  sizes,
  type MessageSize,
  type Size,
} from './sizes.js';

const latency = (label: string): Metric => ({ label, unit: 'us', better: 'lower' });
const bandwidth = (label: string): Metric => ({ label, unit: 'B/s', better: 'higher' });

/** The rows that the paper shows, of the published version and of the one before it, in its order and with its labels. */
const shown = {
  'fork-process': latency('fork process'),
  'exec-process': latency('exec process'),
  'sh-process': latency('sh process'),
  'ctx-2p-0k': latency('ctx (2p/0K)'),
  'ctx-16p-16k': latency('ctx (16p/16K)'),
  'ctx-16p-64k': latency('ctx (16p/64K)'),
  'mmap-64mb': latency('mmap (64MB)'),
  'mmap-256mb': latency('mmap (256MB)'),
  'page-fault': latency('page fault'),
} as const;

const latencies = {
  'page-fault-write': latency('page fault, write to a private page of a file'),
  'page-fault-anonymous': latency('page fault, anonymous page'),
  'null-call': latency('null call'),
  read: latency('read a byte of /dev/zero'),
  write: latency('write a byte to /dev/null'),
  stat: latency('stat'),
  fstat: latency('fstat'),
  'open-close': latency('open and close'),
  'select-10': latency('select on 10 files'),
  'select-100': latency('select on 100 files'),
  'select-250': latency('select on 250 files'),
  'select-500': latency('select on 500 files'),
  'select-tcp-10': latency('select on 10 TCP sockets'),
  'select-tcp-100': latency('select on 100 TCP sockets'),
  'select-tcp-250': latency('select on 250 TCP sockets'),
  'select-tcp-500': latency('select on 500 TCP sockets'),
  'signal-install': latency('signal handler installation'),
  'signal-catch': latency('signal handler overhead'),
  'protection-fault': latency('protection fault'),
  pipe: latency('pipe latency'),
  'af-unix': latency('AF_UNIX latency'),
  'af-unix-connect': latency('AF_UNIX connection'),
  fifo: latency('FIFO latency'),
  tcp: latency('TCP latency, local'),
  udp: latency('UDP latency, local'),
  'rpc-tcp': latency('RPC over TCP latency, local'),
  'rpc-udp': latency('RPC over UDP latency, local'),
  'tcp-connect': latency('TCP connection, local'),
  'fcntl-lock': latency('fcntl lock'),
} as const;

const bandwidths = {
  'bw-pipe': bandwidth('pipe bandwidth'),
  'bw-af-unix': bandwidth('AF_UNIX bandwidth'),
  'bw-http': bandwidth('HTTP bandwidth, local'),
  'bw-file-write': bandwidth('file write bandwidth'),
} as const;

/** Bandwidths by size: lmbench's tool and mode. */
export const SIZED_BANDWIDTHS = {
  'bw-file-read': 'file re-read',
  'bw-file-open-read': 'open, re-read and close a file',
  'bw-mmap-read': 'read a mapped file',
  'bw-mmap-open-read': 'open, map, read and close a file',
  'bw-mem-bcopy': 'libc bcopy, unaligned',
  'bw-mem-bcopy-aligned': 'libc bcopy, aligned',
  'bw-mem-bzero': 'bzero',
  'bw-mem-fcp': 'unrolled bcopy',
  'bw-mem-cp': 'unrolled partial bcopy',
  'bw-mem-frd': 'memory read',
  'bw-mem-rd': 'memory partial read',
  'bw-mem-fwr': 'memory write',
  'bw-mem-wr': 'memory partial write',
  'bw-mem-rdwr': 'memory partial read and write',
} as const;
export type SizedBandwidth = keyof typeof SIZED_BANDWIDTHS;
export const sizedBandwidths = Object.keys(SIZED_BANDWIDTHS) as SizedBandwidth[];

/** lat_fs's file sizes in KiB. */
export const createdKilobytes = [0, 1, 4, 10] as const;

/** Operations of lat_ops by type, each as a latency. */
export const OPERATIONS = {
  integer: ['bit', 'add', 'mul', 'div', 'mod'],
  int64: ['bit', 'add', 'mul', 'div', 'mod'],
  float: ['add', 'mul', 'div', 'bogomflops'],
  double: ['add', 'mul', 'div', 'bogomflops'],
} as const;
type Operations = typeof OPERATIONS;
type Operation = { [Type in keyof Operations]: `${Type}-${Operations[Type][number]}` }[keyof Operations];

type Generated =
  | Operation
  | `ctx-${(typeof ringProcesses)[number]}p-${(typeof ringKilobytes)[number]}k`
  | `mmap-${(typeof mmapSizes)[number]}`
  | `${SizedBandwidth}-${Size}`
  | `bw-tcp-${MessageSize}`
  | `mem-latency-${'' | 'random-'}${(typeof memorySizes)[number]}`
  | `file-${'create' | 'delete'}-${(typeof createdKilobytes)[number]}k`;

/** Every metric of the suite; ids are `lmbench/<name>`. */
export type Name = keyof typeof shown | keyof typeof latencies | keyof typeof bandwidths | Generated;

function* generated(): Generator<[Generated, Metric]> {
  for (const kilobytes of ringKilobytes)
    for (const processes of ringProcesses)
      yield [`ctx-${processes}p-${kilobytes}k`, latency(`ctx (${processes}p/${kilobytes}K)`)];
  for (const size of mmapSizes) yield [`mmap-${size}`, latency(`mmap (${size.toUpperCase()})`)];
  for (const kilobytes of createdKilobytes) {
    yield [`file-create-${kilobytes}k`, rate(`files of ${kilobytes} KB created`)];
    yield [`file-delete-${kilobytes}k`, rate(`files of ${kilobytes} KB deleted`)];
  }
  for (const size of messageSizes)
    yield [`bw-tcp-${size}`, bandwidth(`TCP bandwidth, local, messages of ${spell(size)}`)];
  for (const family of sizedBandwidths)
    for (const size of sizes) yield [`${family}-${size}`, bandwidth(`${SIZED_BANDWIDTHS[family]}, ${spell(size)}`)];
  for (const size of memorySizes)
    yield [`mem-latency-${size}`, load(`memory load latency, ${spell(size)}, stride 128`)];
  for (const size of memorySizes)
    yield [`mem-latency-random-${size}`, load(`memory load latency, ${spell(size)}, at random`)];
  yield* operations();
}

function* operations(): Generator<[Operation, Metric]> {
  for (const [type, names] of Object.entries(OPERATIONS)) {
    for (const name of names) yield [`${type}-${name}` as Operation, load(`${type} ${name}`)];
  }
}

function rate(label: string): Metric {
  return { label, unit: '1/s', better: 'higher' };
}

function load(label: string): Metric {
  return { label, unit: 'ns', better: 'lower' };
}

/** `64kb` as people write it: 64 KB. */
function spell(size: string): string {
  return size.replace(/(\D+)$/, (unit) => ` ${unit.toUpperCase()}`);
}

export const metrics: Readonly<Record<Name, Metric>> = {
  ...shown,
  ...latencies,
  ...bandwidths,
  // The rows of the paper keep their place before the generated ones of the same name.
  ...(Object.fromEntries([...generated()].filter(([name]) => !(name in shown))) as Record<
    Exclude<Generated, keyof typeof shown>,
    Metric
  >),
};

/** The seven rows of the paper's Table 2 and the two that only its earlier version shows. */
export const shownNames = Object.keys(shown) as (keyof typeof shown)[];

export function isName(text: string): text is Name {
  return Object.hasOwn(metrics, text);
}

export function unitOf(name: Name): Unit {
  return metrics[name].unit;
}
