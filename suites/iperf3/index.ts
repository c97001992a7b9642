import type { Suite } from '../../harness/types.js';
import { inspect, inspectFile } from '../network/inspection.js';
import { metrics, type Iperf3Metric } from './metrics.js';
import { parse } from './parse.js';
import { recognize } from './recognize.js';
import { installationOf, profiles, serve, steps, wanted } from './steps.js';

/** Network throughput by iperf3, one way after the other. */
export const iperf3 = {
  id: 'iperf3',
  title: 'iperf3',
  version: 1,
  about:
    "One TCP connection by iperf3, first from the peer to the guest, then from the guest to the peer. Throughput is what the receiving end read, whichever it is. Congestion control, MTU and offloads of the guest are kept with the run; iperf3's own CPU figures are of its process only, and are not used.",
  caches: 'None are involved: data are made and dropped in memory.',
  metrics,
  profiles,
  needs: {
    packages: ['iperf3'],
    files: [inspectFile, { name: 'transfer.sh', source: new URL('transfer.sh', import.meta.url) }],
    peer: true,
  },
  install: async (guest) => installationOf(await inspect(guest, wanted)),
  serve,
  steps,
  parse,
  recognize,
} as const satisfies Suite<Iperf3Metric>;
