import type { ClaimCheck, ClaimResult } from './claim.js';
import type { GroupKind } from './groups.js';

/** What the paper claims of one system, compared with every measured system of its kind: an extension of a claim. */
export interface ClassResult extends Pick<
  ClaimResult,
  'where' | 'page' | 'text' | 'exhibit' | 'kind' | 'verdict' | 'why'
> {
  /** `t2-comparable/container`: the claim and the kinds. */
  readonly id: string;
  /** Id of the claim that it extends. */
  readonly claim: string;
  /** The kinds of systems that are compared; two where containers are compared with hypervisors. */
  readonly kinds: readonly GroupKind[];
  /** Keys of the systems of these kinds. */
  readonly systems: readonly string[];
  /** What is compared with what, in words. */
  readonly extension: string;
  readonly checks: readonly ClaimCheck[];
}
