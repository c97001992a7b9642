/** At which level the observations are independent that an interval comes from. */
export type Level = 'boot' | 'trial';

/**
 * What was repeated behind a number: boots of the host, starts of the guest in them, trials in these (Kalibera and Jones,
 * "Rigorous benchmarking in reasonable time", ISMM 2013). A guest is started for each trial; native has no start but that
 * of its host.
 */
export interface Levels {
  /** The highest level that was replicated: the interval is that of the means of boots, or that of trials. */
  readonly level: Level;
  /** Null where the boot of some trial is not known. */
  readonly boots: number | null;
  /** Null where it is not known whether guests were started. */
  readonly starts: number | null;
  readonly trials: number;
  /** Null with fewer than two boots, and where no boot has two trials. */
  readonly variance: VarianceShares | null;
}

/** How the variance of a trial divides among the levels: fractions that add up to 1. */
export interface VarianceShares {
  readonly boot: number;
  /** Of starts and trials together: each start has one trial. */
  readonly trial: number;
  /** Whether the estimate for boots was negative, and 0 was taken instead. */
  readonly clipped: boolean;
}
