import type { Report } from '../../model/document.js';
import type { BenchmarkOrder } from '../../model/order.js';
import { formatP } from '../../narrative/format.js';
import { significantEffects } from '../../narrative/order.js';

/** What the table of the order shows, in words. */
export const ORDER_LEAD =
  'How many trials with values each system has in each position of a block, and an F test for an effect of position on the ' +
  'logarithm of values, adjusted for that of the system, with Holm’s correction over all metrics.';

/** One line of the table of the order, as text: the same in every format. */
export interface OrderLine {
  readonly benchmark: string;
  readonly run: string;
  readonly system: string;
  /** Trials in the first, second, ... position. */
  readonly counts: string;
  /** Empty except in the first line of a benchmark. */
  readonly effect: string;
  readonly first: boolean;
  /** The benchmark is unbalanced, or position has an effect. */
  readonly warning: boolean;
}

/** The lines of every suite and workload, a line for each system. */
export function orderLines({ order, systems }: Report): OrderLine[] {
  return (order?.benchmarks ?? []).flatMap((one) =>
    one.systems.map(({ system, counts }, index) => ({
      benchmark: one.benchmark,
      run: one.run,
      system: systems.find(({ key }) => key === system)?.label ?? system,
      counts: counts.join(' '),
      effect: index === 0 ? effectText(one) : '',
      first: index === 0,
      warning: !one.balanced || significantEffects(one).length > 0,
    })),
  );
}

function effectText(one: BenchmarkOrder): string {
  const tested = one.effects.filter(({ holmP }) => holmP !== null);
  const balance = one.balanced ? '' : 'unbalanced; ';
  if (tested.length === 0) return `${balance}cannot be tested`;
  const significant = significantEffects(one);
  if (significant.length > 0) {
    return balance + significant.map(({ label, holmP }) => `${label} (p ${formatP(holmP ?? 1)})`).join(', ');
  }
  const smallest = Math.min(...tested.map(({ holmP }) => holmP ?? 1));
  return `${balance}none in ${tested.length}, smallest p ${formatP(smallest)}`;
}
