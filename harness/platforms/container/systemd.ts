import { posix } from 'node:path';
import { BenchError } from '../../errors.js';
import type { CgroupPlace } from '../../host/cgroup.js';
import { CHECK, type Limit } from '../../host/limits.js';
import type { Executor } from '../../types.js';
import { lastLines } from '../guest/script.js';

/**
 * systemd writes its own values into the groups of its units again at each `daemon-reload` and so takes back what was
 * written to their files (systemd.resource-control(5): the manager is the only writer of its part of the tree). A weight
 * of a unit is therefore set as its property; `--runtime` keeps it in /run until `reap` removes it.
 */
const SET = ['systemctl', 'set-property', '--runtime'] as const;

/** Properties of the weight: that of version 1 is the number of `cpu.shares`, that of version 2 of `cpu.weight`. */
const WEIGHT = { 1: 'CPUShares', 2: 'CPUWeight' } as const;

/** The unit whose group this is: a slice or a scope; `undefined` for a group that systemd does not manage. */
export function unitOf(directory: string): string | undefined {
  const unit = posix.basename(directory);
  return /^[\w.\\-]+\.(?:slice|scope)$/.test(unit) && directory.includes('.slice') ? unit : undefined;
}

/** Gives a unit's group a weight, on the scale of its interface. Rejects with systemd's reason. */
export async function setUnitWeight(
  host: Executor,
  unit: string,
  version: CgroupPlace['version'],
  value: string | number,
): Promise<void> {
  const { exit, stderr } = await host.exec({ argv: [...SET, unit, `${WEIGHT[version]}=${value}`] });
  if (exit.kind === 'code' && exit.code === 0) return;
  const reason = stderr.trim() === '' ? 'systemctl gave no reason' : lastLines(stderr);
  const message = `cannot set the CPU weight of ${unit} on ${host.where}`;
  throw new BenchError({ stage: 'start', message, expected: `${WEIGHT[version]}=${value}`, found: reason });
}

/** The weight that a limit writes; `undefined` for limits that have no unit's property here. */
export function weightOf({ check, writes }: Limit): string | undefined {
  return check === CHECK.weight ? writes[0]?.[1] : undefined;
}

/**
 * `discard_parent` for `groups.sh`, of tools whose parent group may be a slice. Nobody stops a slice that systemd made for
 * a scope in it, and `stop` leaves the files of `set-property`: systemd.unit(5) has their directories.
 */
export const DISCARD_SLICE = `
discard_parent() {
  for directory in /run/systemd/system.control /run/systemd/system; do
    rm -rf "$directory/$group.slice.d" || return 1
  done
  parent_groups | grep -q '\\.slice$' || return 0
  why=$(systemctl stop "$group.slice" 2>&1) || { echo "$group.slice remains: $why" >&2; return 1; }
}
`;
