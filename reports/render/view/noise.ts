import type { ArmDifference, NoiseFloor, NoiseMetric } from '../../model/noise.js';
import { formatP, formatPoints, plainLine } from '../../narrative/format.js';

/** One line of a table of noise, as text: the same in every format. */
export interface NoiseLine {
  readonly metric: string;
  /** Of a, b and detached; one number where they are the same. */
  readonly n: string;
  readonly again: string;
  readonly p: string;
  readonly verdict: string;
  readonly floor: string;
  readonly detached: string;
}

/** Headings of the columns of `NoiseLine`, in its order. */
export const NOISE_HEADINGS = [
  'Metric',
  'n',
  'b − a, % [95 %]',
  'p (Holm)',
  'At the 5 % level',
  'Smallest resolvable',
  'Detached − a, % [95 %]',
] as const;

/** The paragraph before the tables. */
export const NOISE_LEAD =
  'The same target is measured in identical arms a and b: their difference is noise. The smallest resolvable difference is ' +
  'the one that as many trials detect with a probability of 80 %, and at least the difference of a and b. In the arm ' +
  'detached, the harness has no session to the host while a trial measures.';

const VERDICTS: Readonly<Record<NoiseMetric['verdict'], string>> = {
  'no difference': 'no difference',
  difference: 'different',
  unknown: 'too few trials',
};

export function noiseLines({ metrics }: NoiseFloor): NoiseLine[] {
  return metrics.map(({ metric, label, trials, again, verdict, floor, detached }) => ({
    metric: plainLine(`${metric.slice(0, metric.indexOf('/'))}: ${label}`),
    n:
      [...new Set([trials.a, trials.b, trials.detached])].length === 1
        ? `${trials.a}`
        : Object.values(trials).join('/'),
    again: differenceText(again),
    p: again?.holmP == null ? '–' : formatP(again.holmP),
    verdict: VERDICTS[verdict],
    floor: floor === null ? '–' : percent(floor),
    detached: differenceText(detached),
  }));
}

/** `0.84 %`, with two significant digits. */
export function percent(value: number): string {
  return `${Number(value.toPrecision(2))} %`;
}

function differenceText(difference: ArmDifference | null): string {
  if (difference === null) return '–';
  const { percent: center, low, high } = difference;
  return `${formatPoints(center)}${low === null || high === null ? '' : ` [${formatPoints(low)} – ${formatPoints(high)}]`}`;
}
