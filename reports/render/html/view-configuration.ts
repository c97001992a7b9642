import type { Json } from '../../../harness/types.js';
import type { FactSubject, Report } from '../../model/document.js';
import type { System } from '../../model/types.js';
import { formatBytes, formatInstant, plainLine } from '../../narrative/format.js';
import { isPlatform } from './view-platforms.js';

/** Longer facts are shortened; the JSON report and the journal of the run have them whole. */
const FACT_LENGTH = 160;

interface FactRow {
  readonly name: string;
  readonly values: readonly string[];
}

/** The systems with their shapes, and the facts of every machine side by side. */
export function configurationView(report: Report): object {
  const subjects = latestSubjects(report.facts).filter((subject) => !isPlatform(subject.of));
  const rows = factRows(subjects);
  return {
    systems: report.systems.map(systemView),
    subjects: subjects.map((subject) => ({ of: subjectName(subject, subjects), at: formatInstant(subject.at) })),
    facts: rows,
    hasFacts: rows.length > 0,
    severalRuns: new Set(report.facts.map((subject) => subject.run)).size > 1,
  };
}

function systemView(system: System): object {
  const { shape, counterpart } = system;
  const limits = [
    shape.cpuWeight === undefined ? '' : `weight ${shape.cpuWeight}`,
    shape.cpuCap === undefined ? '' : `cap ${shape.cpuCap} CPUs`,
    shape.cpuReservation === undefined ? '' : `reservation ${shape.cpuReservation} CPUs`,
    shape.diskBytes === undefined ? '' : `disk ${formatBytes(shape.diskBytes)}`,
  ].filter((part) => part !== '');
  const published = system.origin === 'published';
  return {
    label: plainLine(system.label),
    baseline: system.baseline,
    target: plainLine(system.target),
    origin: system.origin,
    profile: published ? '–' : plainLine(system.size ?? system.profile),
    host: published ? '–' : plainLine(system.host),
    platform: plainLine(system.platform),
    cpus: published || shape.cpus.length === 0 ? '–' : `${shape.cpus.length} (${shape.cpus.join(', ')})`,
    memory: shape.memoryBytes === undefined ? (published ? '–' : 'all of the host') : formatBytes(shape.memoryBytes),
    limits: limits.length === 0 ? 'none' : limits.join(', '),
    paper:
      counterpart === null
        ? 'none'
        : `${counterpart.column}${counterpart.how === 'orientation' ? ' (orientation)' : ''}`,
    runs: system.runs.map(plainLine).join(', '),
  };
}

/** One subject for each boot of a machine: its last reading over all runs. */
function latestSubjects(facts: readonly FactSubject[]): FactSubject[] {
  const last = new Map<string, FactSubject>();
  for (const subject of facts) {
    const key = JSON.stringify([subject.of, subject.boot]);
    const known = last.get(key);
    if (known === undefined || known.at <= subject.at) last.set(key, subject);
  }
  return [...last.values()];
}

/** Its name, with eight digits of the boot's id where there are several boots of it. */
function subjectName({ of, boot }: FactSubject, all: readonly FactSubject[]): string {
  const isOnly = all.filter((other) => other.of === of).length === 1;
  return plainLine(isOnly || boot === null ? of : `${of}, boot ${boot.slice(0, 8)}`);
}

/** Facts by name, one column a machine. */
function factRows(subjects: readonly FactSubject[]): FactRow[] {
  const names = [...new Set(subjects.flatMap((subject) => Object.keys(subject.facts)))];
  return names.map((name) => {
    const read = subjects.map((subject) => subject.facts[name]);
    return { name: plainLine(name), values: read.map(factText) };
  });
}

function factText(fact: Json | undefined): string {
  if (fact === undefined) return '–';
  if (fact === null) return 'could not be read';
  const text = plainLine(typeof fact === 'string' ? fact : JSON.stringify(fact));
  return text.length > FACT_LENGTH ? `${text.slice(0, FACT_LENGTH)}…` : text;
}
