import type { PlannedTrial, TargetConfig } from '../../types.js';

/** How `inBootOrder` orders, for the reader of a plan. */
export const BOOT_ORDER =
  'within a block the trials of one boot come together; blocks go through the boots forwards and backwards in turn';

/**
 * Trials in an order with few reboots, ids in the new order: within each block those of one boot come together, otherwise
 * as they were. Blocks go through the boots forwards and backwards in turn, so that each begins in the boot that the last
 * one ended in, and what drifts over time touches all boots alike. The boots themselves come as the first block has them.
 * Undefined where the targets need no more than one boot. Pure.
 */
export function inBootOrder(
  trials: readonly PlannedTrial[],
  targets: readonly TargetConfig[],
): readonly PlannedTrial[] | undefined {
  const boots = new Map(targets.map(({ id, boot }) => [id, boot ?? '']));
  const bootOf = ({ target }: PlannedTrial): string => boots.get(target) ?? '';
  const order = [...new Set(trials.map(bootOf))];
  if (order.length < 2) return undefined;
  const rank = (trial: PlannedTrial): number => {
    const forwards = order.indexOf(bootOf(trial));
    return trial.block % 2 === 1 ? forwards : order.length - 1 - forwards;
  };
  const sorted = trials.toSorted((a, b) => a.block - b.block || rank(a) - rank(b));
  return sorted.map((trial, index) => ({ ...trial, id: `t${String(index + 1).padStart(4, '0')}` }));
}
