import type { Installation, Profile, ProfileId, Step, StepContext, Suite } from '../../harness/types.js';
import { findProgram, findProgramFile } from '../program.js';
import { metrics, parse, PRIME_LIMIT, recognize, type CpuMetric } from './parse.js';

/** Fixed work: how many events are done before and while it is measured. */
export interface Size {
  readonly warmUp: number;
  readonly events: number;
}

const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: { warmUp: 2_000, events: 50_000 },
  quick: { warmUp: 500, events: 4_000 },
};

const profile = ({ warmUp, events }: Size, more: Pick<Profile, 'trials' | 'expectedSeconds'>): Profile => ({
  summary: `one thread, ${events.toLocaleString('en-US')} events of primes up to ${PRIME_LIMIT.toLocaleString('en-US')}, after ${warmUp.toLocaleString('en-US')} to warm up`,
  scratchBytes: 1_000_000,
  ...more,
});

/** Pure: what a trial of this size runs. */
export function stepsOf({ installation }: StepContext, { warmUp, events }: Size): Step[] {
  const program = installation.tools['sysbench']?.path;
  if (program === undefined) throw new Error('this is not an installation of cpu');
  const primes = (name: string, phase: Step['phase'], count: number): Step => ({
    name,
    phase,
    argv: [program, 'cpu', '--threads=1', '--time=0', `--events=${count}`, `--cpu-max-prime=${PRIME_LIMIT}`, 'run'],
    limitSeconds: 60 + count / 20,
  });
  return [
    primes('warm-up', 'prepare', warmUp),
    { ...primes('primes', 'measure', events), yields: Object.keys(metrics) },
  ];
}

/** One thread that computes, its working set in the cache: sysbench's test of the CPU with a fixed number of events. */
export const cpu = {
  id: 'cpu',
  title: 'CPU',
  version: 1,
  about:
    "One thread that only computes, with its working set in the CPU's cache: sysbench cpu finds primes by trial division, a fixed number of times. Events per second are their number by sysbench's own time; a second metric is by the time of the whole program, measured from outside.",
  tools: ['sysbench'],
  caches: 'Warm: the program has run once just before. It uses neither files nor memory beyond the first cache.',
  metrics,
  profiles: {
    paper: profile(sizes.paper, { trials: 5, expectedSeconds: 60 }),
    quick: profile(sizes.quick, { trials: 3, expectedSeconds: 4 }),
  },
  needs: { packages: ['sysbench'], files: [findProgramFile] },
  install: async (guest): Promise<Installation> => {
    const sysbench = await findProgram(guest, {
      name: 'sysbench',
      packageName: 'sysbench',
      versionArgument: '--version',
      version: /^sysbench (1\.\d[\w.]{0,20})/,
    });
    return { tools: { sysbench }, env: {}, data: {} };
  },
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, { events: sizes[raw.profile].events, primeLimit: PRIME_LIMIT }),
  recognize: (files) => recognize(files, sizes),
} as const satisfies Suite<CpuMetric>;
