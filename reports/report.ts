import type { LoadedRun, Suite, Workload } from '../harness/types.js';
import type { Evidence } from './analysis/cells.js';
import { alignCells } from './claims/align.js';
import { judgeClaims } from './claims/claims.js';
import { judgeClasses } from './claims/class-results.js';
import { compareAll } from './analysis/comparisons.js';
import { differencesBetween } from './analysis/differences/differences.js';
import type { DifferenceRule } from './analysis/differences/rule.js';
import { differenceRules } from './analysis/differences/rules.js';
import { describeEmulation, hiddenSystems } from './read/emulation.js';
import { sourcesOf, type ExhibitDefinition } from './model/exhibit.js';
import { chooseExhibits } from './exhibits/index.js';
import { comparability, headlinesOf } from './narrative/headlines.js';
import { describeMethod } from './narrative/method.js';
import { describePartial } from './narrative/partial.js';
import { describeOrder } from './narrative/order.js';
import { describePrecision } from './narrative/precision.js';
import { PUBLISHED_TITLE, titleOf } from './narrative/titles.js';
import { loadSamples } from './read/load.js';
import { isSuite, isWorkload, type Measured } from './model/measured.js';
import { markFloors, type NoiseSource } from './analysis/noise-floors.js';
import { countPrecision } from './analysis/precision.js';
import { noiseOf } from './analysis/noise.js';
import { orderOf } from './analysis/order.js';
import * as provenance from './read/provenance.js';
import { columnsOf, referenceById, references } from './reference/index.js';
import { publishedBenchmarks } from './reference/quantities.js';
import { MARGIN } from './statistics/equivalence.js';
import { CONFIDENCE } from './statistics/intervals.js';
import { simultaneityOf } from './analysis/simultaneity.js';
import { groupStatements } from './analysis/stated.js';
import { groupSamples } from './analysis/summarize.js';
import { chooseBaselines, type Baselines, type RequestedBaseline } from './read/baselines.js';
import { systemsOf } from './read/systems.js';
import { buildScatter } from './exhibits/scatter.js';
import { buildFigure } from './exhibits/figures.js';
import { paperOf } from './exhibits/paper.js';
import { buildTable } from './exhibits/tables.js';
import { buildSuiteTable } from './exhibits/suite-tables.js';
import { tallyTrials } from './analysis/tally.js';
import type { Exhibit, Report } from './model/document.js';
import type { Cell } from './model/types.js';

export interface ReportOptions {
  /** The registry: every suite whose results can be read. */
  readonly suites: readonly Suite[];
  /** Likewise of workloads of several guests; default none. */
  readonly workloads?: readonly Workload[];
  /** Ids of exhibits; default all that have a trial. An unknown id throws. */
  readonly exhibits?: readonly string[];
  /** Targets that ratios are taken to, see `chooseBaselines`; default those that the runs declare. */
  readonly baselines?: readonly RequestedBaseline[];
  /** Shows emulated machines as well as real ones; default only the real ones, where both were measured. */
  readonly withEmulated?: boolean;
  /** The runs are of the publication alone, and the report shows what it states. */
  readonly publishedOnly?: boolean;
  /** Rules on what differences mean, applied before the built-in ones. */
  readonly rules?: readonly DifferenceRule[];
  /** A noise run with whose floors differences from the baseline are compared. */
  readonly noise?: NoiseSource;
}

/**
 * The report of these runs, as plain data. Pure: the same runs and options give the same report, byte for byte; all dates
 * come from records. Throws on an exhibit or reference that is unknown.
 */
export function buildReport(runs: readonly LoadedRun[], options: ReportOptions): Report {
  const baselines = chooseBaselines(runs, options.baselines);
  const { publishedOnly = false } = options;
  const definitions = chooseExhibits(options.exhibits);
  const evidence = gatherEvidence(runs, options, definitions, baselines);
  const { loaded, systems, hidden, index, facts } = evidence;
  const { shown, whole } = selectShown(definitions, options, evidence);
  const { exhibits, cells: filled, floors } = fillExhibits(shown, whole, options, evidence);
  const claims = shown.flatMap((definition) => judgeClaims(definition, evidence));
  const cells = alignCells(filled, claims);
  const precision = describePrecision(countPrecision(cells));
  const simultaneous = simultaneityOf(loaded.trials, whole, systems);
  const visible = systems.filter((system) => !hidden.has(system.key));
  const titles = shown.map((definition) => definition.title);
  return {
    schema: 'bench-report/2',
    title: publishedOnly ? PUBLISHED_TITLE : titleOf(titles, systems),
    ...period(loaded.trials, systems),
    partial: describePartial(loaded.trials),
    emulated: describeEmulation(systems, hidden),
    comparable: comparability(visible),
    differences: differencesBetween(runs, visible, [...(options.rules ?? []), ...differenceRules]),
    precision,
    paper: paperOf(definitions, claims, evidence),
    publishedOnly,
    headlines: headlinesOf({ systems, exhibits, cells, claims, trials: loaded.trials, simultaneous, precision }),
    baseline: baselines.main,
    systems,
    exhibits,
    cells,
    claims,
    classes: shown.flatMap((definition) => judgeClasses(definition, claims, evidence)),
    trials: loaded.trials,
    simultaneous,
    order: describeOrder(orderOf(runs, loaded, visible, whole)),
    noise: noiseOf(visible, index, whole),
    floors,
    irregularities: [...provenance.describeIrregularities(runs), ...loaded.irregularities],
    facts,
    provenance: {
      runs: provenance.describeRuns(runs),
      tools: provenance.describeTools(runs, systems),
      suites: provenance.describeSuites(whole.filter(isSuite)),
      workloads: provenance.describeWorkloads(whole.filter(isWorkload)),
      references: provenance.describeReferences(
        cells.flatMap((cell) => cell.reference ?? []).concat(shown.map((definition) => definition.reference)),
      ),
      statistics: {
        confidence: CONFIDENCE,
        margin: MARGIN,
        method: describeMethod(systems.some(({ origin }) => origin === 'measured')),
      },
    },
  };
}

