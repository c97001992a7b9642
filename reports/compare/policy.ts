/** How much B may differ from A: in percent of the mean of A, or by any difference that exceeds the noise. */
export type Limit =
  | { readonly kind: 'percent'; readonly percent: number }
  /** A difference that is shown, and larger than the noise floor where one is known. */
  | { readonly kind: 'noise' };

/** A limit for the rows whose metric and target fit. */
export interface LimitRule {
  /** Pattern of ids: `lmbench/*`. */
  readonly metric: string;
  /** Pattern of ids of targets, on either side. */
  readonly target: string;
  readonly limit: Limit;
  /** `worse`: by the direction of the metric; a change for the better violates nothing. */
  readonly direction: 'worse' | 'any';
  /** What a metric without a value, or without an interval, means. */
  readonly missing: 'fail' | 'ignore';
}

/** Limits; of several that fit a row the first applies. */
export type Policy = readonly LimitRule[];

/** Whether a name fits a pattern: `*` stands for any characters, `?` for one. Case counts. */
export function fits(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(name);
}
