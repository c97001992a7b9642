/**
 * Bytes of a bundle at most, packed or unpacked. A bundle is read whole before anything is written, so that a hostile one
 * must not fill the memory; a run of thousands of trials has some tens of megabytes.
 */
export const MAX_BUNDLE_BYTES = 256 * 1024 ** 2;

/** Members of a bundle at most. */
export const MAX_MEMBERS = 200_000;
