import type { Exhibit } from '../../model/document.js';
import type { System } from '../../model/types.js';
import { plainLine } from '../../narrative/format.js';
import { ABOUT_GROUPS, GROUP_HEADINGS, groupRow } from '../../narrative/groups.js';

/** The groups of an exhibit for the templates; without rows where it has none. */
export function groupsView({ groups }: Exhibit, systems: readonly System[]): Record<string, unknown> {
  return {
    groupsAbout: ABOUT_GROUPS,
    groupHeadings: GROUP_HEADINGS,
    groupRows: groups.map((group) => groupRow(group, systems).map(plainLine)),
  };
}
