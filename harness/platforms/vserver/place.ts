import { BenchError } from '../../errors.js';
import type { Host } from '../../types.js';

/** Where a guest's files are on its host. All paths are absolute and need no quoting. */
export interface Place {
  readonly name: string;
  /** The directory of what the harness keeps of all guests of this work directory. */
  readonly guests: string;
  /** util-vserver's own directory of the guest, which names its root file system. */
  readonly config: string;
  readonly log: string;
  /** Says that `bench` made the guest: nothing without it is ever removed. */
  readonly marker: string;
  /** Holds the number of the guest's context. */
  readonly context: string;
  /** The guest's group in the one hierarchy that util-vserver mounts, and its CPU set on kernels before control groups. */
  readonly cgroup: string;
  readonly cpuset: string;
}

/** The harness's directory inside every guest. */
export const GUEST_WORK_DIR = '/var/lib/bench';

const GUEST_NAME = /^bench-[a-z0-9][a-z0-9-]{0,57}$/;
const PLAIN_PATH = /^(\/[A-Za-z0-9_@%+=~-][A-Za-z0-9._@%+=~-]*)+$/;

/** The place of a guest; throws a `BenchError` of stage `start` for a name or work directory that cannot be one. */
export function placeFor(host: Pick<Host, 'workDir'>, name: string): Place {
  if (!GUEST_NAME.test(name)) {
    throw unfit('guest name', name, '`bench-` and at most 58 lower-case letters, digits and dashes');
  }
  const guests = guestsOf(host);
  return {
    name,
    guests,
    config: `/etc/vservers/${name}`,
    log: `${guests}/${name}/start.log`,
    marker: `${guests}/${name}/made-by-bench`,
    context: `${guests}/${name}/context`,
    cgroup: `/dev/cgroup/${name}`,
    cpuset: `/dev/cpuset/${name}`,
  };
}

/** The directory of what the harness keeps of its guests on a host. */
export function guestsOf({ workDir }: Pick<Host, 'workDir'>): string {
  if (PLAIN_PATH.test(workDir)) return `${workDir}/vservers`;
  throw unfit('work directory', workDir, 'an absolute path without blanks, colons or commas');
}

function unfit(what: string, found: string, expected: string): BenchError {
  return new BenchError({ stage: 'start', message: `Linux-VServer cannot use this ${what}`, expected, found });
}
