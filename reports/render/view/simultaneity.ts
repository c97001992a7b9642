import type { Report } from '../../model/document.js';
import type { Extent, Simultaneous } from '../../model/simultaneous.js';
import { formatDuration, plainLine } from '../../narrative/format.js';

/** One line of the table of simultaneity, as text: the same in every format. */
export interface SimultaneityLine {
  readonly workload: string;
  readonly system: string;
  readonly guests: string;
  readonly n: string;
  /** Median, and the worst in parentheses. */
  readonly release: string;
  readonly start: string;
  readonly overlap: string;
  readonly bound: string;
}

/** The line of one workload on one system. */
export function simultaneityLine(one: Simultaneous, report: Report): SimultaneityLine {
  return {
    workload: one.workload,
    system: report.systems.find((system) => system.key === one.system)?.label ?? one.system,
    guests: String(one.guests),
    n: String(one.n),
    release: extentText(one.releaseSkewNs, formatDuration),
    start: extentText(one.startSkewNs, formatDuration),
    overlap: extentText(one.overlap, (part) => `${(100 * part).toFixed(2)} %`),
    bound: one.boundNs === null ? '–' : one.boundNs === 0 ? 'one clock' : `± ${formatDuration(one.boundNs)}`,
  };
}

function extentText(extent: Extent | null, write: (value: number) => string): string {
  return extent === null ? '–' : `${write(extent.median)} (${write(extent.worst)})`;
}

/** Void trials of several guests, with the reasons. */
export function voidLines(report: Report): { readonly where: string; readonly why: string }[] {
  const workloads = new Set(report.provenance.workloads.map(({ id }) => id));
  return report.trials
    .filter((trial) => trial.status === 'void' && workloads.has(trial.benchmark))
    .map((trial) => {
      const label = report.systems.find((system) => system.key === trial.system)?.label ?? trial.target;
      const gates = trial.gates
        .filter((gate) => gate.verdict === 'void')
        .map(({ gate, detail }) => `${gate}: ${detail}`);
      const reason = trial.why ?? 'no reason given';
      return {
        where: plainLine(`${trial.run} ${trial.trial}, attempt ${trial.attempt} (${trial.benchmark}, ${label})`),
        why: plainLine([reason, ...gates.filter((gate) => !reason.includes(gate))].join('; ')),
      };
    });
}
