import type { CpuClock } from '../../harness/types.js';
import { counted, formatFloor, formatPoints, formatRatio } from './format.js';
import { precisionText, roundPercent } from './precision.js';
import type { ExhibitNote, NoRatio, NoRatioInterval, Note, ReplicatedAt, ToolVersion } from '../model/note.js';

/** A note in words, without a full stop: the same in every format. */
export function describeNote(note: Note): string {
  switch (note.kind) {
    case 'separate series':
      return 'trials with another tool, suite version or clock are in a separate cell';
    case 'no interval':
      return note.reason === 'too few'
        ? `no interval from fewer than ${note.minTrials} trials`
        : 'no interval: all values are equal, and the resolution of the tool is unknown';
    case 'no ratio interval':
      return `no interval of the ratio: ${describeNoRatioInterval(note)}`;
    case 'paired analysis differs':
      return note.in === 'difference'
        ? `paired by its ${note.blocks} complete blocks, the ratio leads to another conclusion about a difference`
        : `paired by its ${note.blocks} complete blocks, the ratio has another verdict`;
    case 'levels':
      return describeLevels(note);
    case 'pooled runs':
      return `trials of ${note.runs} runs are pooled`;
    case 'clock':
      return `CPU time counted by ${describeClock(note.clock)}`;
    case 'no ratio':
      return `no ratio: ${describeNoRatio(note)}`;
    case 'baseline':
      return `ratio to ${note.label}`;
    case 'other host':
      return `measured on ${note.own}, its baseline on ${note.baseline}`;
    case 'other origin':
      return `${note.own}, its baseline is ${note.baseline}: machines and tools may differ`;
    case 'other tool':
      return `measured with ${toolVersion(note.own)}, its baseline with ${toolVersion(note.baseline)}`;
    case 'other level':
      return `replicated by ${replicatedAt(note.own)}, its baseline by ${replicatedAt(note.baseline)}: the interval of the ratio covers what varies from boot to boot on one side only`;
    case 'other linkage':
      return `its tool is linked with ${note.own ?? 'unknown'}, that of the baseline with ${note.baseline ?? 'unknown'}`;
    case 'trials without value':
      return `${note.trials} ${note.status} of ${note.of} trials: ${note.why}`;
    case 'value missing':
      return `missing in ${note.trials} of ${note.of} trials: ${note.why}`;
    case 'unstable profile':
      return `expect trials to differ by more than 5 %: ${note.why}`;
    case 'imprecise':
      return `${note.grade}: ${precisionText({ precision: note })}`;
    case 'imprecise ratio':
      return `ratio of imprecise values: ${describeSides(note)}`;
    case 'adaptive stopping':
      return `the spread of the trials decided how many there are (--ci-width ${note.ciWidth}%, at least ${note.minTrials}): 95 % intervals then cover the true value in as few as ${leastCoverage(note.minTrials)} % of runs`;
    case 'below noise floor':
      return formatFloor(note.percent);
  }
}

/** `9 trials in 9 starts and 3 boots; the interval is that of the means of boots`. */
function describeLevels({ level, boots, starts, trials }: Extract<Note, { readonly kind: 'levels' }>): string {
  const inStarts = starts === null || starts === boots ? '' : `${counted(starts, 'start')} and `;
  const counts = `${counted(trials, 'trial')} in ${inStarts}${counted(boots, 'boot')}`;
  return level === 'boot'
    ? `${counts}; the interval is that of the means of boots`
    : `${counts}; the interval is that of trials and does not cover what varies from boot to boot`;
}

function describeNoRatio(why: NoRatio): string {
  switch (why.reason) {
    case 'not measured':
      return `${why.benchmark} was not measured on this system`;
    case 'emulation':
      return `measured on ${machine(why.emulated)}, its baseline on ${machine(!why.emulated)}`;
    case 'suite version':
      return 'the baseline was measured with another version of the suite';
    case 'tool':
      return 'the baseline was measured with another tool';
    case 'clock':
      return `CPU time counted by ${describeClock(why.own)}, of the baseline by ${describeClock(why.baseline)}: these are not comparable`;
    case 'not positive':
      return 'the baseline has values that are not positive';
    case 'no value':
      return 'the baseline has no value of this metric';
    case 'origin':
      return `the baseline is ${why.baseline} data only`;
    case 'profile':
      return `the baseline was measured at the ${why.baseline} profile`;
    case 'size':
      return `its size is ${why.own ?? 'not stated'}, that of the baseline ${why.baseline ?? 'not stated'}`;
  }
}

function describeNoRatioInterval({ side, reason }: NoRatioInterval): string {
  const whose = side === 'own' ? 'its' : "the baseline's";
  switch (reason) {
    case 'too few':
      return `${whose} trials are too few`;
    case 'not positive':
      return `${whose} values are not all positive`;
    case 'no spread':
      return `${whose} values are all equal, and the resolution of the tool is unknown`;
  }
}

/** What simulations of runs that end by their precision found, see docs/calibration.md. */
function leastCoverage(minTrials: number): number {
  return minTrials < 5 ? 87 : minTrials < 10 ? 90 : 92;
}

function describeSides({ own, baseline }: Extract<Note, { readonly kind: 'imprecise ratio' }>): string {
  const sides = [
    ...(own === null ? [] : [`its own CV is ${roundPercent(own)} %`]),
    ...(baseline === null ? [] : [`that of the baseline ${roundPercent(baseline)} %`]),
  ];
  return sides.join(', ');
}

