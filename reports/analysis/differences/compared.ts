import type { Facts, Json, LoadedRun } from '../../../harness/types.js';
import { platformIn } from '../../read/platforms.js';
import { bootsOf, factsIn } from '../../read/boots.js';
import { systemKey } from '../../read/systems.js';
import type { System } from '../../model/types.js';
import type { Compared } from './matrix.js';

/**
 * What is known of each measured system in each boot that its trials were measured in: its shape and options, the facts of
 * its guests, those of the host below, and the programs and suites that made its numbers. Where the facts of some system's
 * guests were not recorded (`unread`), those of all are left out: there would be nothing to compare them with. Pure.
 */
export function comparedSystems(
  runs: readonly LoadedRun[],
  systems: readonly System[],
): { readonly compared: readonly Compared[]; readonly unread: readonly string[] } {
  const described = systems
    .filter(({ origin }) => origin === 'measured')
    .flatMap((system) => {
      const own = runs.filter((run) => system.runs.includes(run.id));
      const [kind] = own.flatMap((run) => platformIn(run, system.platform) ?? []);
      const fixed = { profile: system.profile, suite: suiteVersions(own), tool: toolsOf(own, system) };
      return bootsOf(own, system).map((boot) => {
        const host = factsIn(own, `host ${system.host}`, boot);
        const guest = factsIn(own, `target ${system.target}`, boot) ?? (kind?.boundary === 'none' ? host : undefined);
        return { system, boot, host, guest, kind, fixed };
      });
    });
  const unread = new Set(described.filter(({ guest }) => guest === undefined).map(({ system }) => system.key));
  return {
    unread: [...unread],
    compared: described.map(({ system, boot, host, guest, kind, fixed }) => {
      return {
        key: system.key,
        boots: boot === null ? [] : [boot],
        platform: system.platform,
        // An unknown platform is taken for one that shares the kernel of its host, as most do.
        boundary: kind?.boundary ?? 'container',
        ownKernel: kind?.ownKernel ?? false,
        host: system.host,
        cpus: system.shape.cpus.length,
        baseline: system.baseline,
        properties: {
          ...(unread.size === 0 ? guest : {}),
          hostFacts: host ?? null,
          host: system.host,
          peer: system.peer,
          platform: system.platform,
          emulated: system.emulated,
          shape: { ...system.shape, cpus: system.shape.cpus.length },
          options: system.options,
          ...fixed,
        },
      };
    }),
  };
}

function suiteVersions(runs: readonly LoadedRun[]): Facts {
  const versions = runs.flatMap((run) => [...run.stored.plan.suites, ...(run.stored.plan.workloads ?? [])]);
  return Object.fromEntries(versions.map(({ id, version }) => [id, version]));
}

/** Origin, version and linkage of every program that produced a system's numbers; its path does not matter. */
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
