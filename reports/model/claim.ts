import type { TargetId } from '../../harness/types.js';
import type { Verdict } from './states.js';

/** One comparison that a claim rests on. */
export interface ClaimCheck {
  readonly metric: string;
  readonly target: TargetId;
  readonly observed: number;
  readonly low: number | null;
  readonly high: number | null;
  /** Ends of the band; null where it has none. */
  readonly expectedLow: number | null;
  readonly expectedHigh: number | null;
  readonly quantity: string;
  readonly verdict: Verdict;
  readonly why: string | null;
  /** p value of the quantity lying in the band, with Holm's adjustment for the comparisons of the claim; null without. */
  readonly holmP: number | null;
}

/** A sentence of the paper, made testable. */
export interface ClaimResult {
  readonly id: string;
  readonly reference: string;
  /** Section. */
  readonly where: string;
  /** Of the proceedings; null where it is not known. */
  readonly page: number | null;
  /** Verbatim; several sentences are joined by an ellipsis. */
  readonly text: string;
  /** How the sentence was read, and why so. */
  readonly interpretation: string;
  /** Every quantity with the band that it lies in if the sentence holds. */
  readonly rule: string;
  readonly exhibit: string;
  /** `absolute`: includes a value of the paper's machine, which other machines need not reproduce. */
  readonly kind: 'relative' | 'absolute';
  readonly verdict: Verdict;
  readonly why: string;
  readonly checks: readonly ClaimCheck[];
  /** How the paper's own numbers compare with its sentence. */
  readonly paper: { readonly verdict: Verdict; readonly why: string };
}
