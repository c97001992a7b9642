import type { Suite, SuiteFile } from '../../harness/types.js';
import { install } from './install.js';
import { metrics, type Name } from './metrics.js';
import { parse } from './parse.js';
import { recognize } from './recognize.js';
import { steps } from './steps.js';
import { toolNames } from './tool-jobs.js';
import { spreads } from '../spread.js';

const SCRIPTS = ['inspect.sh', 'build-probes.sh', 'calibrate.sh', 'make-files.sh', 'place-hello.sh', 'with-server.sh'];
const SOURCES = [
  'probe.h',
  'channel.h',
  'main.c',
  'timing.c',
  'process.c',
  'context.c',
  'memory.c',
  'syscall.c',
  'select.c',
  'signal.c',
  'channel.c',
  'exchange.c',
  'stream.c',
  'child.c',
];

const files: readonly SuiteFile[] = [
  ...SCRIPTS.map((name) => ({ name, source: new URL(name, import.meta.url) })),
  ...SOURCES.map((name) => ({ name, source: new URL(`probes/${name}`, import.meta.url) })),
];

/** lmbench 3, or where a guest lacks it the project's own probes, which measure in the same way. */
export const lmbench = {
  id: 'lmbench',
  title: 'lmbench',
  version: 1,
  about:
    "What primitive operations of the operating system cost: processes, context switches, mappings, page faults, system calls, signals, pipes and sockets. Runs the target's own unmodified lmbench 3 where it is installed, else the project's probes, which use the same methods; every value names the program.",
  tools: toolNames,
  caches:
    'Warm. The 64 MB and 256 MB files of the mmap and page fault rows are made before each trial with writes of 8 KiB, as lmbench does, synced, and read once.',
  metrics,
  profiles: {
    paper: {
      summary: "lmbench's whole OS subset with its own sizes and repetitions; files of 64 MB and 256 MB",
      trials: 5,
      expectedSeconds: 600,
      scratchBytes: 640 * 2 ** 20,
    },
    quick: {
      summary:
        'the rows of Table 2, three context switches and the cheap latencies; the sizes of the paper, timing intervals of at most 50 ms, no bandwidths by size',
      trials: 5,
      expectedSeconds: 25,
      scratchBytes: 512 * 2 ** 20,
      unstable: spreads(12, 'timing intervals last 50 ms at most'),
    },
  },
  needs: { packages: ['gcc', 'libc6-dev'], files },
  install,
  steps,
  parse,
  recognize,
} as const satisfies Suite<Name>;
