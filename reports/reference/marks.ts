import type { KnownMetricId } from '../../suites/index.js';
import type { FigurePublished } from '../model/figure.js';

/** What the paper's text states of one bar of a figure: of which metric, and where, in the figure's own numbers. */
export interface PublishedMark extends FigurePublished {
  readonly metric: KnownMetricId;
  /** Where it is on the axis as a fraction of the line rate, for figures whose link speed is known. */
  readonly ofLineRate?: number;
}

function mark(
  metric: KnownMetricId,
  column: string,
  claim: string,
  text: string,
  low: number | null = null,
  high: number | null = low,
): PublishedMark {
  return { metric, column, low, high, text, claim };
}

/**
 * Everything that the text of Soltesz et al. (2007) states of single bars. A statement relative to another baseline than
 * the figure's has no position on its axis, only words. Figure 8 is in percent lost.
 */
export const PUBLISHED_MARKS: readonly PublishedMark[] = [
  // Figures 7 and 8.
  mark('osdb-2/rows-per-second', 'Xen3-UP', 'f7-diminishing', 'no improvement over one guest'),
  mark('osdb-8/rows-per-second', 'Xen3-UP', 'f7-xen-up-8', '47 % below VServer-UP'),
  mark('osdb-8/rows-per-second', 'VServer-SMP', 'f7-vserver-smp-8', 'within 5 % of Xen3-SMP with 2'),
  mark('osdb-beside-dd/rows-per-second', 'VServer-UP', 'f8-vserver', '13 to 14 %', 13, 14),
  mark('osdb-beside-dd/rows-per-second', 'VServer-SMP', 'f8-vserver', '13 to 14 %', 13, 14),
  mark('osdb-beside-dd/rows-per-second', 'Xen3-UP', 'f8-xen-up', '12 %', 12),
  mark('osdb-beside-dd/rows-per-second', 'Xen3-SMP', 'f8-xen-smp', 'a gain of 1 %', -1),
  // Figures 5 and 6.
  { ...mark('iperf/throughput', 'Linux-UP', 'f5-linux-vserver-line-rate', 'line rate'), ofLineRate: 1 },
  { ...mark('iperf/throughput', 'VServer-UP', 'f5-linux-vserver-line-rate', 'line rate'), ofLineRate: 1 },
  { ...mark('iperf/throughput', 'Xen3-UP', 'f5-xen-up-60', '60 % of the line rate'), ofLineRate: 0.6 },
  { ...mark('iperf/throughput', 'Xen3 two CPUs', 'f5-xen-2cpu', 'line rate'), ofLineRate: 1 },
  mark('iperf/throughput', 'Xen3-SMP', 'f5-xen-smp-below-linux-up', 'below the line rate'),
  mark('iperf-cpu/receiver-cpu', 'Linux-UP', 'f5-linux-vserver-line-rate', 'just over 70 %', 70),
  mark('iperf-cpu/receiver-cpu', 'VServer-UP', 'f5-linux-vserver-line-rate', 'just over 70 %', 70),
  mark('iperf-cpu/receiver-cpu', 'Xen3-UP', 'f5-xen-up-60', 'saturated', 100),
  mark('iperf-cpu/receiver-cpu', 'Xen3 two CPUs', 'f5-xen-2cpu', 'nearly twice Linux-UP'),
  mark('dd/write', 'VServer-UP', 'f6a-dd-vserver', 'identical to Linux-UP', 1),
  mark('dd/write', 'Xen3-UP', 'f6a-dd-xen', 'significantly slower'),
  mark('dd/write', 'Xen3-SMP', 'f6a-dd-xen', 'significantly slower'),
  mark('dbench/throughput', 'VServer-UP', 'f6a-dbench-vserver', 'slightly above Linux-UP'),
  mark('dbench/throughput', 'Xen3-UP', 'f6a-dbench-xen', '0.65 to 0.75', 0.65, 0.75),
  mark('dbench/throughput', 'Xen3-SMP', 'f6a-dbench-xen', '0.65 to 0.75', 0.65, 0.75),
  mark('postmark/transactions', 'Xen3-UP', 'f6a-postmark-xen', 'below Linux and VServer'),
  mark('kernel-compile/elapsed', 'Xen3-UP', 'f6b-compile-xen-up', 'about 0.99', 0.99),
  mark('kernel-compile/elapsed', 'Xen3-SMP', 'f6b-compile-xen-smp', 'about 0.93 of Linux-SMP'),
  mark('osdb/rows-per-second', 'VServer-UP', 'f6b-osdb-vserver', 'within 4 %', 0.96, 1.04),
  mark('osdb/rows-per-second', 'Xen3-SMP', 'f6b-osdb-xen-smp', '0.61 of Linux-SMP'),
];
