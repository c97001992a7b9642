import type { Suite } from '../../harness/types.js';
import { install } from './install.js';
import { metrics, type OsdbMetric } from './metrics.js';
import { parse } from './parse.js';
import { recognize } from './recognize.js';
import { profiles } from './sizes.js';
import { steps } from './steps.js';

const files = [
  'inspect.sh',
  'start-cluster.sh',
  'stop-cluster.sh',
  'latencies.sh',
  'load.sql',
  'check.sql',
  'warm.sql',
  'served.sql',
  'ir.sql',
].map((name) => ({ name, source: new URL(name, import.meta.url) }));

/** Information retrieval of the Open Source Database Benchmark, on a PostgreSQL cluster of the guest's own. */
export const osdb = {
  id: 'osdb',
  title: 'OSDB-IR',
  version: 1,
  about:
    "The information retrieval test of AS3AP as the Open Source Database Benchmark runs it: users who each read one row of a relation by its key, at random and without pause. The data are created again for each trial by this project's own generator and checked; pgbench runs the queries, with a fixed number of transactions for each user; latencies are those of a shorter second run, as logging them slows it.",
  tools: ['pgbench', 'postgres', 'postgresql'],
  caches:
    "Warm. The whole database fits the server's cache, is read into it before the trial, and a trial in which a block was read from outside it has no value.",
  metrics,
  profiles,
  needs: { packages: ['postgresql'], files },
  install,
  steps,
  parse,
  recognize,
} as const satisfies Suite<OsdbMetric>;
