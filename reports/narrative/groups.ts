import type { GroupKind, GroupSummary } from '../model/groups.js';
import type { System } from '../model/types.js';
import { counted, formatRatio, formatRatioInterval } from './format.js';

export const GROUP_TITLES: Readonly<Record<GroupKind, string>> = { container: 'Containers', hypervisor: 'Hypervisors' };

/** What a summary of groups is, and is not. */
export const ABOUT_GROUPS =
  'A summary, not a verdict: the geometric mean of the performance relative to the baseline over all systems and rows of a ' +
  'kind, higher is better. Rows of one trial are taken together for its interval, and all share the error of their baseline.';

/** The columns of the table of groups. */
export const GROUP_HEADINGS = ['Group', 'Systems', 'Ratios', 'Geometric mean', '95 % interval', 'Range'] as const;

/** A group as a row of that table. */
export function groupRow(
  group: GroupSummary,
  systems: readonly System[],
): readonly [string, string, string, string, string, string] {
  const labelOf = (key: string): string => systems.find((system) => system.key === key)?.label ?? key;
  const { kind, least, most, low, high } = group;
  const end = ({ value, system, row }: GroupSummary['least']): string =>
    `${formatRatio(value)} (${row}, ${labelOf(system)})`;
  return [
    GROUP_TITLES[kind],
    `${group.systems.length}: ${group.systems.map(labelOf).join(', ')}`,
    `${group.ratios} in ${counted(group.rows, 'row')}`,
    formatRatio(group.center),
    low === null || high === null ? 'no interval' : formatRatioInterval(low, high),
    `${end(least)} to ${end(most)}`,
  ];
}

/** A group in a sentence: `Containers (2: LXC-UP, Docker-UP), 14 in 7 rows: geometric mean 0.981 [0.970 – 0.992], ...`. */
export function groupLine(group: GroupSummary, systems: readonly System[]): string {
  const [title, members, ratios, center, interval, range] = groupRow(group, systems);
  return `${title} (${members}), ${ratios}, summary: geometric mean of relative performance ${center} [${interval}], ${range}`;
}
