import type { Host } from '../../types.js';
import { MARKER_FILE, requireGuestName, requireWorkDir } from '../guest/names.js';

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

/** The place of a guest; throws a `BenchError` of stage `start` for a name or work directory that cannot be one. */
export function placeFor(host: Pick<Host, 'workDir'>, name: string): Place {
  requireGuestName('Linux-VServer', name);
  const guests = guestsOf(host);
  return {
    name,
    guests,
    config: `/etc/vservers/${name}`,
    log: `${guests}/${name}/start.log`,
    marker: `${guests}/${name}/${MARKER_FILE}`,
    context: `${guests}/${name}/context`,
    cgroup: `/dev/cgroup/${name}`,
    cpuset: `/dev/cpuset/${name}`,
  };
}

/** The directory of what the harness keeps of its guests on a host. */
export function guestsOf({ workDir }: Pick<Host, 'workDir'>): string {
  requireWorkDir('Linux-VServer', workDir);
  return `${workDir}/vservers`;
}
