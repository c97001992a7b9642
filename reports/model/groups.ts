import type { Boundary } from './platform.js';

/** Kinds of systems that are summed up together. */
export type GroupKind = Exclude<Boundary, 'none'>;

/** One ratio of a group: where it is the least or the largest. */
export interface GroupExtreme {
  /** Relative performance of the system in this row, higher is better. */
  readonly value: number;
  /** Key of the system. */
  readonly system: string;
  /** Label of the row. */
  readonly row: string;
}

/** What the systems of one kind have in common in an exhibit: a summary of its ratios, and no verdict. */
export interface GroupSummary {
  readonly kind: GroupKind;
  /** Keys of its systems, without baselines. */
  readonly systems: readonly string[];
  /** Rows in which any of them has a ratio. */
  readonly rows: number;
  readonly ratios: number;
  /** Geometric mean of the relative performance of all ratios, higher is better, with its 95 % interval. */
  readonly center: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly least: GroupExtreme;
  readonly most: GroupExtreme;
}
