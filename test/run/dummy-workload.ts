import type { Assignment, GuestTrial, Reading, Simultaneity, Workload } from '../../harness/types.js';

/** A workload for tests: these guests at once; its metric is how many of them printed a value. */
export function dummyWorkload(
  assignments: readonly Assignment[],
  more: Partial<Pick<Workload, 'id' | 'enforced' | 'overlapLimit'>> & { readonly trials?: number } = {},
): Workload {
  const { trials = 1, ...rest } = more;
  const profile = { trials, expectedSeconds: 1 };
  return {
    id: 'together',
    title: 'Together',
    version: 1,
    about: 'several dummies at once',
    metrics: { answers: { label: 'answers', unit: 'count', better: 'higher' } },
    profiles: { paper: profile, quick: profile },
    enforced: [],
    assign: () => assignments,
    parse: countAnswers,
    ...rest,
  };
}

function countAnswers(guests: readonly GuestTrial[], { guests: measured }: Simultaneity): readonly Reading[] {
  const printed = guests.flatMap(({ raw }) => raw.steps.filter(({ stdout }) => stdout.text.includes('value')));
  const [first] = printed;
  if (first === undefined) return [{ metric: 'answers', missing: `none of ${measured} guests printed a value` }];
  const at = { file: first.stdout.file, line: first.stdout.firstLine };
  return [{ metric: 'answers', value: printed.length, tool: 'sh', at }];
}
