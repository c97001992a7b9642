import type { Metric, MetricId } from '../../harness/types.js';
import { comparisonWith, type Comparisons } from './comparisons.js';
import type { Divisor, ShareRequest } from '../model/exhibit.js';
import { benchmarkKey, type Loaded } from '../read/load.js';
import { compare, judgeRatio, judgeShare, type Judged, type Judgement } from './judge.js';
import { blankCell } from './blank-cell.js';
import type { JudgedCell } from './multiplicity.js';
import { metricOf, splitMetric, type Measured } from '../model/measured.js';
import { relativePerformance, type Ratio } from './normalize.js';
import { precisionNotes, precisionOf } from './precision.js';
import { publishedDeviation, type PublishedRow } from './published-fields.js';
import { requestedShare } from './shares.js';
import { seriesKey, summarize, type Series, type SeriesIndex, type Summary } from './summarize.js';
import type { Interval } from '../statistics/intervals.js';
import { observe, positiveEstimate } from '../statistics/observed.js';
import { factsOf, statedState, type StatedIndex } from './stated.js';
import { absence, countsFor, notesOf, type Tallies } from './tally.js';
import {
  levelNotes,
  noIntervalNotes,
  poolNote,
  stoppingNotes,
  unstableNote,
  type StoppingRules,
} from './series-notes.js';
import type { FactSubject } from '../model/document.js';
import type { NoRatio, Note } from '../model/note.js';
import type { CellPrecision } from '../model/precision.js';
import type { Cell, PairedRatio, System } from '../model/types.js';

/** The data that cells are computed from, the same for all exhibits. */
export interface Evidence {
  readonly measured: readonly Measured[];
  readonly loaded: Loaded;
  readonly systems: readonly System[];
  /** Keys of systems that exhibits leave out, see `emulation.ts`. */
  readonly hidden: ReadonlySet<string>;
  readonly index: SeriesIndex;
  readonly stated: StatedIndex;
  readonly tallies: Tallies;
  readonly comparisons: Comparisons;
  readonly facts: readonly FactSubject[];
  readonly stopping: StoppingRules;
}

/** A row of an exhibit: what its cells show. */
export interface RowSpec {
  readonly exhibit: string;
  readonly metric: MetricId;
  readonly publishedRow: PublishedRow | undefined;
  readonly label?: string | undefined;
  readonly request?: ShareRequest | undefined;
  /** Default: the same metric of the baseline. */
  readonly divisor?: Divisor | undefined;
  /** Whether cells have ratios; default true. */
  readonly compared?: boolean;
  /** Whether cells have verdicts; tables of whole suites show published values without verdicts. */
  readonly judged: boolean;
}

/** The cells of one metric and system: one, or several where its trials may not be pooled. */
export function cellsAt(row: RowSpec, system: System, evidence: Evidence): JudgedCell[] {
  const [suiteId, metricName] = splitMetric(row.metric);
  const metric = metricOf(row.metric, evidence.measured) ?? {
    label: row.publishedRow?.row ?? metricName,
    unit: 'us',
    better: 'lower',
  };
  const key = seriesKey(system, suiteId, metricName);
  const several = evidence.index.get(key) ?? [];
  const stated = factsOf(evidence.stated.get(key) ?? []);
  const blank = { ...blankCell(row, system, metric, suiteId, evidence.systems), stated };
  const tally = evidence.tallies.get(benchmarkKey(system.key, suiteId));
  if (several.length === 0 && system.origin === 'published')
    return [{ cell: { ...blank, ...statedState(stated) }, ...UNCOMPARED }];
  if (several.length === 0) {
    const { state, why } = absence(tally, metricName);
    const trials = countsFor(tally, metricName, 0);
    return [{ cell: { ...blank, state, why, verdict: 'not measured', trials }, ...UNCOMPARED }];
  }
  const apart: readonly Note[] = several.length > 1 ? [{ kind: 'separate series' }] : [];
  return several.map((series) => {
    const { cell, ...judged } = valueCell(blank, row, series, metric, evidence);
    const trials = countsFor(tally, metricName, series.samples.length);
    const notes = [...cell.notes, ...apart, ...notesOf(tally, metricName)];
    return { cell: { ...cell, trials, notes }, ...judged };
  });
}

