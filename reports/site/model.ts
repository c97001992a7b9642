import type { Metric, RunId } from '../../harness/types.js';
import type { Boundary } from '../model/platform.js';
import type { Origin, Verdict } from '../model/states.js';

/** What the pages of a site have of one run: all of them but its own are made of these. */
export interface RunDigest {
  readonly run: RunId;
  readonly created: string;
  readonly title: string;
  /** First start and last end of its trials; null where nothing was measured. */
  readonly from: string | null;
  readonly to: string | null;
  readonly profile: string;
  readonly noise: boolean;
  /** Notices of its report, in order. */
  readonly notices: readonly string[];
  readonly headlines: readonly string[];
  readonly trials: Readonly<Record<'collected' | 'failed' | 'void' | 'skipped' | 'pending', number>>;
  readonly systems: readonly SystemDigest[];
  readonly claims: readonly ClaimDigest[];
  readonly values: readonly ValueDigest[];
  /** Bytes of its page. */
  readonly bytes: number;
}

export interface SystemDigest {
  /** The same in every run of the same system, see `systemKey`. */
  readonly key: string;
  readonly label: string;
  readonly host: string;
  readonly platform: string;
  readonly boundary: Boundary | null;
  readonly cpus: number;
  readonly memoryBytes: number | null;
  readonly profile: string;
  readonly origin: Origin;
  readonly emulated: boolean;
}

export interface ClaimDigest {
  readonly id: string;
  readonly verdict: Verdict;
  readonly text: string;
  readonly where: string;
}

/** One metric on one system of the run. */
export interface ValueDigest {
  readonly metric: string;
  readonly label: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  /** Index into the systems of the run. */
  readonly system: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Relative standard error of the mean on the scale of logarithms and its degrees of freedom; null without them. */
  readonly error: number | null;
  readonly freedom: number | null;
  /** Relative to the baseline of the run, higher is better. */
  readonly relative: number | null;
  readonly relativeLow: number | null;
  readonly relativeHigh: number | null;
  /** Values of the trials, to five significant digits. */
  readonly samples: readonly number[];
}

/** A file of the site: its path, with `/`, and what is in it. */
export type SiteFiles = ReadonlyMap<string, string>;
