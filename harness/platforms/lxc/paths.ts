import { createHash } from 'node:crypto';
import type { Host } from '../../types.js';
import { MARKER_FILE, requireGuestName, requireWorkDir } from '../guest/names.js';

/** Where a guest's files and control groups are on its host. All paths are absolute and need no quoting anywhere. */
export interface GuestPaths {
  readonly name: string;
  /** LXC's `-P`: the directory of all guests of this work directory. */
  readonly guests: string;
  readonly dir: string;
  /** What the guest changed of its root file system. */
  readonly upper: string;
  /** Mounted at `GUEST_WORK_DIR`, so that the guest writes to the host's file system and not through the overlay. */
  readonly disk: string;
  readonly config: string;
  readonly log: string;
  /** Marks the directory as made by `bench`: nothing without it is ever removed. */
  readonly marker: string;
  /** The control group, below the root of each hierarchy, of which the guests' groups are siblings. */
  readonly group: string;
}

/** The paths of a guest; throws a `BenchError` of stage `start` for a name or work directory that LXC cannot take. */
export function pathsOf(host: Pick<Host, 'workDir'>, name: string): GuestPaths {
  requireGuestName('LXC', name);
  const { guests, group } = guestsOf(host);
  const dir = `${guests}/${name}`;
  return {
    name,
    guests,
    dir,
    upper: `${dir}/upper`,
    disk: `${dir}/disk`,
    config: `${dir}/config`,
    log: `${dir}/lxc.log`,
    marker: `${dir}/${MARKER_FILE}`,
    group,
  };
}

/** What all guests of one work directory share. Hosts that share a kernel, as in the lab, differ in the group's name. */
export function guestsOf({ workDir }: Pick<Host, 'workDir'>): Pick<GuestPaths, 'guests' | 'group'> {
  requireWorkDir('LXC', workDir);
  const group = `bench-${createHash('sha256').update(workDir).digest('hex').slice(0, 8)}`;
  return { guests: `${workDir}/guests`, group };
}
