import type { Report } from '../../model/document.js';
import { formatInstant, plainLine } from '../../narrative/format.js';

/** Runs, tools, suites, publications, and deviations from the plans. */
export function provenanceView(report: Report): object {
  const { runs, tools, suites, workloads, references } = report.provenance;
  return {
    runs: runs.map((run) => ({
      run: plainLine(run.run),
      created: formatInstant(run.created),
      planHash: plainLine(run.planHash),
      seed: run.seed,
      profile: run.profile,
      suites: [...run.suites, ...run.workloads]
        .map((suite) => plainLine(`${suite.id} version ${suite.version}`))
        .join(', '),
      order: run.order === 'balanced' ? 'balanced over blocks' : plainLine(run.order),
      replication: plainLine(run.replication),
      planned: run.planned,
      attempts: run.attempts,
      sessions: run.sessions
        .map((session) => plainLine(`${session.event} ${formatInstant(session.at)} by ${session.by}`))
        .join('; '),
    })),
    tools: tools.map((tool) => ({
      system: plainLine(tool.system),
      suite: plainLine(tool.suite),
      name: plainLine(tool.name),
      origin: tool.origin === 'project' ? 'own probe' : tool.origin,
      version: plainLine(tool.version ?? ''),
      linkage: plainLine(tool.linkage ?? ''),
      path: plainLine(tool.path),
    })),
    suites: suites.map((suite) => ({
      title: plainLine(suite.title),
      version: suite.version,
      about: plainLine(suite.about),
      caches: plainLine(suite.caches),
      paper: plainLine(suite.profiles.paper),
      quick: plainLine(suite.profiles.quick),
    })),
    workloads: workloads.map(({ title, version, about }) => ({
      title: plainLine(title),
      version,
      about: plainLine(about),
    })),
    references: references.map(({ title, source }) => ({ title, source })),
    irregularities: report.irregularities.map((item) => ({
      kind: item.kind === 'parse' ? 'unreadable' : item.kind,
      where: plainLine([item.run, item.trial ?? ''].filter((part) => part !== '').join(' ')),
      what: plainLine(item.what),
    })),
    sources: report.trials
      .filter((trial) => trial.source !== null)
      .slice(0, 50)
      .map((trial) => ({
        trial: plainLine(`${trial.run} ${trial.trial} (${trial.target})`),
        source: Object.entries(trial.source ?? {})
          .map(([key, value]) => plainLine(`${key}: ${value}`))
          .join('; '),
      })),
  };
}
