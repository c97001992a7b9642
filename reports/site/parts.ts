import type { Verdict } from '../model/states.js';
import {
  counted,
  formatInstant,
  formatRatio,
  formatRatioInterval,
  formatP,
  formatValue,
  scaleFor,
} from '../narrative/format.js';
import { axisOf, markOnAxis, type RatioAxis } from '../render/comparison/axis.js';
import type { Change } from './changes.js';
import { html, type Html } from './html.js';
import type { RunDigest, ValueDigest } from './model.js';
import { changesPath, metricPath, runPath, systemPath } from './names.js';

/** What several pages have in common. `up` is the way from the page to the folder of the site: '' or '../'. */
export const VERDICTS: readonly Verdict[] = [
  'reproduced',
  'contradicted',
  'inconclusive',
  'not comparable',
  'not measured',
  'not judged',
];

export function chip(verdict: string, text = verdict): Html {
  return html`<span class="chip verdict-${verdict.replaceAll(' ', '-')}">${text}</span>`;
}

/** `6 reproduced`, `1 contradicted`, ... as chips; without those that were not judged at all. */
export function verdictChips(run: RunDigest): readonly Html[] {
  return VERDICTS.slice(0, 3).flatMap((verdict) => {
    const count = run.claims.filter((claim) => claim.verdict === verdict).length;
    return count === 0 ? [] : [html`${chip(verdict, `${count} ${verdict}`)} `];
  });
}

export function whenOf(run: RunDigest): string {
  return formatInstant(run.from ?? run.created);
}

/** A table that scrolls by itself where it is too wide. */
export function tableOf(
  label: string,
  head: readonly (string | Html)[],
  rows: readonly (readonly (string | Html)[])[],
  numeric: readonly number[] = [],
): Html {
  const kind = (at: number): Html | false => numeric.includes(at) && html` class="number"`;
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table class="plain">
      <thead>
        <tr>
          ${head.map((cell, at) => html`<th scope="col" ${kind(at)}>${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td${kind(at)}>${cell}</td>`))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Runs as rows, in the given order. */
export function runTable(runs: readonly RunDigest[], up: string): Html {
  return tableOf(
    'Runs',
    ['Run', 'Measured', 'Systems', 'Trials', 'Verdicts', 'Since the run before'],
    runs.map((run) => [
      html`<a href="${up}${runPath(run.run)}">${run.run}</a>${run.noise && html` <span class="where">noise</span>`}`,
      whenOf(run),
      run.systems
        .filter(({ origin }) => origin !== 'published')
        .map(({ label }) => label)
        .join(', ') || 'published values',
      trialText(run),
      html`${run.profile === 'quick' ? html`<span class="where">quick profile</span>` : verdictChips(run)}`,
      run.noise ? '' : html`<a href="${up}${changesPath(run.run)}">changes</a>`,
    ]),
  );
}

export function trialText({ trials }: RunDigest): string {
  const others = (['failed', 'void', 'skipped', 'pending'] as const).flatMap((status) =>
    trials[status] === 0 ? [] : [`${trials[status]} ${status}`],
  );
  return [counted(trials.collected, 'trial'), ...others].join(', ');
}

export function meanText({ mean, unit, low, high }: ValueDigest): Html {
  const scale = scaleFor(unit, [mean]);
  const interval =
    low !== null &&
    high !== null &&
    html` <span class="where">${formatValue(low, scale)} – ${formatValue(high, scale)}</span>`;
  return html`${formatValue(mean, scale)} ${scale.label}${interval}`;
}

export function relativeText({ relative, relativeLow: low, relativeHigh: high }: ValueDigest): Html | string {
  if (relative === null) return '';
  return html`${formatRatio(relative)}${low !== null && high !== null && html` <span class="where">${formatRatioInterval(low, high)}</span>`}`;
}

/** Whether a change is for the better, in a word. */
export function directionOf({ ratio, changed, after: { better, unit } }: Change): string {
  if (!changed) return 'no difference';
  const isTime = unit === 's' || unit === 'us' || unit === 'ns';
  if (isTime) return ratio > 1 ? 'slower' : 'faster';
  return ratio > 1 === (better === 'higher') ? 'better' : 'worse';
}

/** Changes with their intervals on one axis. */
export function changeTable(rows: readonly Change[], up: string): Html {
  const axis = axisOf(rows);
  return tableOf(
    'Changes',
    [
      'Metric',
      'System',
      'Now',
      'After / before',
      '95 %',
      html`<span class="axis-ends"><span>${axis.low}</span><span>1</span><span>${axis.high}</span></span>`,
      'p (Holm)',
    ],
    rows.map((row) => [
      html`<a href="${up}${metricPath(row.after.metric)}">${row.after.label}</a>
        <span class="where">${row.after.metric}</span>`,
      html`<a href="${up}${systemPath(row.system.key)}">${row.system.label}</a>`,
      row.changed ? chip(isBetter(row) ? 'reproduced' : 'contradicted', directionOf(row)) : directionOf(row),
      formatRatio(row.ratio),
      formatRatioInterval(row.low, row.high),
      drawMark(row, axis),
      formatP(row.p),
    ]),
    [3, 4, 6],
  );
}

function isBetter({ ratio, after: { better } }: Change): boolean {
  return ratio > 1 === (better === 'higher');
}

function drawMark(row: Change, axis: RatioAxis): Html {
  const { low, high, center, cutLow, cutHigh } = markOnAxis(row, axis);
  return html`<svg class="ratio" viewBox="0 0 200 16" aria-hidden="true">
    <path class="unity" d="M100 0V16" />
    <path class="interval" d="M${low} 8H${high}" />
    ${cutLow && html`<path class="cut" d="M14 3L6 8L14 13" />`}${cutHigh && html`<path class="cut" d="M186 3L194 8L186 13" />`}
    <circle cx="${center}" cy="8" r="3.5" />
  </svg>`;
}
