import type { Finding } from '../../types.js';

/** What a probe expects of a host, and what to do when it is missing. */
export interface Condition {
  /** How the finding is called; default the condition's own name. */
  readonly check?: string;
  readonly expected: string;
  readonly hint: string;
}

/**
 * Lines of sh for a probe: `report NAME WHY` prints one line per condition, with an empty WHY when it is met. Tools
 * print reasons of several lines, which become one.
 */
export const REPORT = `
report() { printf '%s\\t%s\\n' "$1" "$(printf %s "$2" | tr '\\n\\t' '  ')"; }
`;

const MAX_REASON = 300;

/** The findings in what `report` printed, in its order. Other lines are ignored. */
export function readConditions(text: string, conditions: Readonly<Record<string, Condition>>): readonly Finding[] {
  return text.split('\n').flatMap((line): Finding[] => {
    const [name = '', why = ''] = line.split('\t');
    const condition = Object.hasOwn(conditions, name) ? conditions[name] : undefined;
    if (condition === undefined) return [];
    const { check = name, expected, hint } = condition;
    if (why.trim() === '') return [{ check, expected, found: expected, verdict: 'ok' }];
    return [{ check, expected, found: why.trim().slice(0, MAX_REASON), verdict: 'differs', hint }];
  });
}
