/** What separates a guest from its host. A guest of a hypervisor has its own kernel. */
export type Boundary = 'none' | 'container' | 'hypervisor';

/** What kind of system a platform is, as the run stored it. */
export interface PlatformKind {
  readonly boundary: Boundary;
  /** The family of published columns that it is compared with; `same`: it is that system, not only one of the same kind. */
  readonly kin: { readonly family: string; readonly same: boolean } | null;
  /** The platform needs a kernel of its own on the host. */
  readonly ownKernel: boolean;
}
