import { mean } from '../statistics/descriptive.js';
import { pairedRatio } from '../statistics/paired.js';
import { positiveInterval, type PositiveMean } from '../statistics/positive.js';
import type { Interval } from '../statistics/intervals.js';
import type { Trial } from '../model/types.js';
import type { Series } from './summarize.js';

/** The ratio of two series from what they measured in the same blocks. */
export interface Paired extends PositiveMean {
  readonly interval: Interval;
  /** Blocks in which both have a value. */
  readonly blocks: number;
}

/**
 * The ratio by blocks: what changed from block to block, for both alike, is no part of its error. Null for fewer than
 * `MIN_BLOCKS` complete blocks, for values that were not measured by this harness, where there is no spread, and where observations
 * are boots.
 */
export function pairByBlock(series: Series, baseline: Series, trials: readonly Trial[]): Paired | null {
  if (series.system.origin !== 'measured' || baseline.system.origin !== 'measured') return null;
  // Blocks of one boot are not independent of each other.
  if (series.levels.level === 'boot' || baseline.levels.level === 'boot') return null;
  const [tops, bottoms] = [byBlock(series, trials), byBlock(baseline, trials)];
  const pairs = [...tops].flatMap(([block, top]) => {
    const bottom = bottoms.get(block);
    return bottom === undefined ? [] : [[geometricMean(top), geometricMean(bottom)] as const];
  });
  const ratio = pairedRatio(pairs, [series.resolution, baseline.resolution]);
  if (typeof ratio === 'string') return null;
  return { ...ratio, interval: positiveInterval(ratio), blocks: pairs.length };
}

/** Values by run and block. */
function byBlock({ samples }: Series, trials: readonly Trial[]): Map<string, number[]> {
  const blocks = new Map<string, number[]>();
  for (const { trial: at, value } of samples) {
    const trial = trials[at];
    if (trial === undefined) continue;
    const key = `${trial.run} ${trial.block}`;
    blocks.set(key, [...(blocks.get(key) ?? []), value]);
  }
  return blocks;
}

function geometricMean(values: readonly number[]): number {
  return values.length === 1 ? (values[0] as number) : Math.exp(mean(values.map(Math.log)));
}
