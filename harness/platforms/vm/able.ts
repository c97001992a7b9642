import { BenchError } from '../../errors.js';
import type { Finding } from '../../types.js';

/** Throws the first of these findings that says that guests of a platform cannot start here. */
export function requireAble(label: string, findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const advice = hint === undefined ? {} : { hint };
  throw new BenchError({ stage: 'start', message: `${label} cannot run here: ${check}`, expected, found, ...advice });
}
