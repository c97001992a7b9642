/** Shells that `bench completion` has a script for: `bench.SHELL` beside this file. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];