/** What exhibits and claims are made of, read and computed once. */
function gatherEvidence(
  runs: readonly LoadedRun[],
  options: ReportOptions,
  definitions: readonly ExhibitDefinition[],
  baselines: Baselines,
): Evidence {
  const measured = [...options.suites, ...(options.workloads ?? []), ...publishedBenchmarks];
  const loaded = loadSamples(runs, measured);
  const systems = systemsOf(runs, loaded.trials, baselines, comparedColumns());
  const index = groupSamples(loaded, systems);
  return {
    measured,
    loaded,
    systems,
    hidden: hiddenSystems(systems, options.withEmulated ?? false),
    index,
    stated: groupStatements(loaded, systems),
    tallies: tallyTrials(loaded),
    comparisons: compareAll(definitions, systems, index, loaded.trials),
    facts: provenance.describeFacts(runs),
    stopping: new Map(runs.flatMap(({ id, stored: { plan } }) => (plan.precision ? [[id, plan.precision]] : []))),
  };
}

interface Shown {
  readonly shown: readonly ExhibitDefinition[];
  /** Suites and workloads that are shown whole below the exhibits. */
  readonly whole: readonly Measured[];
}

/** The exhibits that were requested, or all that have a trial, and the suites and workloads of those that do. */
function selectShown(
  definitions: readonly ExhibitDefinition[],
  options: ReportOptions,
  { loaded, measured, systems }: Evidence,
): Shown {
  const tried = new Set(loaded.trials.map((trial) => trial.benchmark));
  // Below the exhibits everything is shown that was measured, and what was published with numbers.
  const published = new Set(systems.filter(({ origin }) => origin === 'published').map(({ key }) => key));
  const workloads = new Set(measured.filter(isWorkload).map(({ id }) => id));
  const withValues = new Set(loaded.samples.flatMap(({ benchmark }) => (workloads.has(benchmark) ? [] : benchmark)));
  const filled = new Set(
    loaded.trials.flatMap(({ benchmark, system }) =>
      !published.has(system) || withValues.has(benchmark) ? [benchmark] : [],
    ),
  );
  if (options.exhibits === undefined) {
    const shown = definitions.filter((definition) => isTried(definition, tried));
    return { shown, whole: measured.filter(({ id }) => filled.has(id)) };
  }
  const sources = new Set(definitions.flatMap(sourcesOf));
  return { shown: definitions, whole: measured.filter(({ id }) => sources.has(id) && filled.has(id)) };
}

/** A figure of points has nothing to show before something of both axes was tried. */
function isTried(definition: ExhibitDefinition, tried: ReadonlySet<string>): boolean {
  if (definition.kind !== 'scatter') return sourcesOf(definition).some((id) => tried.has(id));
  return [definition.suites, definition.workloads].every((ids) => ids.some((id) => tried.has(id)));
}

/** Tables and figures with their cells, marked with the noise floors of a noise run where one is given. */
function fillExhibits(
  shown: readonly ExhibitDefinition[],
  whole: readonly Measured[],
  { noise }: ReportOptions,
  evidence: Evidence,
): Pick<Report, 'exhibits' | 'cells' | 'floors'> {
  const { filled: exhibits, cells } = join([
    ...shown.map((definition) =>
      definition.kind === 'table'
        ? buildTable(definition, evidence)
        : definition.kind === 'figure'
          ? buildFigure(definition, evidence)
          : buildScatter(definition, evidence),
    ),
    ...whole.map((one) => buildSuiteTable(one, evidence)),
  ]);
  if (noise === undefined) return { exhibits, cells, floors: null };
  return { exhibits, ...markFloors(cells, evidence.systems, noise, evidence.measured) };
}

/**
 * The columns that targets are compared with by their names alone: those of the paper, and of every publication with values
 * of some metric of this project. Others are compared with where a target reproduces them.
 */
function comparedColumns(): readonly string[] {
  const measured = references.flatMap(({ tables }) =>
    Object.values(tables).filter(({ rows }) => rows.some(({ metric }) => metric !== null)),
  );
  const tabulated = measured.flatMap(({ configurations }) => configurations);
  return [...new Set([...tabulated, ...columnsOf(referenceById('soltesz2007'))])];
}

/** One list of cells for all exhibits; indices moved accordingly. */
function join(built: readonly { readonly exhibit: Exhibit; readonly cells: readonly Cell[] }[]): {
  filled: Exhibit[];
  cells: Cell[];
} {
  const cells: Cell[] = [];
  const filled = built.map(({ exhibit, cells: own }): Exhibit => {
    const first = cells.length;
    for (const cell of own) cells.push(cell);
    const rows = exhibit.rows.map((row) => ({
      ...row,
      cells: row.cells.map((at) => at.map((index) => index + first)),
    }));
    return { ...exhibit, rows };
  });
  return { filled, cells };
}

/** When this harness measured; of imported and published trials only their sources know. */
function period(trials: Report['trials'], systems: Report['systems']): Pick<Report, 'measuredFrom' | 'measuredTo'> {
  const measured = new Set(systems.filter((system) => system.origin === 'measured').map((system) => system.key));
  const own = trials.filter((trial) => measured.has(trial.system));
  const started = own.flatMap((trial) => trial.started ?? []).sort();
  const ended = own.flatMap((trial) => trial.ended ?? []).sort();
  return { measuredFrom: started[0] ?? null, measuredTo: ended.at(-1) ?? null };
}
