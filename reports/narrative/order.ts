import { CONFIDENCE } from '../statistics/intervals.js';
import type { BenchmarkOrder, Order, PositionEffect } from '../model/order.js';

/** Up to this many metrics are named one by one. */
const MAX_NAMED = 4;

/** Metrics in which position has an effect, after Holm's correction. */
export function significantEffects({ effects }: BenchmarkOrder): readonly PositionEffect[] {
  return effects.filter(({ holmP }) => holmP !== null && holmP < 1 - CONFIDENCE);
}

/** The order of a report with its statement; null where no run measured two systems. */
export function describeOrder(benchmarks: readonly BenchmarkOrder[]): Order | null {
  if (benchmarks.length === 0) return null;
  const unbalanced = benchmarks.filter(({ balanced }) => !balanced);
  const effects = benchmarks.flatMap(significantEffects);
  const tested = benchmarks.flatMap(({ effects: each }) => each).filter(({ p }) => p !== null).length;
  return {
    statement: `${balanceText(unbalanced)} ${effectText(effects, tested)}`,
    warning: unbalanced.length > 0 || effects.length > 0,
    benchmarks,
  };
}

function balanceText(unbalanced: readonly BenchmarkOrder[]): string {
  if (unbalanced.length === 0) {
    return 'Each system was measured in each position of the order equally often, to within one trial.';
  }
  const names = [...new Set(unbalanced.map(({ benchmark }) => benchmark))];
  return `Positions in the order are unbalanced in ${listed(names)}: differences may come from the order.`;
}

function effectText(effects: readonly PositionEffect[], tested: number): string {
  if (tested === 0) {
    return 'An effect of position cannot be tested: trials are too few, or each system has a position of its own.';
  }
  const metrics = tested === 1 ? '1 metric' : `${tested} metrics`;
  if (effects.length === 0) return `Position has no significant effect in any of ${metrics}.`;
  const names = effects.map(({ label }) => label);
  return `Position has a significant effect in ${effects.length} of ${metrics} (${listed(names)}): the machine changed in the course of a block.`;
}

function listed(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ');
  return `${names.slice(0, MAX_NAMED - 1).join(', ')} and ${names.length - MAX_NAMED + 1} more`;
}
