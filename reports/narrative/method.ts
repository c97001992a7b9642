import { MARGIN } from '../statistics/equivalence.js';
import { CONFIDENCE, MIN_TRIALS } from '../statistics/intervals.js';
import { MIN_BLOCKS } from '../statistics/paired.js';
import type { Method, MethodParagraph } from '../model/document.js';

const CONFIDENT = `${100 * CONFIDENCE} %`;

const ORDER =
  'A block has one trial of each system in a suite; over the blocks each system takes each position in the order equally ' +
  'often, as near as counts allow. The report counts positions, and tests for an effect of position by an F test on the ' +
  'logarithm of values, adjusted for the effect of the system, with Holm’s correction over all metrics. ';

/** The method in one paragraph, which every format has. */
const STATEMENT =
  `Intervals are ${CONFIDENT}: on the scale of logarithms for positive quantities and for ratios, Student’s for shares and ` +
  'for what may be 0; never narrower than the tool rounds. Paired analysis by block is noted where it leads to another ' +
  `conclusion. Margin of equivalence: ${100 * MARGIN} %.`;

/** Those that are the same in every report. */
const PARAGRAPHS: readonly MethodParagraph[] = [
  {
    title: 'Levels',
    text:
      'Trials of one boot of the host are not independent of each other. With at least ' +
      `${MIN_TRIALS} boots of a system its observations are the means of boots; with fewer they are trials, and intervals do ` +
      'not cover what varies from boot to boot. Notes state how many boots, starts of guests and trials there are, and which ' +
      'share of the variance boots have, by the analysis of variance.',
  },
  {
    title: 'Means',
    text:
      `A mean is over observations. The ${CONFIDENT} interval of a positive quantity is Student’s on the scale of logarithms, ` +
      'mean · exp(± t s / (√n mean)) with n − 1 degrees of freedom, and so always positive. Shares of a whole, and ' +
      'quantities that are 0 in some trial, have Student’s interval, cut at what is possible. With fewer than ' +
      `${MIN_TRIALS} trials there is no interval and no verdict.`,
  },
  {
    title: 'Ratios',
    text:
      'A ratio is the mean of the system divided by the mean of the baseline: for times, above 1 is slower. Its interval is ' +
      'r · exp(± t √(s₁²/(n₁ m₁²) + s₂²/(n₂ m₂²))), with the degrees of freedom of Satterthwaite; relative performance, ' +
      'losses and gains are derived from it. In simulation with 3 to 10 trials a side it covers the true ratio in 94 to 97 of ' +
      '100 cases.',
  },
  {
    title: 'Rounding',
    text:
      'A variance is never taken to be less than that of rounding to the last digit that the tool prints, q²/12, so that ' +
      'equal values do not have an interval of width 0. Equal values of a tool whose resolution is unknown have none.',
  },
  {
    title: 'Blocks',
    text:
      `As a sensitivity analysis, ratios with at least ${MIN_BLOCKS} complete blocks are also computed from pairs: Student’s ` +
      'interval of the mean log-ratio within blocks. No verdict rests on it; where it leads to another conclusion, a note ' +
      'reports it.',
  },
  {
    title: 'Differences',
    text:
      'p is from Welch’s t test against the baseline, with Holm’s correction over the cells of the table; g is the ' +
      'difference in standard deviations (Hedges). A small p with a ratio near 1 is a real difference that is too small to ' +
      'matter.',
  },
  {
    title: 'Verdicts',
    text:
      `A published ratio is reproduced when the whole interval lies within ${100 * MARGIN} % of it, contradicted when it lies ` +
      'outside after Holm’s adjustment for the verdicts of the exhibit, and inconclusive otherwise. So an exhibit whose true ' +
      'ratios all lie within the margin has a contradicted cell in at most 5 of 100 reports; reproduced is of each cell alone.',
  },
  {
    title: 'Several numbers at once',
    text:
      'Intervals are of each number alone, not adjusted for how many there are. Notes state how many of an exhibit are expected ' +
      'not to cover the true value; headlines state of how many numbers a smallest and a largest one are.',
  },
];

/**
 * How the numbers and verdicts of a report are computed, in plain sentences. The only wording of it, for every format.
 * `measured` is whether this harness measured anything that is in it.
 */
export function describeMethod(measured: boolean): Method {
  return { statement: STATEMENT, paragraphs: [aboutTrials(measured), ...PARAGRAPHS] };
}

function aboutTrials(measured: boolean): MethodParagraph {
  return {
    title: 'Trials',
    text:
      'A trial is one execution of a suite on a system; n is the number of trials. Repetitions inside a tool belong to one ' +
      `trial, because they are not independent of each other. ${measured ? ORDER : ''}Trials that failed, or are void ` +
      'because a gate found a disturbance, are listed with the reason and do not enter any number.',
  };
}
