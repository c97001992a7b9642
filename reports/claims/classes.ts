import type { GroupKind } from '../model/groups.js';

/** A claim of the paper that is compared with every measured system of these kinds. */
export interface ClassClaim {
  readonly claim: string;
  readonly kinds: readonly [GroupKind] | readonly ['container', 'hypervisor'];
}

/**
 * The claims whose reason is the kind of system: VServer for containers, Xen for hypervisors. Section 1 and 6 draw this
 * conclusion ("container-based systems provide up to 2x the performance of hypervisor-based systems"). Left out are claims with
 * a number of Xen3 alone, those that compare a system with itself, and those about absolute values.
 */
export const classClaims: readonly ClassClaim[] = [
  { claim: 't2-comparable', kinds: ['container'] },
  { claim: 't2-fork-exec-sh-vserver', kinds: ['container'] },
  { claim: 't2-ctx-vserver', kinds: ['container'] },
  { claim: 't2-xen-observable', kinds: ['hypervisor'] },
  { claim: 't2-approx-2x', kinds: ['container', 'hypervisor'] },
  { claim: 'f5-vserver-network', kinds: ['container'] },
  { claim: 'f5-vserver-smp', kinds: ['container'] },
  { claim: 'f6a-io-vserver-above-xen', kinds: ['container', 'hypervisor'] },
  { claim: 'f6a-dd-vserver', kinds: ['container'] },
  { claim: 'f6a-dd-xen', kinds: ['hypervisor'] },
  { claim: 'f6a-postmark-xen', kinds: ['hypervisor'] },
  { claim: 'f6a-postmark-xen', kinds: ['container', 'hypervisor'] },
  { claim: 'f6b-cpu-parity', kinds: ['container', 'hypervisor'] },
  { claim: 'f6b-cpu-all', kinds: ['container'] },
  { claim: 'f6b-cpu-all', kinds: ['hypervisor'] },
  { claim: 'f6b-osdb-vserver', kinds: ['container'] },
  { claim: 'f7-vserver-smp-above', kinds: ['container', 'hypervisor'] },
  { claim: 'f7-up-to-2x', kinds: ['container', 'hypervisor'] },
];
