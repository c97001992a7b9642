import type { Facts, Json, LoadedRun } from '../../../harness/types.js';
import { platformIn } from '../../read/platforms.js';
import { systemKey } from '../../read/systems.js';
import type { System } from '../../model/types.js';
import type { Compared } from './matrix.js';

/**
 * What is known of each measured system: its shape and options, the facts of its guests, those of the host below, and
 * the programs and suites that made its numbers. Where the facts of some system's guests were not recorded (`unread`),
 * those of all are left out: every one of them would differ from nothing. Pure.
 */
export function comparedSystems(
  runs: readonly LoadedRun[],
  systems: readonly System[],
): { readonly compared: readonly Compared[]; readonly unread: readonly string[] } {
  const described = systems
    .filter(({ origin }) => origin === 'measured')
    .map((system) => {
      const own = runs.filter((run) => system.runs.includes(run.id));
      const host = hostFacts(own, system);
      const [kind] = own.flatMap((run) => platformIn(run, system.platform) ?? []);
      const guest = lastFacts(own, `target ${system.target}`) ?? (kind?.boundary === 'none' ? host : undefined);
      return { system, own, host, guest, kind };
    });
  const unread = described.filter(({ guest }) => guest === undefined).map(({ system }) => system.key);
  return {
    unread,
    compared: described.map(({ system, own, host, guest, kind }) => {
      return {
        key: system.key,
        platform: system.platform,
        // A platform of which nothing is known shares the kernel of its host, as most do.
        boundary: kind?.boundary ?? 'container',
        ownKernel: kind?.ownKernel ?? false,
        host: system.host,
        cpus: system.shape.cpus.length,
        baseline: system.baseline,
        properties: {
          ...(unread.length === 0 ? guest : {}),
          hostFacts: host ?? null,
          host: system.host,
          platform: system.platform,
          profile: system.profile,
          emulated: own.some((run) => run.stored.plan.emulated?.includes(system.host) === true),
          shape: { ...system.shape, cpus: system.shape.cpus.length },
          options: system.options,
          suite: suiteVersions(own),
          tool: toolsOf(own, system),
        },
      };
    }),
  };
}

/** A host that is booted into several systems has facts of each; a target names the one that it was measured in. */
function hostFacts(runs: readonly LoadedRun[], system: System): Facts | undefined {
  const target = runs.flatMap((run) => run.stored.plan.targets).findLast(({ id }) => id === system.target);
  const booted = target?.boot === undefined ? undefined : lastFacts(runs, `host ${system.host} booted ${target.boot}`);
  return booted ?? lastFacts(runs, `host ${system.host}`);
}

function lastFacts(runs: readonly LoadedRun[], of: string): Facts | undefined {
  const readings = runs.flatMap((run) =>
    run.journal.flatMap((entry) => (entry.event === 'facts' && entry.of === of ? [entry] : [])),
  );
  return readings.toSorted((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.facts;
}

function suiteVersions(runs: readonly LoadedRun[]): Facts {
  const versions = runs.flatMap((run) => [...run.stored.plan.suites, ...(run.stored.plan.workloads ?? [])]);
  return Object.fromEntries(versions.map(({ id, version }) => [id, version]));
}

/** Origin, version and linkage of every program that a system's numbers come from; where it lay does not matter. */
function toolsOf(runs: readonly LoadedRun[], system: System): Facts {
  const tools: Record<string, Record<string, Json>> = {};
  for (const run of runs) {
    for (const record of run.records) {
      if (systemKey(run, record) !== system.key) continue;
      const parts = record.guests ?? [{ assignment: { suite: record.benchmark }, installation: record.installation }];
      for (const { assignment, installation } of parts) {
        for (const [name, { origin, version, linkage }] of Object.entries(installation?.tools ?? {})) {
          (tools[assignment.suite] ??= {})[name] = { origin, version, linkage: linkage ?? null };
        }
      }
    }
  }
  return tools;
}
