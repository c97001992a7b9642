import replications from './replications.json' with { type: 'json' };
import { alarmTable } from './alarms.js';
import { coverageTable } from './coverage.js';
import { shareError } from './sampling.js';
import { stoppingTable } from './stopping.js';
import { decisionTable, verdictTable } from './verdicts.js';

/** A share with its Monte Carlo error (one standard error), in percent. */
const shown = (share: number, simulations: number): string =>
  `${(100 * share).toFixed(1)} ± ${(100 * shareError(share, simulations)).toFixed(1)}`;

const percent = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The section of `docs/calibration.md` on runs that end by their precision. */
export function stoppingSection(seed: string, simulations: number): string {
  const rows = stoppingTable(seed, simulations).map((row) => [
    row.interval,
    row.shape,
    String(row.least),
    `${row.widthOverCv} × CV`,
    row.trials.toFixed(1),
    shown(row.share, simulations),
  ]);
  return `## Coverage where precision ends a run

\`--ci-width\` repeats until Student's interval of a mean is as narrow as requested, so a run ends early when its trials happen
to lie close together. Its 95 % intervals then cover the true value less often than 95 %: with \`--min-trials 3\` those of a ratio
in as few as 87 to 88 %, with 5 (the default) in as few as 90 %, with 10 in 92 % or more. Values of such runs have a note with
this. Trials have a CV of 5 %; at most 30 are made; one metric decides. In a suite of many metrics the one that spreads most
decides, and the others lose less.

${table(['interval of', 'distribution', '--min-trials', '--ci-width', 'mean n', 'coverage'], rows)}`;
}

/** The text of `docs/calibration.md`. The same seed and number of simulations give the same text. */
export function calibrationText(seed: string, simulations: number): string {
  const coverage = coverageTable(seed, simulations).map(({ interval, shape, cv, n, share }) => [
    interval,
    shape,
    percent(cv),
    String(n),
    shown(share, simulations),
  ]);
  const verdicts = verdictTable(seed, Math.ceil(simulations / 2)).map((row) => [
    `± ${percent(row.margin)}`,
    String(row.checks),
    row.at === 0 ? 'center' : row.at === 1 ? 'edge' : `${row.at} margins`,
    String(row.n),
    shown(row.reproduced, row.simulations),
    shown(row.contradicted, row.simulations),
  ]);
  const decisions = decisionTable(seed, simulations).map(({ truth, cv, named, decided }) => [
    String(truth),
    percent(cv),
    named === null ? 'none' : String(named),
    decided === null ? '' : shown(decided, simulations),
  ]);
  const alarms = alarmTable(seed, Math.ceil(simulations / 5)).map((row) => [
    row.test,
    row.shape,
    String(row.cells),
    String(row.n),
    shown(row.share, row.simulations),
  ]);
  const replicated = replications.map((each) => [
    each.suites.join(', '),
    `${each.runs} × ${each.trialsPerArm}`,
    String(each.metrics),
    `${(100 * each.holdZero).toFixed(1)} % of ${each.intervals}`,
    `${(100 * each.holdOther).toFixed(1)} % of ${each.pairs}`,
    `${(100 * each.expectedOther).toFixed(1)} %`,
    each.date,
  ]);
  return `# Calibration

How often the statistics of a report are right, where the truth is known because it was simulated. Written by
\`npm run calibrate\` with the seed \`${seed}\` and ${simulations} simulations a row (half as many for verdicts, a fifth for
false alarms). Each share is in percent, with its Monte Carlo error (one standard error). Smaller, seeded versions of these
tables are tests.

## Coverage of 95 % intervals

The share of intervals that hold the true value. Expected: 95. The samples of a ratio's two sides are equally spread; a
delta-method ratio of three trials is a little too wide, since Satterthwaite's degrees of freedom are then estimated from few
values. Over boots, n counts boots of four trials each; boots spread by the CV, and the trials of one boot by as much again.

${table(['interval of', 'distribution', 'CV', 'n', 'coverage'], coverage)}

${stoppingSection(seed, simulations)}

## Verdicts

Families of comparisons with a published ratio of 1, trials with a CV of 1 %. \`edge\`: every truth lies on the edge of its
band, where a family should be contradicted in at most 5 % of runs. \`center\`: on the published value. Outside of the band, at
1.5 margins, a family should be reproduced in at most 2.5 % of runs.

${table(['band', 'comparisons', 'truth', 'n', 'all reproduced', 'any contradicted'], verdicts)}

## "About N trials would decide it"

A pilot of five trials a side names N, for a band of ± 5 % around 1. The share of runs of N trials that decide. Expected: at
least 80. The pilot's center and spread are the true ones; those of a real pilot are estimates, and N is then one too.

${table(['true ratio', 'CV', 'N', 'decided'], decisions)}

## False alarms

The share of exhibits of two equal systems (CV 5 %) in which at least one cell is marked as different, after Holm's adjustment
over the exhibit. Expected: at most 5.

${table(['test', 'distribution', 'cells', 'n', 'alarms'], alarms)}

## Measured: does an interval hold what the next run finds?

\`bench noise\` was repeated on a lab host whose machine also did other work (\`test/bench/noise-replication.mjs\`). Arm b differs
from arm a by some percent; the true difference is 0. Counted are the 95 % intervals of that difference that hold 0 (expected:
95 %), and those that hold the difference that another run found (expected: the last but one column, for normal values). The
metrics of a run are measured in the same trials and move together, so these shares are less certain than their counts suggest.

${table(['suites', 'runs × trials an arm', 'metrics', 'hold 0', 'hold that of another run', 'expected', 'date'], replicated)}
`;
}
