import { counted, formatInstant } from '../narrative/format.js';
import { changesBetween, previousOf, type Changes } from './changes.js';
import type { Collection, SystemHistory } from './gather.js';
import { renderPage } from './frame.js';
import { html, type Html } from './html.js';
import type { ClaimDigest, RunDigest } from './model.js';
import { changesPath, metricPath, runPath, systemPath } from './names.js';
import { changeTable, chip, runTable, trialText, verdictChips, whenOf } from './parts.js';

const NEWEST = 12;
const MAX_CHANGES = 10;
const MAX_CLAIMS = 12;

/** The front page: the newest run with its verdicts, what changed since the run before, and where everything is. */
export function frontPage(collection: Collection): string {
  const { runs } = collection;
  const newest = runs.findLast(({ noise, from }) => !noise && from !== null) ?? runs.at(-1);
  const body = html`${newest === undefined ? html`<p>There are no runs.</p>` : [latest(newest, runs), changed(newest, runs)]}
    <section aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      ${runTable(runs.slice(-NEWEST).toReversed(), '')}
      ${runs.length > NEWEST && html`<p><a href="runs.html">All ${counted(runs.length, 'run')}</a></p>`}
    </section>
    ${systemSection(collection)} ${metricSection(collection)}`;
  return renderPage({
    path: 'index.html',
    title: 'Benchmark results',
    kicker: 'bench site',
    lead: leadOf(collection),
    body,
  });
}

function leadOf({ runs, systems, metrics }: Collection): string {
  const trials = runs.reduce((sum, run) => sum + run.trials.collected, 0);
  const starts = runs.flatMap(({ from }) => from ?? []).sort();
  const ends = runs.flatMap(({ to }) => to ?? []).sort();
  const period =
    starts[0] === undefined ? '' : `, ${formatInstant(starts[0])} to ${formatInstant(ends.at(-1) ?? starts[0])}`;
  return `${counted(runs.length, 'run')} of ${counted(systems.size, 'system')}: ${counted(metrics.size, 'metric')}, ${counted(trials, 'trial')}${period}`;
}

/** The newest run, and of every claim the newest verdict that decides it. */
function latest(run: RunDigest, runs: readonly RunDigest[]): Html {
  const decided = latestVerdicts(runs);
  const items = decided.slice(0, MAX_CLAIMS).map(
    ({ claim, of }) =>
      html`<li>
        ${chip(claim.verdict)} ${claim.text}
        <span class="where">(section ${claim.where}, by <a href="${runPath(of.run)}">${of.run}</a>)</span>
      </li>`,
  );
  const more =
    decided.length > MAX_CLAIMS &&
    html`<p class="where">And ${decided.length - MAX_CLAIMS} more, in the reports of the runs.</p>`;
  return html`<section aria-labelledby="latest">
    <h2 id="latest">Latest verdicts</h2>
    <div class="card">
      <h3><a href="${runPath(run.run)}">${run.title}</a></h3>
      <p class="where">The newest run, ${run.run} · ${whenOf(run)} · ${trialText(run)}</p>
      <p>${verdictChips(run)}</p>
      ${run.notices.map((line) => html`<p class="notice">${line}</p>`)}
      <p><a href="${runPath(run.run)}">The report of this run</a></p>
    </div>
    ${
      items.length > 0 &&
      html`<h3>Claims of the paper, by the newest run that decides each</h3>
        <ul class="verdicts">
          ${items}
        </ul>
        ${more}`
    }
  </section>`;
}

interface Decided {
  readonly claim: ClaimDigest;
  readonly of: RunDigest;
}

/** Contradicted ones first. */
function latestVerdicts(runs: readonly RunDigest[]): readonly Decided[] {
  const byClaim = new Map<string, Decided>();
  for (const of of runs) {
    for (const claim of of.claims) {
      if (claim.verdict === 'contradicted' || claim.verdict === 'reproduced') byClaim.set(claim.id, { claim, of });
    }
  }
  const isContradicted = ({ claim }: Decided): number => Number(claim.verdict === 'contradicted');
  return [...byClaim.values()].sort((a, b) => isContradicted(b) - isContradicted(a));
}

