import type { JournalLine } from '../journal.js';
import type { Tree, Write } from './tree.js';

/*
 * Tools of containers enable controllers for the groups below the root of version 2 (cgroup-v2.rst, "Enabling and
 * Disabling"), and nobody disables them again. It is no setting that the harness makes, but the journal has what it was.
 */

const CONTROL = 'cgroup-controllers';
const ROOTS = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];
const OFFERED = 'cgroup.controllers';
const PASSED_ON = 'cgroup.subtree_control';

/** Files that must be read for it. */
export const passedOnPaths: readonly string[] = ROOTS.flatMap((root) => [`${root}/${OFFERED}`, `${root}/${PASSED_ON}`]);

/** What the journal keeps: the controllers that each root passes on. An empty file is not in a tree. */
export function passedOnLines(tree: Tree): readonly JournalLine[] {
  return ROOTS.filter((root) => tree.has(`${root}/${OFFERED}`)).map((root) => {
    const path = `${root}/${PASSED_ON}`;
    return { control: CONTROL, path, original: (tree.get(path) ?? '').trim() };
  });
}

/** Whether a line is one of these: it is restored by removing what was added. */
export const isPassedOn = ({ control, path }: Pick<JournalLine, 'control' | 'path'>): boolean =>
  control === CONTROL && path.endsWith(`/${PASSED_ON}`);

/** Controllers that a root passes on and did not before. */
export function addedControllers(
  { path, original }: Pick<JournalLine, 'path' | 'original'>,
  tree: Tree,
): readonly string[] {
  const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');
  const before = words(original);
  return words(tree.get(path) ?? '').filter((name) => !before.includes(name));
}

/** One write for each: one that another group still uses (EBUSY) does not keep the others. */
export const removingWrites = (line: JournalLine, tree: Tree): readonly Write[] =>
  addedControllers(line, tree).map((name) => ({ path: line.path, value: `-${name}` }));
