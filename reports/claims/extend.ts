import type { Evidence } from '../analysis/cells.js';
import { benchmarkKey } from '../read/load.js';
import type { ClassResult } from '../model/classes.js';
import type { GroupKind } from '../model/groups.js';
import { splitMetric } from '../model/measured.js';
import type { System } from '../model/types.js';
import type { Check, Claim, Part } from './check.js';
import type { ClassClaim } from './classes.js';

/** The kind of the paper's systems, by how their names begin. */
const KIND_OF: Readonly<Record<string, System['boundary']>> = {
  Linux: 'none',
  VServer: 'container',
  Xen3: 'hypervisor',
};

interface Column {
  readonly kind: NonNullable<System['boundary']>;
  readonly isUp: boolean;
}

/** `VServer-UP` is a container with one CPU; undefined for a column that is no kind with UP or SMP. */
function columnOf(name: string): Column | undefined {
  const [, family = '', build] = /^(\w+)-(UP|SMP)$/.exec(name) ?? [];
  const kind = KIND_OF[family] ?? null;
  return kind === null || build === undefined ? undefined : { kind, isUp: build === 'UP' };
}

/** What a check of an extended claim is made of. */
export interface Extended {
  readonly checks: readonly Check[];
  /** The systems of the kinds that it compares. */
  readonly systems: readonly System[];
}

/**
 * A claim with every measured system of these kinds in the place of the paper's, by label: each container in the place of
 * VServer, each hypervisor in that of Xen3, and in the place of Linux a native system on the same host, all with as many
 * CPUs (one, or several). Checks of other kinds are left out, and those of a benchmark that the system was not measured in.
 */
export function extendClaim(claim: Claim, kinds: ClassClaim['kinds'], evidence: Evidence): Extended {
  const candidates = comparable(evidence);
  const extended = claim.checks.flatMap((check): Check[] => {
    if (check.kind === 'majority-worse') return [];
    if (check.kind !== 'greatest') {
      return extendPart(check, kinds, candidates, evidence).map((part) => ({ ...part, band: check.band }));
    }
    const parts = check.parts.flatMap((part) => extendPart(part, kinds, candidates, evidence));
    const title = `${check.title}, over ${parts.length} pairs of systems and metrics`;
    return parts.length === 0 ? [] : [{ ...check, title, parts }];
  });
  const parts = extended.flatMap((check) => (check.kind === 'greatest' ? check.parts : isPart(check) ? [check] : []));
  const labels = new Set(parts.flatMap((part) => [part.column, 'to' in part.quantity ? part.quantity.to : '']));
  const systems = candidates.filter(
    ({ label, boundary }) => labels.has(label) && kinds.some((kind: GroupKind) => kind === boundary),
  );
  return { checks: extended, systems };
}

function isPart(check: Check): check is Check & Part {
  return 'column' in check && 'metric' in check;
}

/** Measured systems: those at the profile `paper` where there are any, and real machines before emulated ones. */
function comparable({ systems, hidden }: Evidence): readonly System[] {
  const own = systems.filter(({ key, origin, arm }) => origin !== 'published' && arm === null && !hidden.has(key));
  const real = own.some(({ emulated }) => !emulated) ? own.filter(({ emulated }) => !emulated) : own;
  const paper = real.filter(({ profile }) => profile === 'paper');
  return paper.length > 0 ? paper : real;
}

function extendPart(
  part: Part,
  kinds: ClassClaim['kinds'],
  candidates: readonly System[],
  evidence: Evidence,
): readonly Part[] {
  const { quantity } = part;
  if (!('to' in quantity)) return [];
  const [own, to] = [columnOf(part.column), columnOf(quantity.to)];
  if (own === undefined || to === undefined || own.kind === to.kind) return [];
  const named = [own.kind, to.kind].filter((kind) => kind !== 'none');
  if (named.length !== kinds.length || !kinds.every((kind) => named.includes(kind))) return [];
  const other = 'other' in quantity ? quantity.other.metric : part.metric;
  const matching = ({ kind, isUp }: Column, metric: string): readonly System[] =>
    candidates.filter(
      ({ boundary, shape, key }) =>
        boundary === kind &&
        (shape.cpus.length === 1) === isUp &&
        evidence.tallies.has(benchmarkKey(key, splitMetric(metric as Part['metric'])[0])),
    );
  return matching(own, part.metric).flatMap((system) => {
    const alike = matching(to, other).filter((one) => isComparable(one, system));
    const others = to.kind === 'none' || own.kind === 'none' ? alike.slice(0, 1) : alike;
    return others.map((one) => ({ ...part, column: system.label, quantity: { ...quantity, to: one.label } }));
  });
}

/** On one machine, measured alike. */
function isComparable(a: System, b: System): boolean {
  return a.host === b.host && a.profile === b.profile && a.origin === b.origin && a.emulated === b.emulated;
}

const NAMES: Readonly<Record<GroupKind, string>> = {
  container: 'every measured container',
  hypervisor: 'every measured hypervisor',
};

/** What is compared with what, in words. */
export function describeExtension(kinds: ClassClaim['kinds'], systems: ClassResult['systems']): string {
  const [kind] = kinds;
  const what =
    kinds.length === 2
      ? 'each measured container with each measured hypervisor of its host that has as many CPUs'
      : `${NAMES[kind]}, with a native system of its host`;
  return `An extension of the claim to ${what}; ${systems.length === 1 ? '1 system' : `${systems.length} systems`}. The paper measured VServer and Xen3 alone.`;
}
