import type { System } from '../model/types.js';

/** `paper profile`; of imported output of no profile `size: 10 clients, 15 s`, or `unknown size`. */
export function describeSize({ profile, size }: Pick<System, 'profile' | 'size'>): string {
  if (profile !== 'unknown') return `${profile} profile`;
  return size === null ? 'unknown size' : `size: ${size}`;
}
