import type { Suite } from '../../harness/types.js';
import { inspect, inspectFile } from '../network/inspection.js';
import { cpuMetrics, metrics, type IperfCpuMetric, type IperfMetric } from './metrics.js';
import { parse, parseCpu } from './parse.js';
import { recognize } from './recognize.js';
import { profiles } from './sizes.js';
import { installationOf, serve, steps, wanted } from './steps.js';
import { spreads } from '../spread.js';

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
  version: 2,
  id: 'iperf-cpu',
  title: 'iperf, CPU of the receiver',
  about:
    "The same transfer as of the suite iperf, in trials of its own. CPU time is in percent of one CPU, by two clocks. The first is the platform's accounting of the guest, read just before and just after: the control group of containers and of native, the hypervisor's count of a virtual machine. The second is the ticks of the guest's CPUs, which count all that ran on them, as sysstat does. Each value names its clock, since clocks differ in whom they charge for interrupts, and only values of one kind of clock are compared.",
  caches: 'None are involved: data are made and dropped in memory.',
  metrics: cpuMetrics,
  profiles: {
    ...profiles,
    quick: { ...profiles.quick, unstable: spreads(6.6, 'a transfer lasts 3 s') },
  },
  needs: { ...needs, cpuTime: true },
  steps: (context) => steps(context, Object.keys(cpuMetrics)),
  parse: parseCpu,
} as const satisfies Suite<IperfCpuMetric>;
