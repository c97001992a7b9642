import { BenchError } from '../errors.js';

/** A file that cannot be read as a bundle: bad input, exit code 2. */
export function noBundle(
  message: string,
  detail: { expected?: string; found?: string; hint?: string } = {},
): BenchError {
  return new BenchError({ stage: 'config', message, ...detail });
}

/** Text of an archive for a message: one line of printable characters in quotes, cut at 120. */
export const quoted = (text: string): string =>
  JSON.stringify(text.slice(0, 120).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?'));
