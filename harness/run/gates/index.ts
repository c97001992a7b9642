import type { GateReading, Plan } from '../../types.js';
import { foreignLoad, steal } from './cpu.js';
import type { Gate, GateView } from './gate.js';
import { clockStep, controlDrift, kernelWarnings, swap, throttling } from './machine.js';
import { overlap, skew } from './simultaneity.js';

export type { Gate, GateView } from './gate.js';

/** Every gate, in the order in which readings are listed. A new one is one file and one line here. */
export const gates = [
  steal,
  foreignLoad,
  controlDrift,
  throttling,
  kernelWarnings,
  clockStep,
  swap,
  skew,
  overlap,
] as const satisfies readonly Gate[];

export type GateId = (typeof gates)[number]['id'];

const UNITS = { ms: ' ms', percent: ' %', count: '', pages: ' pages' } as const;

/** A limit or reading of a gate with its unit: `1 ms`, `5 %`, `0`. */
export function formatLimit(limit: number, unit: Gate['unit'] = 'count'): string {
  return `${Number(limit.toFixed(3))}${UNITS[unit]}`;
}

/**
 * Readings of the gates for a trial, with the thresholds of the plan where it has some. On shared machines, gates on the
 * machine are only `noted` beyond their limits, unless the plan has a threshold for them. Pure.
 */
export function readGates(
  view: GateView,
  thresholds: Plan['gates'] = {},
  known: readonly Gate[] = gates,
): readonly GateReading[] {
  return known.flatMap((each): GateReading[] => {
    const { id, limit: preset, voids } = each;
    const found = each.read(view);
    if (found === undefined) return [];
    const { value, detail, allowance = 0 } = found;
    const named = thresholds[id];
    const limit = (named ?? found.limit ?? preset) + allowance;
    if (found.voids === true) return [{ gate: id, value, limit, verdict: 'void', detail }];
    if (value === null) return [{ gate: id, value, limit, verdict: 'unavailable', detail }];
    const isBeyond = voids === 'above' ? value > limit : value < limit;
    const onlyNoted = each.scope === 'machine' && view.machine?.shared === true && named === undefined;
    return [{ gate: id, value, limit, verdict: !isBeyond ? 'ok' : onlyNoted ? 'noted' : 'void', detail }];
  });
}

/** Why gates void a trial, in one line; undefined when none does. */
export function voidedBy(readings: readonly GateReading[], known: readonly Gate[] = gates): string | undefined {
  const reasons = readings.flatMap(({ gate, verdict, limit, detail }) => {
    if (verdict !== 'void') return [];
    const unit = known.find(({ id }) => id === gate)?.unit;
    return [`${gate}: ${detail} (limit ${formatLimit(limit, unit)})`];
  });
  return reasons.length === 0 ? undefined : reasons.join('; ');
}
