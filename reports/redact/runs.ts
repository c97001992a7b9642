import type {
  Facts,
  Finding,
  Installation,
  JournalEntry,
  Json,
  LoadedRun,
  Outcome,
  TrialRecord,
} from '../../harness/types.js';
import type { Report } from '../model/document.js';
import type { Trial } from '../model/types.js';
import { deepText, mapObject, redactFacts } from './facts.js';
import { makePseudonyms, type Identifying, type Pseudonyms } from './pseudonyms.js';
import { textRedactor } from './text.js';

/** Runs and reports without what identifies machines and people. One redactor gives each name one pseudonym. */
export interface Redactor {
  /** A run as if its hosts and users had these pseudonyms. Its raw files stay as they are. */
  run(run: LoadedRun): LoadedRun;
  /** Sentences of a finished report, which may quote raw output. */
  report(report: Report): Report;
  /** The content of a hosts file. */
  hostsFile(file: Json): Json;
  /** Names that were replaced so far, and what was left out. */
  identifying(): readonly Identifying[];
  /** Whether a text, such as a raw file, has something that would be replaced. */
  isRedacted(text: string): boolean;
}

/** A redactor for all runs of a report. Pure. */
export function makeRedactor(runs: readonly LoadedRun[]): Redactor {
  const pseudonyms = makePseudonyms();
  const text = textRedactor({ hosts: hostNames(runs), users: userNames(runs) }, pseudonyms);
  return {
    run: (run) => redactRun(run, { text, pseudonyms }),
    report: (report) => redactReport(report, { text, pseudonyms }),
    hostsFile: (file) => redactHosts(file, { text, pseudonyms }),
    identifying: () => pseudonyms.seen(),
    isRedacted: (raw) => text(raw) !== raw,
  };
}

interface Means {
  readonly text: (text: string) => string;
  readonly pseudonyms: Pseudonyms;
}

function hostNames(runs: readonly LoadedRun[]): ReadonlySet<string> {
  const names = runs.flatMap(({ stored, journal }) => [
    ...stored.plan.targets.flatMap(({ host, peer }) => [host, peer ?? '']),
    ...journal.flatMap((entry) => {
      if (entry.event === 'booted') return [entry.host];
      if ('by' in entry) return [entry.by.replace(/^.*@/, '')];
      if (entry.event !== 'facts') return [];
      const { hostname } = entry.facts;
      return [entry.of.replace(/^host /, ''), ...(typeof hostname === 'string' ? [hostname] : [])];
    }),
  ]);
  // Subjects of facts that are no hosts have a blank in them.
  return new Set(names.flatMap((name) => [name, name.split('.')[0] ?? '']).filter((name) => /^\S+$/.test(name)));
}

function userNames(runs: readonly LoadedRun[]): ReadonlySet<string> {
  const logins = runs.flatMap(({ journal }) => journal.flatMap((entry) => ('by' in entry ? [entry.by] : [])));
  return new Set(logins.flatMap((by) => /^([^@\s]+)@/.exec(by)?.[1] ?? []));
}

function redactRun(run: LoadedRun, means: Means): LoadedRun {
  const { text, pseudonyms } = means;
  const { plan } = run.stored;
  const targets = plan.targets.map(({ host, peer, options, ...target }) => ({
    ...target,
    host: pseudonyms.of('host', host),
    ...(peer === undefined ? {} : { peer: pseudonyms.of('host', peer) }),
    options: deepText(options, text) as Facts,
  }));
  const { emulated } = plan;
  const hosts = emulated === undefined ? {} : { emulated: emulated.map((host) => pseudonyms.of('host', host)) };
  return {
    ...run,
    stored: { ...run.stored, plan: { ...plan, targets, ...hosts } },
    records: run.records.map((record) => redactRecord(record, means)),
    journal: run.journal.map((entry) => redactEntry(entry, means)),
    damage: run.damage.map(text),
  };
}