function valueCell(blank: Cell, row: RowSpec, series: Series, metric: Metric, evidence: Evidence): JudgedCell {
  const { n, center, sd, interval, form, noInterval } = summarize(series, metric);
  const { ratios, withoutRatio } = comparisonWith(row.divisor, evidence.comparisons);
  const ratio = row.compared === false ? undefined : ratios.get(series);
  const relative = ratio && relativePerformance(ratio, blank.better);
  const request = row.request && requestedShare(row.request, series.system.shape.cpus.length, { center, interval });
  const { comparison, ...judgement } = row.judged
    ? request === undefined
      ? judgeRatio(series, ratio, blank.publishedRatio)
      : judgeShare(
          series,
          metric,
          request,
          publishedDeviation(row.metric, row.publishedRow, row.request, series.system),
          row.request?.within ?? 0,
        )
    : UNJUDGED;
  const judgesRatio = row.judged && request === undefined;
  const paired = ratio ? pairedCell(series, ratio, judgesRatio ? blank.publishedRatio : undefined) : null;
  // Where shares are shown, ratios are not.
  const hasNone = request !== undefined || row.compared === false || series.system.origin === 'published';
  const noRatio = hasNone ? undefined : withoutRatio.get(series);
  const difference = ratio && compare(series, ratio.baseline);
  const precision = precisionOf(series, metric);
  const cell: Cell = {
    ...blank,
    state: 'value',
    n,
    center,
    sd,
    precision,
    intervalForm: form,
    paired,
    ...ends(interval, 'low', 'high'),
    ratio: ratio?.center ?? null,
    baseline: ratio?.baseline.system.key ?? null,
    ...ends(ratio?.interval ?? null, 'ratioLow', 'ratioHigh'),
    relative: relative?.center ?? null,
    ...ends(relative?.interval ?? null, 'relativeLow', 'relativeHigh'),
    ...judgement,
    suiteVersion: series.suiteVersion,
    tool: series.tool,
    difference: difference ? { ...difference, holmP: null } : null,
    levels: series.system.origin === 'published' ? null : series.levels,
    request: request ?? null,
    notes: [
      ...seriesNotes(series, { noInterval, ratio, precision, noRatio }, evidence),
      ...(ratio && paired ? pairedNotes(ratio, paired, judgesRatio ? judgement : undefined) : []),
    ],
    samples: series.samples.map(({ value, trial, file, line }) => [value, trial, file, line] as const),
  };
  return { cell, comparison, sides: ratio ? { series, baseline: ratio.baseline } : null };
}

interface Found {
  readonly noInterval: Summary['noInterval'];
  readonly ratio: Ratio | undefined;
  readonly precision: CellPrecision | null;
  readonly noRatio: NoRatio | undefined;
}

/** What a reader must know of a value and its ratio. */
function seriesNotes(series: Series, { noInterval, ratio, precision, noRatio }: Found, evidence: Evidence): Note[] {
  const baseline = ratio?.baseline === series ? undefined : ratio && baselinePrecision(ratio, evidence);
  return [
    ...levelNotes(series),
    ...precisionNotes(precision, baseline),
    ...noIntervalNotes(noInterval, ratio),
    ...(series.clock === null ? [] : [{ kind: 'clock', clock: series.clock } as const]),
    ...(noRatio === undefined ? [] : [{ kind: 'no ratio', ...noRatio } as const]),
    ...(ratio?.notes ?? []),
    ...poolNote(series),
    ...stoppingNotes(series, evidence.stopping),
    ...unstableNote(
      series,
      evidence.measured.find(({ id }) => id === series.suite),
    ),
  ];
}

function baselinePrecision({ baseline }: Ratio, { measured }: Evidence): CellPrecision | null {
  return precisionOf(baseline, metricOf(`${baseline.suite}/${baseline.metric}`, measured));
}

/** `published` is undefined where ratios are not judged. */
function pairedCell(series: Series, ratio: Ratio, published: number | null | undefined): PairedRatio | null {
  const { paired } = ratio;
  if (paired === null) return null;
  const { center, interval, blocks } = paired;
  const observed = observe(positiveEstimate(paired, blocks));
  const judged = published === undefined ? UNJUDGED : judgeRatio(series, ratio, published, observed);
  return { blocks, ratio: center, low: interval.low, high: interval.high, verdict: judged.verdict };
}

function pairedNotes({ interval }: Ratio, paired: PairedRatio, judgement: Judgement | undefined): readonly Note[] {
  if (interval === null) return [];
  const excludesOne = ({ low, high }: Interval): boolean => low > 1 || high < 1;
  const { blocks } = paired;
  if (excludesOne(interval) !== excludesOne(paired)) {
    return [{ kind: 'paired analysis differs', in: 'difference', blocks }];
  }
  return judgement === undefined || judgement.verdict === paired.verdict
    ? []
    : [{ kind: 'paired analysis differs', in: 'verdict', blocks }];
}

const UNCOMPARED = { comparison: null, sides: null } as const;

const UNJUDGED: Judged = {
  ...{ verdict: 'not judged', why: 'the whole suite: exhibits judge' },
  ...{ neededTrials: null, comparison: null },
};

function ends<Low extends string, High extends string>(
  interval: Interval | null,
  low: Low,
  high: High,
): Record<Low | High, number | null> {
  return { [low]: interval?.low ?? null, [high]: interval?.high ?? null } as Record<Low | High, number | null>;
}
