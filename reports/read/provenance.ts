import type { LoadedRun, Suite, TrialRecord, Workload } from '../../harness/types.js';
import { referenceById } from '../reference/index.js';
import { bootOf } from './boots.js';
import { systemKey } from './systems.js';
import type { FactSubject, Irregularity, Report, RunProvenance, ToolProvenance } from '../model/document.js';
import type { System } from '../model/types.js';

/** The plan and the sessions of each run. */
export function describeRuns(runs: readonly LoadedRun[]): RunProvenance[] {
  return runs.map((run) => {
    const { plan } = run.stored;
    return {
      run: run.id,
      created: run.stored.created,
      planHash: run.stored.hash,
      bench: benchOf(run),
      seed: plan.seed,
      profile: plan.profile,
      suites: plan.suites,
      workloads: plan.workloads ?? [],
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

/** `0.1.0`, with the commit where it is known; null where the run does not record it. */
export function benchOf({ stored: { bench } }: LoadedRun): string | null {
  if (bench === undefined) return null;
  return bench.commit === undefined ? bench.version : `${bench.version} (${bench.commit})`;
}

/** Every program that produced numbers, once for each system that it ran on. */
export function describeTools(runs: readonly LoadedRun[], systems: readonly System[]): ToolProvenance[] {
  const known = new Map(systems.map((system) => [system.key, system]));
  const tools = new Map<string, ToolProvenance>();
  for (const run of runs) {
    const seen = new Set<string>();
    for (const record of run.records) {
      const system = known.get(systemKey(run, record));
      if (system === undefined) continue;
      for (const { suite, tools: own } of toolsOf(record)) {
        // Most trials of a guest have the same installation, which is described once.
        const once = `${system.key} ${suite} ${JSON.stringify(own)}`;
        if (seen.has(once)) continue;
        seen.add(once);
        for (const [name, { path, origin, version, linkage = null }] of Object.entries(own)) {
          const use = { system: system.label, suite, name, path, origin, version, linkage };
          tools.set(JSON.stringify(use), use);
        }
      }
    }
  }
  return [...tools.values()];
}

/** The tools of a trial with their suites: one suite, or one in each guest. */
function toolsOf(record: TrialRecord): { suite: string; tools: NonNullable<TrialRecord['installation']>['tools'] }[] {
  const parts = (record.guests ?? []).map(({ assignment, installation }) => ({
    suite: assignment.suite,
    installation,
  }));
  return [{ suite: record.benchmark, installation: record.installation }, ...parts].flatMap(
    ({ suite, installation }) => (installation === undefined ? [] : [{ suite, tools: installation.tools }]),
  );
}

/** Deviations from the plan, and files that cannot be read. */
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

/** Facts of every machine, the last reading of each boot in each run. */
export function describeFacts(runs: readonly LoadedRun[]): FactSubject[] {
  return runs.flatMap((run) => {
    const last = new Map<string, FactSubject>();
    for (const entry of run.journal) {
      if (entry.event !== 'facts') continue;
      const { of, at, facts } = entry;
      const boot = bootOf(entry);
      last.set(`${of}\0${boot ?? ''}`, { run: run.id, of, boot, at, facts });
    }
    return [...last.values()];
  });
}

/** Suites with their sizes and caches in words. */
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

/** Workloads with their descriptions. */
export function describeWorkloads(workloads: readonly Workload[]): Report['provenance']['workloads'] {
  return workloads.map(({ id, title, version, about }) => ({ id, title, version, about }));
}

export function describeReferences(ids: readonly string[]): Report['provenance']['references'] {
  return [...new Set(ids)].map((id) => {
    const { title, authors, venue, doi } = referenceById(id);
    const source = [authors?.join(', '), venue, doi && `doi:${doi}`].filter(Boolean).join('. ');
    return { id, title, source };
  });
}
