import type { Suite } from '../../harness/types.js';
import { inspect, inspectFile } from '../network/inspection.js';
import { cpuMetrics, metrics, type IperfCpuMetric, type IperfMetric } from './metrics.js';
import { parse, parseCpu } from './parse.js';
import { recognize } from './recognize.js';
import { profiles } from './sizes.js';
import { installationOf, serve, steps, wanted } from './steps.js';

const shared = {
  version: 1,
  profiles,
  install: async (guest) => installationOf(await inspect(guest, wanted)),
  serve,
} as const satisfies Partial<Suite>;

const needs = {
  packages: ['iperf'],
  files: [inspectFile, { name: 'receive.sh', source: new URL('receive.sh', import.meta.url) }],
  peer: true,
};

/** Network throughput, peer to guest, by iperf 2. */
export const iperf = {
  ...shared,
  id: 'iperf',
  title: 'iperf',
  about:
    "One TCP connection from the peer to the guest by iperf 2. The guest opens it and asks the peer's server to send; the figure is what the guest read. Congestion control, MTU and offloads of the guest are kept with the run.",
  caches: 'None are involved: data are made and dropped in memory.',
  metrics,
  needs,
  steps: (context) => steps(context, Object.keys(metrics)),
  parse,
  recognize,
} as const satisfies Suite<IperfMetric>;

/** CPU time of the receiver, in trials of its own, as in the paper. */
export const iperfCpu = {
  ...shared,
  id: 'iperf-cpu',
  title: 'iperf, CPU of the receiver',
  about:
    "The same transfer as of the suite iperf, in trials of its own. The guest's CPU time is read by the platform's own accounting just before and just after, and given in percent of one CPU; what that accounting covers stands beside each value, since platforms differ in whom they charge for interrupts.",
  caches: 'None are involved: data are made and dropped in memory.',
  metrics: cpuMetrics,
  needs: { ...needs, cpuTime: true },
  steps: (context) => steps(context, Object.keys(cpuMetrics)),
  parse: parseCpu,
} as const satisfies Suite<IperfCpuMetric>;
