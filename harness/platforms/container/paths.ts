import { createHash } from 'node:crypto';
import type { Host } from '../../types.js';
import { MARKER_FILE, requireGuestName, requireWorkDir } from '../guest/names.js';

/** Where a guest's files and control groups are on its host. All paths are absolute and need no quoting anywhere. */
export interface GuestPaths {
  readonly name: string;
  /** The directory of all guests of this platform and work directory. */
  readonly guests: string;
  readonly dir: string;
  /** Root file system of a guest whose tool wants a directory: an overlay that the harness mounts. */
  readonly root: string;
  /** What the guest changed of its root file system, and the work directory of overlay. */
  readonly upper: string;
  readonly work: string;
  /** Mounted at `GUEST_WORK_DIR`, so that the guest writes to the host's file system and not through an overlay. */
  readonly disk: string;
  readonly log: string;
  /** Marks the directory as made by `bench`: nothing without it is ever removed. */
  readonly marker: string;
  /** Name of the control group of which the guests' groups are siblings. A systemd slice of this name has no parent slice. */
  readonly group: string;
}

/** The paths of a guest; throws a `BenchError` of stage `start` for a name or work directory that no tool could take. */
export function pathsOf(host: Pick<Host, 'workDir'>, platform: string, name: string): GuestPaths {
  requireGuestName('containers', name);
  const { guests, group } = guestsOf(host, platform);
  const dir = `${guests}/${name}`;
  return {
    name,
    guests,
    dir,
    root: `${dir}/root`,
    upper: `${dir}/upper`,
    work: `${dir}/work`,
    disk: `${dir}/disk`,
    log: `${dir}/log`,
    marker: `${dir}/${MARKER_FILE}`,
    group,
  };
}

/** What all guests of one platform and work directory share. Hosts that share a kernel differ in the group's name. */
export function guestsOf({ workDir }: Pick<Host, 'workDir'>, platform: string): Pick<GuestPaths, 'guests' | 'group'> {
  requireWorkDir('containers', workDir);
  const guests = `${workDir}/${platform}`;
  const hash = createHash('sha256').update(guests).digest('hex').slice(0, 8);
  // No dash: systemd reads one in a slice's name as a level of its own, at default weight.
  return { guests, group: `bench_${hash}` };
}
