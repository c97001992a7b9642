import { hostsFileSchema, type HostEntry, type HostsFile } from '../config/schema.js';
import type { Plan } from '../types.js';

/** Paths of the machine that ran `bench`, and who it logged in as: of no use elsewhere. */
const OF_OPERATOR = [
  'user',
  'identityFiles',
  'knownHostsFiles',
  'configFile',
  'jump',
  'ssh',
  'port',
  'address',
] as const;

/**
 * The part of a hosts file that a run used, as text: its targets and their hosts, without how to log in to them. The file
 * is one that `loadConfig` accepts, so that it has no secrets. Undefined where it has none of the run's targets. Pure.
 */
export function hostsOfRun(file: unknown, plan: Plan): string | undefined {
  const { hosts, targets, baseline } = hostsFileSchema.parse(file);
  const used = plan.targets.filter(({ id }) => id in targets);
  if (used.length === 0) return undefined;
  const hostIds = new Set(used.flatMap(({ id }) => [targets[id]?.host, targets[id]?.peer]));
  const part: HostsFile = {
    ...(baseline !== undefined && used.some(({ id }) => id === baseline) ? { baseline } : {}),
    hosts: pick(hosts, (id) => hostIds.has(id), withoutOperator),
    targets: pick(
      targets,
      (id) => used.some((target) => target.id === id),
      (target) => target,
    ),
  };
  return `${JSON.stringify(part, null, 2)}\n`;
}

function withoutOperator(host: HostEntry): HostEntry {
  const kept = Object.entries(host).filter(([name]) => !OF_OPERATOR.some((own) => own === name));
  return Object.fromEntries(kept);
}

function pick<T>(
  all: Readonly<Record<string, T>>,
  wanted: (id: string) => boolean,
  change: (value: T) => T,
): Record<string, T> {
  const chosen = Object.entries(all).filter(([id]) => wanted(id));
  return Object.fromEntries(chosen.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, value]) => [id, change(value)]));
}
