import { printed } from '../host/printed.js';
import type { Executor, Finding } from '../types.js';

/** Prints the kernel's release, and whether /proc lists the children of a process (the shell's own thread always exists). */
const LOOK = `uname -r; if [ -e /proc/$$/task/$$/children ]; then echo listed; else echo hidden; fi`;

/** The oldest kernel on which the agent works. */
const OLDEST = [2, 6, 22] as const;
/** PR_SET_CHILD_SUBREAPER of prctl(2). */
const ADOPTS = [3, 4, 0] as const;

/** What the kernel of a machine lacks for the agent, and what follows; empty for most machines. Reads only. */
export async function kernelFindings(machine: Executor): Promise<readonly Finding[]> {
  return judgeKernel((await printed(machine, ['sh', '-c', LOOK])) ?? '');
}

/** Pure: `printed` is the release as `uname -r` prints it and, on a second line, `listed` or `hidden`. */
export function judgeKernel(printed: string): readonly Finding[] {
  const [, release = '', a, b, c = '0', children] =
    /^((\d+)\.(\d+)(?:\.(\d+))?\S*)\n(listed|hidden)$/m.exec(printed) ?? [];
  if (children === undefined) return [];
  const isBefore = (version: readonly [number, number, number]): boolean =>
    compare([Number(a), Number(b), Number(c)], version) < 0;
  if (isBefore(OLDEST)) {
    const hint = 'boot a later kernel';
    const check = 'kernel of the agent';
    return [{ check, expected: 'Linux 2.6.22 or later', found: release, verdict: 'differs', hint }];
  }
  const lacking: Finding[] = [];
  if (isBefore(ADOPTS)) {
    lacking.push({
      check: 'orphans of steps',
      expected: 'adopted by the agent (Linux 3.4 or later)',
      found: `not adopted (${release})`,
      verdict: 'unavailable',
      hint: 'the agent marks its steps and searches /proc; CPU time of orphans that end counts as load of others',
    });
  }
  if (children === 'hidden') {
    lacking.push({
      check: 'children in /proc',
      expected: '/proc/PID/task/TID/children (CONFIG_PROC_CHILDREN)',
      found: 'not there',
      verdict: 'unavailable',
      hint: 'the agent searches all processes after each step, which takes some ms',
    });
  }
  return lacking;
}

function compare(one: readonly [number, number, number], other: readonly [number, number, number]): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}
