import { counted, formatValue, scaleFor } from '../narrative/format.js';
import { drawAxis, drawDistribution, drawHistory, quartilesOf, scaleOf } from './distribution.js';
import type { Measured, MetricHistory, SystemHistory } from './gather.js';
import { renderPage } from './frame.js';
import { html, type Html } from './html.js';
import { metricPath, runPath, systemPath } from './names.js';
import { meanText, relativeText, tableOf } from './parts.js';

const HISTORY = 120;
const NEWEST = 100;

const BETTER = { higher: 'higher is better', lower: 'lower is better' } as const;

/** The page of a metric: all its trials by system, on one axis, and its newest values. */
export function metricPage(history: MetricHistory, systems: ReadonlyMap<string, SystemHistory>): string {
  const { metric, label, unit, better, bySystem } = history;
  const shown = [...bySystem].flatMap(([key, all]) => {
    const system = systems.get(key)?.system;
    const values = all.flatMap(({ value }) => value.samples);
    return system === undefined ? [] : [{ system, all, values }];
  });
  const values = shown.flatMap((one) => one.values);
  const lead = `${metric}, ${BETTER[better]}. ${counted(values.length, 'trial')} on ${counted(shown.length, 'system')}.`;
  const measured = shown.filter((one) => one.values.length > 0);
  const body = html`${distributions(measured, unit)}
    <section aria-labelledby="newest">
      <h2 id="newest">Newest values</h2>
      <p class="lead">
        Of each system the newest run, with its 95 % interval; performance relative to the baseline of that run, higher
        is better; and the means of the last ${HISTORY} runs, each on a scale of its own.
      </p>
      ${tableOf(
        'Newest values',
        ['System', 'Newest', 'Relative', 'History', 'Run'],
        shown.map(({ system, all }) => newestRow(system, all)),
        [1, 2],
      )}
    </section>
    ${runsSection(shown.flatMap(({ system, all }) => all.map((one) => ({ ...one, label: system.label }))))}`;
  return renderPage({ path: metricPath(metric), title: label, kicker: 'Metric', lead, body });
}

type Shown = readonly { readonly system: SystemHistory['system']; readonly values: readonly number[] }[];

function distributions(shown: Shown, unit: MetricHistory['unit']): Html | false {
  const all = shown.flatMap(({ values }) => values);
  if (all.length === 0) return false;
  const axis = scaleOf(all);
  const scale = scaleFor(unit, all);
  const write = (value: number): string => formatValue(value, scale);
  const rows = shown.map(({ system, values }) => {
    const { n, least, q1, median, q3, most } = quartilesOf(values);
    const label = `${system.label}: ${counted(n, 'trial')}, median ${write(median)} ${scale.label}, quartiles ${write(q1)} and ${write(q3)}, from ${write(least)} to ${write(most)}`;
    return html`<div class="strip">
      <div class="strip-name">
        <a href="../${systemPath(system.key)}">${system.label}</a
        ><span class="where">n = ${n}, median ${write(median)} ${scale.label}</span>
      </div>
      ${drawDistribution(values, axis, label)}
    </div>`;
  });
  const table = shown.map(({ system, values }) => {
    const { n, least, q1, median, q3, most } = quartilesOf(values);
    return [system.label, String(n), ...[least, q1, median, q3, most].map(write)];
  });
  return html`<section aria-labelledby="distribution">
    <h2 id="distribution">All trials, by system</h2>
    <p class="lead">
      How often each value occurs, over the trials of all runs; below it from the first to the third quartile, with the
      median. All are on one axis${axis.log && ', which is logarithmic'}${scale.label !== '' && `, in ${scale.label}`}.
    </p>
    <div class="strips">
      ${rows}
      <div class="strip">
        <div class="strip-name"></div>
        ${drawAxis(axis, (value) => axisText(value, scale))}
      </div>
    </div>
    <details>
      <summary>These numbers</summary>
      ${tableOf('Distribution', ['System', 'n', 'Least', 'First quartile', 'Median', 'Third quartile', 'Largest'], table, [1, 2, 3, 4, 5, 6])}
    </details>
  </section>`;
}

function axisText(value: number, { divisor }: { readonly divisor: number }): string {
  return String(Number((value / divisor).toPrecision(4)));
}

function newestRow(system: SystemHistory['system'], all: readonly Measured[]): readonly (string | Html)[] {
  const last = all.at(-1);
  if (last === undefined) return [system.label];
  const points = all.slice(-HISTORY).map(({ value: { mean, low, high } }) => ({ value: mean, low, high }));
  return [
    html`<a href="../${systemPath(system.key)}">${system.label}</a>`,
    meanText(last.value),
    relativeText(last.value),
    drawHistory(points, `${system.label}: means of ${counted(points.length, 'run')}, oldest first`),
    html`<a href="../${runPath(last.run.run)}">${last.run.run}</a>`,
  ];
}

function runsSection(all: readonly (Measured & { readonly label: string })[]): Html {
  const sorted = [...all].sort((a, b) => (a.run.created < b.run.created ? 1 : a.run.created > b.run.created ? -1 : 0));
  const rows = sorted
    .slice(0, NEWEST)
    .map(({ run, value, label }) => [
      html`<a href="../${runPath(run.run)}">${run.run}</a>`,
      label,
      meanText(value),
      value.samples.length === 0 ? '' : String(value.samples.length),
    ]);
  const note = all.length > NEWEST ? `The newest ${NEWEST} of ${all.length} values.` : 'Newest first.';
  return html`<section aria-labelledby="values">
    <h2 id="values">Values by run</h2>
    <p class="lead">${note}</p>
    ${tableOf('Values by run', ['Run', 'System', 'Mean', 'n'], rows, [2, 3])}
  </section>`;
}