function changed(run: RunDigest, runs: readonly RunDigest[]): Html {
  const before = previousOf(run, runs.slice(0, runs.indexOf(run)));
  if (before === undefined)
    return html`<section aria-labelledby="changed">
      <h2 id="changed">What changed</h2>
      <p>No earlier run measured the same.</p>
    </section>`;
  const changes = changesBetween(before, run);
  const rows = changes.rows.filter(({ changed: isChanged }) => isChanged);
  return html`<section aria-labelledby="changed">
    <h2 id="changed">What changed</h2>
    <p class="lead">${summaryOf(changes)} <a href="${changesPath(run.run)}">Every metric</a></p>
    ${verdictChanges(changes)}${rows.length > 0 && changeTable(rows.slice(0, MAX_CHANGES), '')}
  </section>`;
}

/** How much of two runs differs, in a sentence. */
export function summaryOf({ before, after, rows }: Changes): string {
  const count = rows.filter(({ changed: isChanged }) => isChanged).length;
  if (rows.length === 0) return `Nothing of ${after.run} can be compared with ${before.run}: too few trials.`;
  const what = `${count} of ${counted(rows.length, 'metric')} ${count === 1 ? 'differs' : 'differ'}`;
  return `${after.run} compared with ${before.run}, the run before it on the same systems: ${what}, adjusted for their number.`;
}

export function verdictChanges({ verdicts }: Changes): Html | false {
  if (verdicts.length === 0) return false;
  return html`<ul class="verdicts">
    ${verdicts.map(({ text, from, to }) => html`<li>${chip(from)} → ${chip(to)} ${text}</li>`)}
  </ul>`;
}

const KINDS = [
  { boundary: 'none', title: 'Native systems' },
  { boundary: 'container', title: 'Containers' },
  { boundary: 'hypervisor', title: 'Virtual machines' },
  { boundary: null, title: 'Others' },
] as const;

/** Systems by kind, as a list of links. */
export function systemLists(systems: readonly SystemHistory[], heading: 'h2' | 'h3'): readonly Html[] {
  return KINDS.flatMap(({ boundary, title }) => {
    const own = systems.filter(({ system }) => system.boundary === boundary);
    if (own.length === 0) return [];
    const head = heading === 'h2' ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`;
    return [
      html`${head}
        <ul class="tiles">
          ${own.map(
            ({ system, runs }) =>
              html`<li>
                <a href="${systemPath(system.key)}">${system.label}</a
                ><span class="where"
                  >${system.platform} on ${system.host}${system.origin === 'measured' ? '' : `, ${system.origin}`} ·
                  ${counted(runs.length, 'run')}</span
                >
              </li>`,
          )}
        </ul>`,
    ];
  });
}

function systemSection({ systems }: Collection): Html {
  return html`<section aria-labelledby="systems">
    <h2 id="systems">Systems</h2>
    ${systemLists([...systems.values()].slice(0, 60), 'h3')}${systems.size > 60 && html`<p><a href="systems.html">All ${counted(systems.size, 'system')}</a></p>`}
  </section>`;
}

/** Metrics by benchmark. */
export function metricLists({ metrics }: Collection): Html {
  const groups = new Map<string, Html[]>();
  for (const { metric, label } of metrics.values()) {
    const [benchmark = ''] = metric.split('/');
    const item = html`<li><a href="${metricPath(metric)}">${label}</a></li>`;
    groups.set(benchmark, [...(groups.get(benchmark) ?? []), item]);
  }
  const rows = [...groups].map(
    ([name, items]) =>
      html`<div>
        <dt>${name}</dt>
        <dd>
          <ul class="inline">
            ${items}
          </ul>
        </dd>
      </div>`,
  );
  return html`<dl class="glossary">${rows}</dl>`;
}

function metricSection(collection: Collection): Html {
  return html`<section aria-labelledby="metrics">
    <h2 id="metrics">Metrics</h2>
    ${metricLists(collection)}
  </section>`;
}
