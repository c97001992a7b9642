import type { Step, StepContext, Suite } from '../../harness/types.js';
import { install } from './install.js';
import { metrics, parse, type HourglassMetric } from './parse.js';
import { profiles, sizes, type Size } from './sizes.js';

const files = ['hourglass.c', 'build.sh'].map((name) => ({ name, source: new URL(name, import.meta.url) }));

/** Pure: what a trial of this size runs. */
export function stepsOf({ installation, cpus }: StepContext, { seconds, thresholdUs, slotMs }: Size): Step[] {
  const program = installation.tools['hourglass']?.path;
  if (program === undefined) throw new Error('this is not an installation of hourglass');
  return [
    {
      name: 'hourglass',
      phase: 'measure',
      argv: [
        program,
        ...['--cpus', cpus.join(','), '--seconds', String(seconds)],
        ...['--threshold-us', String(thresholdUs), '--slot-ms', String(slotMs)],
      ],
      // A guest that is starved may take long to begin, and to print.
      limitSeconds: 60 + 2 * seconds,
      yields: Object.keys(metrics),
    },
  ];
}

/** When a guest really ran: the clock, read without pause on each of its CPUs. */
export const hourglass = {
  id: 'hourglass',
  title: 'hourglass',
  version: 1,
  about:
    "When a guest really ran. On each CPU of the guest a thread reads the monotonic clock without pause for a fixed time; where two readings lie further apart than a threshold, something else had the CPU: another guest, its host. Shares are percent of one CPU, 200 on two. A further metric is the CPU time that the kernel counted, which inside a virtual machine may include what was taken from it. The program is this project's own.",
  caches: 'Warm: a loop of a few instructions. Where gaps are noted is allocated and touched before.',
  metrics,
  profiles,
  needs: { packages: ['gcc', 'libc6-dev'], files },
  install,
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, sizes[raw.profile]),
} as const satisfies Suite<HourglassMetric>;
