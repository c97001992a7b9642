import type { KnownMetricId } from '../../suites/index.js';
import type { Interval } from '../statistics/intervals.js';

/** What a sentence of the paper states of one column of a figure whose bars carry no printed numbers. */
export interface Statement {
  readonly metric: KnownMetricId;
  readonly column: string;
  /**
   * `value`: in the unit of the metric; `line-rate`: a part of the speed of the link; `relative`: performance relative to
   * `to`, higher is better; `ratio`: to `to`, as measured; `loss`: what is missing to `to`, in percent.
   */
  readonly quantity: 'value' | 'line-rate' | 'relative' | 'ratio' | 'loss';
  readonly to?: string;
  /** Metric of `to`, where it is another one. */
  readonly other?: KnownMetricId;
  /** A number, one end of a range, or both. */
  readonly kind: 'value' | 'bound' | 'band';
  readonly stated: Interval;
  readonly text: string;
  /** Id of the claim that is made of the sentence. */
  readonly claim: string;
  /** Id of the quotation that states it. */
  readonly quotation: string;
}

const number = (value: number): Pick<Statement, 'kind' | 'stated'> => ({
  kind: 'value',
  stated: { low: value, high: value },
});
const above = (low: number): Pick<Statement, 'kind' | 'stated'> => ({ kind: 'bound', stated: { low, high: Infinity } });
const below = (high: number): Pick<Statement, 'kind' | 'stated'> => ({
  kind: 'bound',
  stated: { low: -Infinity, high },
});
const band = (low: number, high: number): Pick<Statement, 'kind' | 'stated'> => ({ kind: 'band', stated: { low, high } });

const THROUGHPUT = { metric: 'iperf/throughput' } as const;
const RECEIVER_CPU = { metric: 'iperf-cpu/receiver-cpu' } as const;
const DBENCH = { metric: 'dbench/first-90000-throughput' } as const;
const COMPILE = { metric: 'kernel-compile/elapsed' } as const;
const BESIDE_DD = { metric: 'osdb-beside-dd/rows-per-second', quantity: 'loss', other: 'osdb-1/rows-per-second' } as const;
const TO_LINUX = { quantity: 'relative', to: 'Linux-UP' } as const;

function lineRate(column: string, claim: string, quotation: string): Statement {
  return { ...THROUGHPUT, column, quantity: 'line-rate', ...number(1), text: 'line rate', claim, quotation };
}

const LINE_RATE_UP = { claim: 'f5-linux-vserver-line-rate', quotation: '4.3.1-line-rate' } as const;
const DBENCH_XEN = { claim: 'f6a-dbench-xen', quotation: '4.3.2-dbench-xen' } as const;
const SMP_8 = { claim: 'f7-vserver-smp-8', quotation: '4.4-vserver-smp-8' } as const;

