import type { RawTrial, Reading, StepContext, Suite } from '../../harness/types.js';
import { osdb } from './index.js';
import { metrics, rates } from './metrics.js';
import { parse } from './parse.js';
import { steps } from './steps.js';

type Rate = (typeof rates)[number];

/** What only the latencies need: a guest that is done must not run more queries while others are still measured. */
const OF_LATENCIES = ['time-rows', 'latencies'];

/** OSDB-IR for several guests at once: the suite `osdb` without its second run, that is, without latencies. */
export const osdbRows = {
  id: 'osdb-rows',
  title: 'OSDB-IR, rows only',
  version: osdb.version,
  about: `${osdb.about} This variant has no such second run: of several guests at once, one that is done leaves the others alone.`,
  tools: ['pgbench'],
  caches: osdb.caches,
  metrics: {
    'rows-per-second': metrics['rows-per-second'],
    'rows-per-second-wall-clock': metrics['rows-per-second-wall-clock'],
  },
  profiles: osdb.profiles,
  needs: { ...osdb.needs, cpuTime: true },
  install: osdb.install,
  steps: (context: StepContext) => steps(context).filter(({ name }) => !OF_LATENCIES.includes(name)),
  parse: (raw: RawTrial) => parse(raw).filter(isRate),
} as const satisfies Suite<Rate>;

const isRate = (reading: Reading): reading is Reading<Rate> => rates.some((rate) => rate === reading.metric);
