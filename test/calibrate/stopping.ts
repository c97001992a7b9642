import { CONFIDENCE, studentQuantile, type Interval } from '../../reports/statistics/intervals.js';
import { positiveInterval, positiveMean, ratioOf } from '../../reports/statistics/positive.js';
import { normals, population, SHAPES, type Population, type Shape } from './sampling.js';

/** How often an interval holds the true value when `--ci-width` decided how many trials there are. */
export interface Stopping {
  readonly interval: 'positive mean' | 'ratio';
  readonly shape: Shape;
  /** Of `--min-trials`. */
  readonly least: number;
  /** The requested width of the interval of the mean, over the CV of the trials. */
  readonly widthOverCv: number;
  readonly share: number;
  /** Mean number of trials. */
  readonly trials: number;
  /** Share of simulations that ended at `MAX_TRIALS` without the requested width. */
  readonly exhausted: number;
  readonly simulations: number;
}

/** The default of `--max-trials`. */
const MAX_TRIALS = 30;
const CV = 0.05;
const LEAST = [3, 5, 10] as const;
const WIDTHS = [1, 1.5, 2, 3] as const;

const QUANTILES = Array.from({ length: MAX_TRIALS + 1 }, (_, n) => (n < 2 ? NaN : studentQuantile(CONFIDENCE, n - 1)));

/** Trials until Student's interval of their mean is as narrow as requested: the rule of `harness/run/trial/precision.ts`. */
export function drawUntil({ draw }: Population, least: number, width: number): readonly number[] {
  const values: number[] = [];
  let [mean, squares] = [0, 0];
  while (values.length < MAX_TRIALS) {
    const value = draw();
    values.push(value);
    const n = values.length;
    const step = value - mean;
    mean += step / n;
    squares += step * (value - mean);
    if (n < least) continue;
    const whole = 2 * (QUANTILES[n] ?? NaN) * Math.sqrt(squares / (n - 1) / n);
    if (whole / mean <= width) break;
  }
  return values;
}

/** Coverage of the interval of a mean, and of the ratio of two, whose trials ended by the rule. */
export function stoppingTable(seed: string, simulations: number): Stopping[] {
  const rows: Stopping[] = [];
  for (const interval of ['positive mean', 'ratio'] as const)
    for (const shape of SHAPES)
      for (const least of LEAST)
        for (const widthOverCv of WIDTHS) {
          const normal = normals(`${seed} stopping ${interval} ${shape} ${least} ${widthOverCv}`);
          const sides = [population(shape, 80, CV, normal), population(shape, 100, CV, normal)] as const;
          rows.push({
            interval,
            shape,
            least,
            widthOverCv,
            ...simulate(sides, interval, { least, widthOverCv, simulations }),
          });
        }
  return rows;
}

type Rule = Pick<Stopping, 'least' | 'widthOverCv' | 'simulations'>;

function simulate(
  [top, bottom]: readonly [Population, Population],
  interval: Stopping['interval'],
  { least, widthOverCv, simulations }: Rule,
): Pick<Stopping, 'share' | 'trials' | 'exhausted' | 'simulations'> {
  let [held, trials, exhausted] = [0, 0, 0];
  const truth = interval === 'ratio' ? top.mean / bottom.mean : top.mean;
  for (let simulation = 0; simulation < simulations; simulation += 1) {
    const own = drawUntil(top, least, widthOverCv * CV);
    const found = interval === 'ratio' ? ofRatio(own, drawUntil(bottom, least, widthOverCv * CV)) : ofMean(own);
    if (found !== undefined && found.low <= truth && truth <= found.high) held += 1;
    trials += own.length;
    if (own.length === MAX_TRIALS) exhausted += 1;
  }
  return { share: held / simulations, trials: trials / simulations, exhausted: exhausted / simulations, simulations };
}

function ofMean(values: readonly number[]): Interval | undefined {
  const one = positiveMean(values);
  return typeof one === 'string' ? undefined : positiveInterval(one);
}

function ofRatio(own: readonly number[], others: readonly number[]): Interval | undefined {
  const [a, b] = [positiveMean(own), positiveMean(others)];
  return typeof a === 'string' || typeof b === 'string' ? undefined : positiveInterval(ratioOf(a, b));
}
