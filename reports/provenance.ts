import type { LoadedRun, Suite } from '../harness/types.js';
import { referenceById } from './reference/index.js';
import { systemKey } from './systems.js';
import type { FactSubject, Irregularity, Report, RunProvenance, ToolProvenance } from './document.js';
import type { System } from './types.js';

/** Each run as planned and as it went. */
export function describeRuns(runs: readonly LoadedRun[]): RunProvenance[] {
  return runs.map((run) => {
    const { plan } = run.plan;
    return {
      run: run.id,
      created: run.plan.created,
      planHash: run.plan.hash,
      seed: plan.seed,
      profile: plan.profile,
      suites: plan.suites,
      order: plan.order,
      replication: plan.replication,
      planned: plan.trials.length,
      attempts: run.records.length,
      sessions: run.journal.flatMap((entry) =>
        entry.event === 'opened' || entry.event === 'resumed' || entry.event === 'closed'
          ? [{ at: entry.at, event: entry.event, by: entry.by }]
          : [],
      ),
    };
  });
}

/** Every program that produced numbers, once for each system that it ran on. */
export function describeTools(runs: readonly LoadedRun[], systems: readonly System[]): ToolProvenance[] {
  const known = new Map(systems.map((system) => [system.key, system]));
  const tools = new Map<string, ToolProvenance>();
  for (const run of runs) {
    const seen = new Set<string>();
    for (const record of run.records) {
      const system = known.get(systemKey(run, record.target, record.profile, record.origin));
      // Most trials of a guest have the same installation: one comparison of texts spares the rest.
      const once = `${system?.key ?? ''} ${record.suite} ${JSON.stringify(record.installation?.tools)}`;
      if (system === undefined || record.installation === undefined || seen.has(once)) continue;
      seen.add(once);
      for (const [name, tool] of Object.entries(record.installation.tools)) {
        const use = {
          system: system.label,
          suite: record.suite,
          name,
          path: tool.path,
          origin: tool.origin,
          version: tool.version,
          linkage: tool.linkage ?? null,
        };
        tools.set(JSON.stringify(use), use);
      }
    }
  }
  return [...tools.values()];
}

/** What did not go as planned, and what cannot be read. */
export function describeIrregularities(runs: readonly LoadedRun[]): Irregularity[] {
  return runs.flatMap((run) => [
    ...run.damage.map((what): Irregularity => ({ run: run.id, kind: 'damage', trial: null, what })),
    ...run.journal.flatMap((entry): Irregularity[] =>
      entry.event === 'deviation'
        ? [{ run: run.id, kind: 'deviation', trial: entry.trial ?? null, what: entry.what }]
        : [],
    ),
  ]);
}

/** Facts of every machine, the last reading of each run. */
export function describeFacts(runs: readonly LoadedRun[]): FactSubject[] {
  return runs.flatMap((run) => {
    const last = new Map<string, FactSubject>();
    for (const entry of run.journal) {
      if (entry.event === 'facts') last.set(entry.of, { run: run.id, of: entry.of, at: entry.at, facts: entry.facts });
    }
    return [...last.values()];
  });
}

/** What the report says of suites: sizes and caches in words. */
export function describeSuites(suites: readonly Suite[]): Report['provenance']['suites'] {
  return suites.map((suite) => ({
    id: suite.id,
    title: suite.title,
    version: suite.version,
    about: suite.about,
    caches: suite.caches,
    profiles: { paper: suite.profiles.paper.summary, quick: suite.profiles.quick.summary },
  }));
}

export function describeReferences(ids: readonly string[]): Report['provenance']['references'] {
  return [...new Set(ids)].map((id) => {
    const { title, authors, venue, doi } = referenceById(id);
    const source = [authors?.join(', '), venue, doi && `doi:${doi}`].filter(Boolean).join('. ');
    return { id, title, source };
  });
}
