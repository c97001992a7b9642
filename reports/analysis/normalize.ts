import type { Metric } from '../../harness/types.js';
import { isBaselineOf } from '../read/baselines.js';
import type { Divisor } from '../model/exhibit.js';
import { splitMetric } from '../model/measured.js';
import { sameSize } from '../model/same-size.js';
import { mean } from '../statistics/descriptive.js';
import type { Interval } from '../statistics/intervals.js';
import { positiveInterval, ratioOf } from '../statistics/positive.js';
import { pairByBlock, type Paired } from './paired.js';
import { estimateOf, isSameClock, seriesKey, type Series, type SeriesIndex } from './summarize.js';
import type { BaselineNote, NoRatio, NoRatioInterval, Note, ReplicatedAt, ToolVersion } from '../model/note.js';
import type { System, Trial } from '../model/types.js';

/** Mean over baseline mean, as measured: above 1 is *more*, which is slower for times and faster for rates. */
export interface Ratio {
  readonly center: number;
  readonly interval: Interval | null;
  /** Why there is no interval; null for one that has it, and for a baseline over itself. */
  readonly noInterval: NoRatioInterval | null;
  readonly baseline: Series;
  /** The same ratio from complete blocks alone; null where there are too few. */
  readonly paired: Paired | null;
  /** How the two sides differ in ways that a reader must know. */
  readonly notes: readonly Note[];
}

/**
 * Relative performance, higher is better: the plain ratio for higher-is-better metrics, inverted for lower-is-better
 * ones. Nothing else inverts values. The ends of the interval are swapped.
 */
export function relativePerformance(
  ratio: { readonly center: number; readonly interval: Interval | null },
  better: Metric['better'],
): { readonly center: number; readonly interval: Interval | null } {
  if (better === 'higher') return { center: ratio.center, interval: ratio.interval };
  const { center, interval } = ratio;
  return { center: 1 / center, interval: interval && { low: 1 / interval.high, high: 1 / interval.low } };
}

/** The ratio of a series to its baseline series, as `baselineFor` chooses it. That of a series to itself has no interval. */
export function ratioTo(series: Series, baseline: Series, trials: readonly Trial[]): Ratio {
  const center = mean(series.values) / mean(baseline.values);
  const notes = differencesFromBaseline(series, baseline);
  if (series === baseline) return { center, interval: null, noInterval: null, baseline, notes, paired: null };
  const [own, base] = [estimateOf(series), estimateOf(baseline)];
  if (series.system.origin === 'published') {
    // Most publications give no spread to compute with.
    const interval = typeof own === 'string' || typeof base === 'string' ? null : positiveInterval(ratioOf(own, base));
    return { center, interval, noInterval: null, baseline, notes, paired: null };
  }
  const paired = pairByBlock(series, baseline, trials);
  if (typeof own === 'string') {
    return { center, interval: null, noInterval: { side: 'own', reason: own }, baseline, notes, paired };
  }
  if (typeof base === 'string') {
    return { center, interval: null, noInterval: { side: 'baseline', reason: base }, baseline, notes, paired };
  }
  return { center, interval: positiveInterval(ratioOf(own, base)), noInterval: null, baseline, notes, paired };
}

/**
 * The series that a series may be divided by: the same metric of the baseline, or what `divisor` names, of the same
 * profile, origin, suite version, origin of the tool and kind of clock, and both on real machines or both on emulated ones. Published values are divided by published ones only. Imported ones by imported ones, or else by measured ones.
 */