function describeClock(clock: CpuClock | null): string {
  return clock === null ? 'an unknown clock' : `${clock.kind} (${clock.words})`;
}

function replicatedAt({ level, boots, trials }: ReplicatedAt): string {
  if (level === 'boot') return `${boots ?? 0} boots`;
  return boots === null ? `${trials} trials` : `${trials} trials in ${boots} ${boots === 1 ? 'boot' : 'boots'}`;
}

function machine(emulated: boolean): string {
  return emulated ? 'an emulated machine' : 'a real machine';
}

function toolVersion({ name, version }: ToolVersion): string {
  return `${name} ${version ?? 'of unknown version'}`;
}

/** Up to this many rows are named one by one. */
const MAX_NAMED = 4;

/** The notes of an exhibit in words; what applies to several targets is written once. */
export function describeExhibitNotes(notes: readonly ExhibitNote[]): string[] {
  const targets = new Map<string, string[]>();
  for (const note of notes) {
    const key = shared(note);
    if (key !== undefined) targets.set(key, [...(targets.get(key) ?? []), targetOf(note)]);
  }
  const written = new Set<string>();
  return notes.flatMap((note) => {
    const key = shared(note);
    const all = key === undefined ? [] : (targets.get(key) ?? []);
    if (key === undefined || all.length < MERGED_FROM) return [describeExhibitNote(note)];
    if (written.has(key)) return [];
    written.add(key);
    return [`${all.join(', ')}: ${key}`];
  });
}

/** A note on so many targets or more is written once. */
const MERGED_FROM = 3;

/** What a note on the cells of a target states, without the target. */
function shared(note: ExhibitNote): string | undefined {
  return note.kind === 'cells' ? describeExhibitNote(note).slice(note.target.length + 2) : undefined;
}

function targetOf(note: ExhibitNote): string {
  return note.kind === 'cells' ? note.target : '';
}

/** One note in words. */
export function describeExhibitNote(note: ExhibitNote): string {
  switch (note.kind) {
    case 'cells': {
      const text = `${note.target}: ${describeNote(note.note)}`;
      return note.metrics === null ? text : `${text} [${rowNames(note.metrics)}]`;
    }
    case 'boot variance':
      return `${note.target}: ${describeBootVariance(note)}`;
    case 'multiplicity':
      return describeMultiplicity(note);
    case 'sources differ':
      return describeSources(note);
    case 'stated':
      return `${note.target}: ${note.check}: ${note.found}`;
    case 'left out':
      return `left out: ${note.systems.join(', ')}; --with-emulated shows what was measured there`;
    case 'no line rate':
      return `The line rate is not marked: ${note.why}.`;
  }
}

function describeMultiplicity({
  intervals,
  expectedToMiss,
  verdicts,
}: Extract<ExhibitNote, { readonly kind: 'multiplicity' }>): string {
  const expected = `each 95 % interval is of its own cell, so of ${intervals} about ${expectedToMiss.toFixed(1)} are expected not to cover the true value`;
  const adjusted = ['p values of differences', ...(verdicts > 1 ? [`“contradicted” (${verdicts} verdicts)`] : [])];
  return `${expected}; ${adjusted.join(' and ')} are adjusted for their number (Holm)`;
}

/** `fork process: soltesz2006-preprint has 103.2 on Linux-UP, where soltesz2007 has 86.5 (+19.3 %), ...`. */
function describeSources({
  label,
  reference,
  values,
}: Extract<ExhibitNote, { readonly kind: 'sources differ' }>): string {
  const parts = values.map(({ column, value, compared, percent, ratio, ratioPercent }) => {
    const ofRatio =
      ratio === null || ratioPercent === null
        ? ''
        : `; ${signedPercent(ratioPercent)} as a ratio, ${formatRatio(ratio)}`;
    return `${value} on ${column} where ${reference} has ${compared} (${signedPercent(percent)}${ofRatio})`;
  });
  return `${label}: ${values[0]?.reference ?? ''} has ${parts.join(', ')}`;
}

function signedPercent(percent: number): string {
  return `${formatPoints(percent, 1)} %`;
}

function describeBootVariance(note: Extract<ExhibitNote, { readonly kind: 'boot variance' }>): string {
  const { low, high, cells, clipped } = note;
  const percent = (share: number): string => (100 * share).toFixed(0);
  const share = percent(low) === percent(high) ? percent(low) : `${percent(low)} to ${percent(high)}`;
  const zero = clipped === 0 ? '' : `; in ${clipped} of ${cells} cells its estimate was negative, and 0 was taken`;
  return `boots have ${share} % of the variance, starts and trials the rest${zero}`;
}

function rowNames(metrics: readonly string[]): string {
  if (metrics.length <= MAX_NAMED) return metrics.join(', ');
  const named = metrics.slice(0, MAX_NAMED - 1);
  return `${named.join(', ')} and ${metrics.length - named.length} more`;
}

/** Why a cell with a value has no ratio, in words; undefined when no note of it gives a reason. */
export function whyNoRatio(notes: readonly Note[]): string | undefined {
  const note = notes.find(({ kind }) => kind === 'no ratio');
  return note && describeNote(note);
}
