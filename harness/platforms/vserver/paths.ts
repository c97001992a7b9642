import type { Host } from '../../types.js';
import { MARKER_FILE, requireGuestName, requireWorkDir } from '../guest/names.js';

/** Where a guest's files are on its host. All paths are absolute and need no quoting. */
export interface GuestPaths {
  readonly name: string;
  /** The harness's directory for all guests of this work directory. */
  readonly guests: string;
  /** util-vserver's own directory of the guest, which names its root file system. */
  readonly config: string;
  readonly log: string;
  /** Marks the guest as made by `bench`: nothing without it is ever removed. */
  readonly marker: string;
  /** Holds the number of the guest's context. */
  readonly context: string;
  /** The guest's group in the one hierarchy that util-vserver mounts, and its CPU set on kernels before control groups. */
  readonly cgroup: string;
  readonly cpuset: string;
}

/** The paths of a guest; throws a `BenchError` of stage `start` for a name or work directory that cannot be used. */
export function pathsOf(host: Pick<Host, 'workDir'>, name: string): GuestPaths {
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

/** The harness's directory for its guests on a host. */
export function guestsOf({ workDir }: Pick<Host, 'workDir'>): string {
  requireWorkDir('Linux-VServer', workDir);
  return `${workDir}/vservers`;
}