export function baselineFor(
  series: Series,
  divisor: Divisor | undefined,
  systems: readonly System[],
  index: SeriesIndex,
): { readonly baseline: Series } | { readonly noRatio: NoRatio } {
  const [owner, name] = divisor === undefined ? [series.suite, series.metric] : splitMetric(divisor.metric);
  const own = divisor?.system === 'same';
  const everywhere = systems
    .filter((system) => (own ? system === series.system : isBaselineOf(system, series.system)))
    .flatMap((system) => index.get(seriesKey(system, owner, name)) ?? []);
  if (own && everywhere.length === 0) return none({ reason: 'not measured', benchmark: owner });
  const alike = everywhere.filter((candidate) => candidate.system.emulated === series.system.emulated);
  if (alike.length === 0 && everywhere.length > 0) {
    return none({ reason: 'emulation', emulated: series.system.emulated });
  }
  const candidates = alike.filter((candidate) => candidate === series || sameSize(candidate.system, series.system));
  const origins = series.system.origin === 'imported' ? ['imported', 'measured'] : [series.system.origin];
  const sameOrigin = origins
    .map((origin) => candidates.filter((candidate) => candidate.system.origin === origin))
    .find((found) => found.length > 0);
  if (sameOrigin === undefined) return none(whyNoBaseline(everywhere, series));
  // Versions count the changes of one suite or workload: those of two are not comparable.
  const sameVersion = sameOrigin.filter(
    (candidate) => owner !== series.suite || candidate.suiteVersion === series.suiteVersion,
  );
  if (sameVersion.length === 0) return none({ reason: 'suite version' });
  const sameTool = armsTogether(
    sameVersion.filter((candidate) => sameToolKind(candidate, series)),
    series,
  );
  const [other] = sameTool;
  if (other === undefined) return none({ reason: 'tool' });
  const sameClock = sameTool.filter((candidate) => isSameClock(candidate, series));
  const baseline =
    sameClock.find((candidate) => candidate === series) ??
    sameClock.find((candidate) => sameHost(candidate, series)) ??
    sameClock[0];
  if (baseline === undefined) return none({ reason: 'clock', own: series.clock, baseline: other.clock });
  if (!(mean(baseline.values) > 0) || baseline.values.some((value) => value <= 0)) {
    return none({ reason: 'not positive' });
  }
  return { baseline };
}

function none(noRatio: NoRatio): { readonly noRatio: NoRatio } {
  return { noRatio };
}

/** The baseline of an arm of a noise run is its arm a; other systems have arms as baseline only if there is nothing else. */
function armsTogether(candidates: readonly Series[], { system: { arm } }: Series): readonly Series[] {
  const alike = candidates.filter((candidate) => (candidate.system.arm === null) === (arm === null));
  return alike.length > 0 ? alike : candidates;
}

function whyNoBaseline(everywhere: readonly Series[], series: Series): NoRatio {
  const other = everywhere.find((candidate) => candidate.system.origin !== 'published');
  if (other === undefined || series.system.origin === 'published') return { reason: 'no value' };
  if (other.system.profile === series.system.profile && other.system.profile === 'unknown') {
    return { reason: 'size', own: series.system.size, baseline: other.system.size };
  }
  if (other.system.profile === series.system.profile) return { reason: 'origin', baseline: other.system.origin };
  return { reason: 'profile', baseline: other.system.profile };
}

/** Imported output does not state where its tool came from; it is compared with output of a target's own tool. */
export function sameToolKind(a: Series, b: Series): boolean {
  if (a.tool.origin === b.tool.origin) return true;
  const origins = [a.tool.origin, b.tool.origin];
  return origins.includes('unknown') && origins.includes('target');
}

function sameHost(a: Series, b: Series): boolean {
  return a.system.host === b.system.host;
}

/** How a series and the one that it is divided by differ in ways that a reader must know. */
export function differencesFromBaseline(series: Series, baseline: Series): BaselineNote[] {
  const notes: BaselineNote[] = [];
  if (!sameHost(series, baseline) && series.system.origin !== 'published') {
    notes.push({ kind: 'other host', own: series.system.host, baseline: baseline.system.host });
  }
  if (series.system.origin !== baseline.system.origin) {
    notes.push({ kind: 'other origin', own: series.system.origin, baseline: baseline.system.origin });
    return notes;
  }
  if (series.tool.version !== baseline.tool.version || series.tool.name !== baseline.tool.name) {
    const toolOf = ({ tool: { name, version } }: Series): ToolVersion => ({ name, version });
    notes.push({ kind: 'other tool', own: toolOf(series), baseline: toolOf(baseline) });
  }
  if (series.system.origin === 'measured' && series.levels.level !== baseline.levels.level) {
    notes.push({ kind: 'other level', own: replicatedAt(series), baseline: replicatedAt(baseline) });
  }
  if (series.tool.linkage !== baseline.tool.linkage) {
    notes.push({ kind: 'other linkage', own: series.tool.linkage, baseline: baseline.tool.linkage });
  }
  return notes;
}

function replicatedAt({ levels: { level, boots, trials } }: Series): ReplicatedAt {
  return { level, boots, trials };
}
