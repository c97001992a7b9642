import type { Suite } from '../../harness/types.js';
import { install, packages } from './install.js';
import { metrics, type KernelMetric } from './metrics.js';
import { parse } from './parse.js';
import { recognize } from './recognize.js';
import { profiles } from './sizes.js';
import { steps } from './steps.js';

const files = ['inspect.sh', 'prepare-part.sh', 'unpack.sh', 'build.sh', 'count.sh', 'remove.sh'].map((name) => ({
  name,
  source: new URL(name, import.meta.url),
}));

/** A Linux kernel built by the guest's own compiler; wall-clock time. */
export const kernelCompile = {
  id: 'kernel-compile',
  title: 'Kernel compile',
  version: 1,
  about:
    "How long make takes to build the Linux kernel of the guest's linux-source package, its sources in a RAM file system, with two jobs for each CPU. No compiler cache; the time and the name of the builder are fixed; new objects are counted afterwards. Sources and compiler of other versions show as other tools.",
  tools: ['make'],
  caches:
    'Warm sources, cold objects. The sources are unpacked to the RAM file system before each trial and nothing there is built but what configures them; the compiler itself is in the page cache after that.',
  metrics,
  profiles,
  needs: { packages, files },
  install,
  steps,
  parse,
  recognize,
} as const satisfies Suite<KernelMetric>;