/** Everything that the text of Soltesz et al. (2007) states of single bars of Figures 5 to 8. */
export const STATEMENTS: readonly Statement[] = [
  // Figure 5.
  lineRate('Linux-UP', LINE_RATE_UP.claim, LINE_RATE_UP.quotation),
  lineRate('VServer-UP', LINE_RATE_UP.claim, LINE_RATE_UP.quotation),
  {
    ...{ ...THROUGHPUT, column: 'Xen3-UP', quantity: 'line-rate', ...number(0.6), text: '60 % of the line rate' },
    ...{ claim: 'f5-xen-up-60', quotation: '4.3.1-60' },
  },
  lineRate('Xen3 two CPUs', 'f5-xen-2cpu', '4.3.1-two-cpus-line-rate'),
  {
    ...{ ...THROUGHPUT, column: 'Xen3-SMP', quantity: 'line-rate', ...below(1), text: 'below the line rate' },
    ...{ claim: 'f5-xen-smp-below-linux-up', quotation: '4.3.1-smp-no-line-rate' },
  },
  ...['Linux-UP', 'VServer-UP'].map(
    (column): Statement => ({
      ...{ ...RECEIVER_CPU, column, quantity: 'value', ...above(70), text: 'just over 70 %' },
      ...LINE_RATE_UP,
    }),
  ),
  {
    ...{ ...RECEIVER_CPU, column: 'Xen3-UP', quantity: 'value', ...number(100), text: 'saturated' },
    ...{ claim: 'f5-xen-up-60', quotation: '4.3.1-60' },
  },
  ...['Linux-UP', 'VServer-UP'].map(
    (to): Statement => ({
      ...{ ...RECEIVER_CPU, column: 'Xen3 two CPUs', quantity: 'ratio', to, ...below(2), text: `nearly twice ${to}` },
      ...{ claim: 'f5-xen-2cpu', quotation: '4.3.1-nearly-2x' },
    }),
  ),
  // Figure 6.
  {
    ...{ metric: 'dd/write', column: 'VServer-UP', ...TO_LINUX, ...number(1), text: 'identical to Linux-UP' },
    ...{ claim: 'f6a-dd-vserver', quotation: '4.3.2-dd-identical' },
  },
  ...['Xen3-UP', 'Xen3-SMP'].map(
    (column): Statement => ({
      ...{ metric: 'dd/write', column, ...TO_LINUX, ...below(1), text: 'significantly slower' },
      ...{ claim: 'f6a-dd-xen', quotation: '4.3.2-dd-slow' },
    }),
  ),
  {
    ...{ ...DBENCH, column: 'VServer-UP', ...TO_LINUX, ...above(1), text: 'slightly above Linux-UP' },
    ...{ claim: 'f6a-dbench-vserver', quotation: '4.3.2-dbench-xen' },
  },
  ...['Xen3-UP', 'Xen3-SMP'].map(
    (column): Statement => ({
      ...{ ...DBENCH, column, ...TO_LINUX, ...band(0.65, 0.75), text: '25 to 35 % less than Linux-UP' },
      ...DBENCH_XEN,
    }),
  ),
  {
    ...{ ...DBENCH, column: 'Xen3-UP', quantity: 'relative', to: 'Xen3-SMP', ...above(1) },
    ...{ text: 'modestly above Xen3-SMP', ...DBENCH_XEN },
  },
  ...['Linux', 'VServer'].map(
    (system): Statement => ({
      ...{ ...DBENCH, column: `${system}-SMP`, quantity: 'relative', to: `${system}-UP`, ...below(1) },
      ...{ text: `below ${system}-UP`, claim: 'f6a-dbench-smp', quotation: '4.3.2-dbench-smp' },
    }),
  ),
  ...(['UP', 'SMP'] as const).flatMap((build) =>
    ['Linux', 'VServer'].map(
      (system): Statement => ({
        ...{ metric: 'postmark/transactions', column: `Xen3-${build}`, quantity: 'relative', to: `${system}-${build}` },
        ...{ ...below(1), text: `below ${system}-${build}` },
        ...{ claim: 'f6a-postmark-xen', quotation: '4.3.2-postmark-less' },
      }),
    ),
  ),
  {
    ...{ ...COMPILE, column: 'Xen3-UP', ...TO_LINUX, ...number(0.99), text: 'an overhead of 1 %' },
    ...{ claim: 'f6b-compile-xen-up', quotation: '4.3.2-compile' },
  },
  {
    ...{ ...COMPILE, column: 'Xen3-SMP', ...TO_LINUX, ...number(0.93), text: 'an overhead of 7 %' },
    ...{ claim: 'f6b-compile-xen-smp', quotation: '4.3.2-compile' },
  },
  {
    ...{ metric: 'osdb/rows-per-second', column: 'VServer-UP', ...TO_LINUX, ...band(0.96, 1.04), text: 'within 4 %' },
    ...{ claim: 'f6b-osdb-vserver', quotation: '4.3.2-osdb' },
  },
  {
    ...{ metric: 'osdb/rows-per-second', column: 'Xen3-SMP', quantity: 'relative', to: 'Linux-SMP', ...number(0.61) },
    ...{ text: 'an overhead of 39 % relative to Linux-SMP', claim: 'f6b-osdb-xen-smp', quotation: '4.3.2-osdb' },
  },
  // Figure 7.
  {
    ...{ metric: 'osdb-2/rows-per-second', column: 'Xen3-UP', quantity: 'relative', to: 'Xen3-UP', ...below(1) },
    ...{ other: 'osdb-1/rows-per-second', text: 'no improvement over one guest' },
    ...{ claim: 'f7-xen-up-two', quotation: '4.4-xen-up-two' },
  },
  {
    ...{ metric: 'osdb-8/rows-per-second', column: 'Xen3-UP', quantity: 'relative', to: 'VServer-UP', ...number(0.53) },
    ...{ text: '47 % below VServer-UP', claim: 'f7-xen-up-8', quotation: '4.4-xen-up-47' },
  },
  {
    ...{ metric: 'osdb-8/rows-per-second', column: 'VServer-SMP', quantity: 'relative', to: 'Xen3-SMP' },
    ...{ other: 'osdb-2/rows-per-second', ...band(0.95, 1.05), text: 'within 5 % of Xen3-SMP with 2', ...SMP_8 },
  },
  ...([1, 4, 8] as const).map(
    (guests): Statement => ({
      ...{ metric: 'osdb-8/rows-per-second', column: 'VServer-SMP', quantity: 'relative', to: 'Xen3-SMP' },
      ...{ other: `osdb-${guests}/rows-per-second`, ...above(1), text: `above Xen3-SMP with ${guests}`, ...SMP_8 },
    }),
  ),
  // Figure 8.
  ...['VServer-UP', 'VServer-SMP'].map(
    (column): Statement => ({
      ...{ ...BESIDE_DD, column, to: column, ...band(13, 14), text: '13 to 14 %' },
      ...{ claim: 'f8-vserver', quotation: '5.2-vserver-13-14' },
    }),
  ),
  {
    ...{ ...BESIDE_DD, column: 'Xen3-UP', to: 'Xen3-UP', ...number(12), text: '12 %' },
    ...{ claim: 'f8-xen-up', quotation: '5.2-xen-12-and-1' },
  },
  {
    ...{ ...BESIDE_DD, column: 'Xen3-SMP', to: 'Xen3-SMP', ...number(-1), text: 'a gain of 1 %' },
    ...{ claim: 'f8-xen-smp', quotation: '5.2-xen-12-and-1' },
  },
];

/** The statements of one metric of a column. */
export function statementsOf(metric: string, column: string): readonly Statement[] {
  return STATEMENTS.filter((statement) => statement.metric === metric && statement.column === column);
}
