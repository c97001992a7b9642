import type { DifferenceClass } from '../../model/differences.js';
import type { Boundary } from '../../model/platform.js';

/** One of the two systems that a rule compares. */
export interface Side {
  readonly platform: string;
  readonly boundary: Boundary;
  /** Its platform runs only on a kernel that is built for it. */
  readonly ownKernel: boolean;
  readonly host: string;
  readonly cpus: number;
}

/** One rule: the first whose path and conditions fit applies. */
export interface DifferenceRule {
  /** Path of a property; a `*` at its end stands for any rest. */
  readonly path: string;
  /** `ignored`: a name, or a value that changes over time. */
  readonly is: DifferenceClass | 'ignored';
  /** Holds only where one of the two systems is a guest of a hypervisor and the other is none. */
  readonly acrossHypervisor?: boolean;
  /** Holds only where the platforms differ and at least one of them needs a kernel of its own. */
  readonly ownKernel?: boolean;
  /** Holds only where one of the two systems is of one of these platforms. */
  readonly platforms?: readonly string[];
  /** Why, in a few words for the reader of the report. */
  readonly why: string;
}

/** The rule for a property in which two systems differ. */
export function ruleFor(rules: readonly DifferenceRule[], path: string, a: Side, b: Side): DifferenceRule {
  const across = (a.boundary === 'hypervisor') !== (b.boundary === 'hypervisor');
  const ownKernel = a.platform !== b.platform && (a.ownKernel || b.ownKernel);
  const found = rules.find(
    (rule) =>
      fits(rule.path, path) &&
      (rule.acrossHypervisor === undefined || rule.acrossHypervisor === across) &&
      (rule.ownKernel === undefined || rule.ownKernel === ownKernel) &&
      (rule.platforms === undefined ||
        rule.platforms.some((platform) => (a.platform === platform) !== (b.platform === platform))),
  );
  return found ?? { path, is: 'unknown', why: 'no rule for this property' };
}

function fits(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

const CLASSES = ['blocking', 'by design', 'unknown', 'ignored'] as const;

/**
 * A user's rules, which come before the built-in ones: a JSON list of `{"path", "is", "why"}`, with `acrossHypervisor` and
 * `platforms` where a rule needs them. Throws an `Error` that names the entry and what was expected there.
 */
export function readRules(json: string): readonly DifferenceRule[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value)) throw new Error('expected a list of rules');
  return value.map((entry: unknown, index) => {
    const fields = typeof entry === 'object' && entry !== null ? new Map<string, unknown>(Object.entries(entry)) : null;
    const surprise = (expected: string): Error => new Error(`rule ${index + 1}: expected ${expected}`);
    const path = fields?.get('path');
    const is = CLASSES.find((word) => word === fields?.get('is'));
    const why = fields?.get('why');
    const across = fields?.get('acrossHypervisor');
    const platforms = fields?.get('platforms');
    const odd = [...(fields?.keys() ?? [])].find((key) => !KEYS.includes(key));
    if (odd !== undefined) throw surprise(`no "${odd}"`);
    if (typeof path !== 'string' || path === '') throw surprise('"path": text');
    if (is === undefined) throw surprise(`"is": one of ${CLASSES.join(', ')}`);
    if (typeof why !== 'string') throw surprise('"why": text');
    if (across !== undefined && typeof across !== 'boolean') throw surprise('"acrossHypervisor": true or false');
    if (platforms !== undefined && !isTexts(platforms)) throw surprise('"platforms": a list of platforms');
    return {
      path,
      is,
      why,
      ...(across === undefined ? {} : { acrossHypervisor: across }),
      ...(platforms === undefined ? {} : { platforms: platforms }),
    };
  });
}

const KEYS: readonly string[] = ['path', 'is', 'why', 'acrossHypervisor', 'platforms'];

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
