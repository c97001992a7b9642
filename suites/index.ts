import type { Suite } from '../harness/types.js';
import { cpu } from './cpu/index.js';
import { dbench } from './dbench/index.js';
import { ddLoad } from './dd-load/index.js';
import { dd } from './dd/index.js';
import { hourglass } from './hourglass/index.js';
import { iperf, iperfCpu } from './iperf/index.js';
import { iperf3 } from './iperf3/index.js';
import { kernelCompile } from './kernel-compile/index.js';
import { lmbench } from './lmbench/index.js';
import { osdb } from './osdb/index.js';
import { osdbRows } from './osdb/rows.js';
import { postmark } from './postmark/index.js';
import { workloads } from './workloads/index.js';

export { workloads };

/** Every suite, in the order in which reports show them. A new suite is one folder and one line here. */
export const suites = [
  lmbench,
  iperf,
  iperfCpu,
  iperf3,
  dd,
  dbench,
  postmark,
  kernelCompile,
  osdb,
  cpu,
  hourglass,
  osdbRows,
  ddLoad,
] as const satisfies readonly Suite[];

type Registered = (typeof suites)[number];

type RegisteredWorkload = (typeof workloads)[number];
type Measured = Registered | RegisteredWorkload;

/** Every metric of every suite and workload as a literal, `suite/metric`: a typo in an exhibit does not compile. */
export type KnownMetricId = {
  [Id in Measured['id']]: `${Id}/${keyof Extract<Measured, { readonly id: Id }>['metrics'] & string}`;
}[Measured['id']];
