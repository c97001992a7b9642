import { counted, formatBytes, formatInstant } from '../narrative/format.js';
import { drawHistory } from './distribution.js';
import type { SystemHistory } from './gather.js';
import { renderPage } from './frame.js';
import { html } from './html.js';
import { metricPath, systemPath } from './names.js';
import { meanText, relativeText, runTable, tableOf } from './parts.js';

const NEWEST = 200;
const HISTORY = 60;

/** The page of a system: what it is, its newest value of each metric with its history, and its runs. */
export function systemPage({ system, runs, metrics }: SystemHistory): string {
  const { label, platform, host, cpus, memoryBytes, profile, origin, emulated } = system;
  const facts = [
    `${platform} on ${host}`,
    ...(cpus === 0 ? [] : [counted(cpus, 'CPU')]),
    ...(memoryBytes === null ? [] : [formatBytes(memoryBytes)]),
    `${profile} profile`,
    origin,
    ...(emulated ? ['emulated machine'] : []),
  ];
  const rows = [...metrics.values()].map((all) => {
    const last = all.at(-1);
    if (last === undefined) return [];
    const points = all.slice(-HISTORY).map(({ value: { mean, low, high } }) => ({ value: mean, low, high }));
    return [
      html`<a href="../${metricPath(last.value.metric)}">${last.value.label}</a>
        <span class="where">${last.value.metric}</span>`,
      meanText(last.value),
      relativeText(last.value),
      drawHistory(points, `${last.value.label}: means of ${counted(points.length, 'run')}, oldest first`),
      counted(all.length, 'run'),
    ];
  });
  const [first, last] = [runs[0], runs.at(-1)];
  const lead = `${facts.join(', ')}. ${counted(runs.length, 'run')}, ${formatInstant(first?.created ?? '')} to ${formatInstant(last?.created ?? '')}.`;
  const body = html`<section aria-labelledby="metrics">
      <h2 id="metrics">Metrics</h2>
      <p class="lead">
        The newest value of each, with its 95 % interval; its performance relative to the baseline of that run, higher
        is better; and the means of the last ${HISTORY} runs, each on a scale of its own.
      </p>
      ${rows.length === 0 ? html`<p>No value was measured.</p>` : tableOf('Metrics', ['Metric', 'Newest', 'Relative', 'History', 'Runs'], rows, [1, 2])}
    </section>
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      ${runTable(runs.slice(-NEWEST).toReversed(), '../')}
      ${runs.length > NEWEST && html`<p>The newest ${NEWEST} of ${counted(runs.length, 'run')}. <a href="../runs.html">All runs</a></p>`}
    </section>`;
  return renderPage({ path: systemPath(system.key), title: label, kicker: 'System', lead, body });
}
