import { platformFacts } from '../../harness/platforms/facts.js';
import { driverOf } from '../../harness/platforms/index.js';
import type { JournalEntry, TargetConfig } from '../../harness/types.js';

/** A journal with what a run stores of the platforms of its targets, where these entries do not have it. */
export function withPlatforms(
  targets: readonly Pick<TargetConfig, 'platform'>[],
  entries: readonly JournalEntry[],
): readonly JournalEntry[] {
  const stored = new Set(entries.flatMap((entry) => (entry.event === 'facts' ? [entry.of] : [])));
  const added = [...new Set(targets.map(({ platform }) => platform))].flatMap((id): JournalEntry[] => {
    const driver = driverOf(id);
    if (driver === undefined || stored.has(`platform ${id}`)) return [];
    return [{ at: '2026-11-21T07:00:00.000Z', event: 'facts', of: `platform ${id}`, facts: platformFacts(driver) }];
  });
  return [...entries, ...added];
}
