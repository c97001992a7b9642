import type { TargetId } from '../../harness/types.js';
import type { ComparedRow, Comparison, Violation } from '../model/comparison.js';
import { describeNotComparable, describeNoInterval, describeRow } from '../narrative/comparison.js';
import { fits, type LimitRule, type Policy } from './policy.js';
import { isDifference } from './verdicts.js';

/**
 * What a comparison has that a policy does not allow, in the order of its rows. A limit is exceeded only by a difference that
 * is shown (Holm-adjusted p of at most 5 %) and does not lie within the noise floor; what has no value on one side, is not
 * comparable or has no interval is a violation unless its limit ignores it. Pure.
 */
export function judgeComparison(comparison: Comparison, policy: Policy): readonly Violation[] {
  const used = new Set<LimitRule>();
  const under = (subject: Subject, judge: (rule: LimitRule) => Finding | null): Violation[] => {
    const rule = policy.find((one) => applies(one, subject));
    if (rule === undefined) return [];
    used.add(rule);
    const found = judge(rule);
    if (found === null || (found.kind !== 'limit' && rule.missing === 'ignore')) return [];
    const target = [...new Set(subject.targets.filter((one) => one !== null))].join(' and ');
    return [{ ...found, limit: policy.indexOf(rule), metric: subject.metric, target }];
  };
  const rows = comparison.rows.flatMap((row) =>
    under({ metric: row.metric, targets: [row.a.target, row.b.target] }, (rule) => judgeRow(row, rule, comparison)),
  );
  const oneSided = comparison.oneSided.flatMap(({ metric, targets, side, why }) =>
    under({ metric, targets: [targets.a, targets.b] }, () => ({
      kind: 'missing',
      evidence: `only ${side} has a value: ${why}`,
    })),
  );
  const unlike = comparison.notComparable.flatMap(({ metric, targets, why }) =>
    under({ metric, targets: [targets.a, targets.b] }, () => ({
      kind: 'not comparable',
      evidence: describeNotComparable(why),
    })),
  );
  const unused = policy.flatMap((rule, limit): Violation[] => {
    if (used.has(rule) || rule.missing === 'ignore') return [];
    // An earlier limit may have taken all of its rows.
    const { metric, target } = rule;
    return isShadowed(rule, comparison)
      ? []
      : [{ kind: 'nothing', limit, metric, target, evidence: 'neither side has a value' }];
  });
  return [...rows, ...oneSided, ...unlike, ...unused];
}

interface Subject {
  readonly metric: string;
  readonly targets: readonly (TargetId | null)[];
}

type Finding = Pick<Violation, 'kind' | 'evidence'>;

function applies({ metric, target }: LimitRule, subject: Subject): boolean {
  return fits(metric, subject.metric) && subject.targets.some((one) => one !== null && fits(target, one));
}

function isShadowed(rule: LimitRule, { rows, oneSided, notComparable }: Comparison): boolean {
  const subjects: Subject[] = [
    ...rows.map((row) => ({ metric: row.metric, targets: [row.a.target, row.b.target] })),
    ...[...oneSided, ...notComparable].map(({ metric, targets }) => ({ metric, targets: [targets.a, targets.b] })),
  ];
  return subjects.some((subject) => applies(rule, subject));
}

function judgeRow(row: ComparedRow, { limit, direction }: LimitRule, comparison: Comparison): Finding | null {
  if (row.verdict === 'not judged') return { kind: 'not judged', evidence: describeNoInterval(row.noInterval) };
  if (!isDifference(row.verdict) || (direction === 'worse' && row.change !== 'worse')) return null;
  const percent = 100 * Math.abs(row.ratio - 1);
  const most = limit.kind === 'percent' ? limit.percent : (row.noiseFloor ?? 0);
  if (percent <= most) return null;
  const stated = limit.kind === 'percent' ? `limit ${limit.percent} %` : 'limit: beyond noise';
  return { kind: 'limit', evidence: `${describeRow(row, comparison.adjustedFor)}; ${stated}` };
}
