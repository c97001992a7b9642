import type { ArmDifference, NoiseFloor, NoiseMetric } from '../../model/noise.js';
import { formatP, formatPoints, plainLine } from '../../narrative/format.js';

/** One line of a table of noise, as text: what every format shows of it. */
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

/** What the section says before its tables. */
export const NOISE_LEAD =
  'The same target was measured against itself, in arms that only chance tells apart: whatever differs between a and b is ' +
  'noise. The smallest resolvable difference is what as many trials would show with a probability of 80 %, and never ' +
  'less than what the two arms differ by. In the arm detached the harness had no session to the host while a trial measured.';

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
