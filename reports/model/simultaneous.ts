/** How simultaneous the guests of one trial were. */
export interface SimultaneousTrial {
  /** Index into `Report.trials`. */
  readonly trial: number;
  readonly void: boolean;
  readonly releaseSkewNs: number;
  readonly startSkewNs: number;
  readonly overlap: number;
}

/** Median and worst of the trials that are not void. */
export interface Extent {
  readonly median: number;
  readonly worst: number;
}

/** How simultaneous the guests of a workload were on one system, over its trials. */
export interface Simultaneous {
  readonly workload: string;
  /** Key of `Report.systems`. */
  readonly system: string;
  readonly guests: number;
  /** Trials behind the numbers: those that were measured and are not void. */
  readonly n: number;
  readonly releaseSkewNs: Extent | null;
  readonly startSkewNs: Extent | null;
  readonly overlap: Extent | null;
  /** Upper limit of the error of skews because clocks differ. */
  readonly boundNs: number | null;
  /** Every trial with known skews, including void ones. */
  readonly trials: readonly SimultaneousTrial[];
}