/** Ids of hosts are keys of `hosts`, and values of `host` and `peer` of a target. */
function redactHosts(file: Json, { text, pseudonyms }: Means): Json {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return file;
  const host = (id: string): string => pseudonyms.of('host', id);
  const { hosts = {}, targets = {}, ...rest } = file as Readonly<Record<string, Json>>;
  return {
    ...(deepText(rest, text) as Record<string, Json>),
    hosts: mapObject(hosts, (id, value) => [host(id), deepText(value, text)]),
    targets: mapObject(targets, (id, target) => [
      id,
      mapObject(target, (name, value) => [
        name,
        (name === 'host' || name === 'peer') && typeof value === 'string' ? host(value) : deepText(value, text),
      ]),
    ]),
  };
}

function redactRecord(record: TrialRecord, { text, pseudonyms }: Means): TrialRecord {
  const { installation, findings, guests, gates, boot, outcome, ...rest } = record;
  return {
    ...rest,
    ...(installation === undefined ? {} : { installation: redactTools(installation, text) }),
    findings: redactFindings(findings, text),
    ...(guests === undefined
      ? {}
      : {
          guests: guests.map(({ findings: own, installation: tools, ...guest }) => ({
            ...guest,
            ...(tools === undefined ? {} : { installation: redactTools(tools, text) }),
            findings: redactFindings(own, text),
          })),
        }),
    ...(gates === undefined ? {} : { gates: gates.map((gate) => ({ ...gate, detail: text(gate.detail) })) }),
    ...(boot === undefined ? {} : { boot: pseudonyms.of('boot', boot) }),
    outcome: redactOutcome(outcome, { text, pseudonyms }),
  };
}

/** Paths only: what else is there is read by parsers. */
function redactTools(installation: Installation, text: (text: string) => string): Installation {
  const tools = Object.entries(installation.tools).map(([name, tool]) => [name, { ...tool, path: text(tool.path) }]);
  return { ...installation, tools: Object.fromEntries(tools) as Installation['tools'] };
}

const redactFindings = (findings: readonly Finding[], text: (text: string) => string): Finding[] =>
  findings.map((finding) => deepText(finding, text) as Finding);

function redactOutcome(outcome: Outcome, { text, pseudonyms }: Means): Outcome {
  if (outcome.status === 'failed') {
    const problem = sentences(outcome.problem, text) as typeof outcome.problem;
    const { host } = problem;
    return {
      ...outcome,
      problem: { ...problem, ...(host === undefined ? {} : { host: pseudonyms.of('host', host) }) },
    };
  }
  return 'reason' in outcome ? { ...outcome, reason: text(outcome.reason) } : outcome;
}

function redactReport(report: Report, means: Means): Report {
  const redacted = sentences(report, means.text) as Report;
  // What an imported trial states about its source selects the trial in its files, so it is redacted only here.
  return {
    ...redacted,
    trials: redacted.trials.map((trial) => ({ ...trial, source: redactSource(trial.source, means) })),
  };
}

function redactSource(source: Trial['source'], { text, pseudonyms }: Means): Trial['source'] {
  if (source === null) return null;
  const entries = Object.entries(source).map(([name, value]) => [
    name,
    name === 'host' ? pseudonyms.of('host', value) : text(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function redactEntry(entry: JournalEntry, { text, pseudonyms }: Means): JournalEntry {
  switch (entry.event) {
    case 'opened':
    case 'resumed':
    case 'closed':
      return { ...entry, by: text(entry.by) };
    case 'launched':
      return entry;
    case 'deviation':
      return { ...entry, what: text(entry.what) };
    case 'booted':
      return { ...entry, host: pseudonyms.of('host', entry.host), boot: pseudonyms.of('boot', entry.boot) };
    case 'facts': {
      const host = /^host (.+)$/.exec(entry.of)?.[1];
      const of = host === undefined ? entry.of : `host ${pseudonyms.of('host', host)}`;
      const boot = entry.boot === undefined ? {} : { boot: pseudonyms.of('boot', entry.boot) };
      return { ...entry, of, ...boot, facts: redactFacts(entry.facts, text, pseudonyms) };
    }
  }
}

/** Members that hold sentences; ids and keys have to stay what they are. */
const SENTENCES = new Set(['why', 'what', 'found', 'expected', 'detail', 'hint', 'message', 'reason']);

function sentences(value: unknown, text: (text: string) => string, name = ''): unknown {
  if (typeof value === 'string') return SENTENCES.has(name) ? text(value) : value;
  if (Array.isArray(value)) return value.map((item) => sentences(item, text, name));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, sentences(member as Json, text, key)]));
}
