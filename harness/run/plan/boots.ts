import { BenchError } from '../../errors.js';
import type { PlannedTrial, TargetConfig } from '../../types.js';

/** How `overBoots` orders, for the reader of a plan. */
export function describeBoots(boots: number): string {
  return `boot: the trials of each target and benchmark are spread over ${boots} ${boots === 1 ? 'boot' : 'boots'} of its host`;
}

/** The boot, from 1, of a block: blocks divide among the boots in their order, as evenly as their number allows. Pure. */
export function bootOfBlock(block: number, blocks: number, boots: number): number {
  return Math.floor(((block - 1) * boots) / blocks) + 1;
}

/**
 * Trials with a `boot`, in the order of the boots, ids in the new order. Where targets name several boot profiles, the
 * trials of one profile come together within a boot, and boots go through the profiles forwards and backwards in turn.
 * Otherwise the order stays as it was. Pure.
 */
export function overBoots(trials: readonly PlannedTrial[], targets: readonly TargetConfig[]): readonly PlannedTrial[] {
  const profiles = new Map(targets.map(({ id, boot }) => [id, boot ?? '']));
  const profileOf = ({ target }: PlannedTrial): string => profiles.get(target) ?? '';
  const order = [...new Set(trials.map(profileOf))];
  const bootOf = ({ boot }: PlannedTrial): number => boot ?? 1;
  const position = (trial: PlannedTrial): number => {
    const forwards = order.indexOf(profileOf(trial));
    return bootOf(trial) % 2 === 1 ? forwards : -forwards;
  };
  const sorted = trials.toSorted((a, b) => bootOf(a) - bootOf(b) || position(a) - position(b) || a.block - b.block);
  return sorted.map((trial, index) => ({ ...trial, id: `t${String(index + 1).padStart(4, '0')}` }));
}

/** Throws a `BenchError` of stage `config` where a benchmark has fewer blocks than boots, or the number of trials is open. */
export function requireBlocks(
  boots: number,
  subjects: readonly { readonly id: string; readonly blocks: number }[],
  isOpen: boolean,
): void {
  if (isOpen) {
    const message = '--boots and --ci-width exclude each other: trials are spread over boots by their number';
    throw new BenchError({ stage: 'config', message, hint: 'give the number of trials with --trials' });
  }
  const short = subjects.find(({ blocks }) => blocks < boots);
  if (short === undefined) return;
  throw new BenchError({
    stage: 'config',
    suite: short.id,
    message: 'there are fewer blocks of trials than boots',
    expected: `at least ${boots} blocks`,
    found: String(short.blocks),
    hint: `--trials ${boots} or more; in the order abba a block has two trials of each target`,
  });
}
