import { changesBetween, LOOK_BACK, previousOf } from './changes.js';
import { renderPage } from './frame.js';
import { frontPage, metricLists, summaryOf, systemLists, verdictChanges } from './front.js';
import { gather, type Collection } from './gather.js';
import { glossaryPage, type Term } from './glossary.js';
import { html } from './html.js';
import { metricPage } from './metric.js';
import type { RunDigest, SiteFiles } from './model.js';
import { changesPath, metricPath, runPath, systemPath } from './names.js';
import { changeTable, whenOf } from './parts.js';
import { comparePage, indexScript, searchPage } from './find.js';
import { runPages } from './run-lists.js';
import { systemPage } from './system.js';

/**
 * Every page of a site but those of single runs, and the index of its search, from the digests of its runs. The same runs give
 * the same files, byte for byte. Pure.
 */
export function sitePages(digests: readonly RunDigest[], terms: readonly Term[]): SiteFiles {
  const collection = gather(digests);
  const files = new Map<string, string>([
    ['index.html', frontPage(collection)],
    ...runPages(collection.runs),
    ['systems.html', systemsPage(collection)],
    ['metrics.html', metricsPage(collection)],
    ['compare.html', comparePage(collection)],
    ['glossary.html', glossaryPage(terms)],
    ['search.html', searchPage(collection, terms)],
    ['assets/index.js', indexScript(collection, terms)],
  ]);
  for (const history of collection.systems.values()) files.set(systemPath(history.system.key), systemPage(history));
  for (const history of collection.metrics.values())
    files.set(metricPath(history.metric), metricPage(history, collection.systems));
  for (const [path, page] of changePages(collection)) files.set(path, page);
  return files;
}

/** Each run compared with the run before it. */
function* changePages({ runs }: Collection): Generator<readonly [string, string]> {
  for (const [index, run] of runs.entries()) {
    if (run.noise) continue;
    yield [changesPath(run.run), changesPage(run, previousOf(run, runs.slice(Math.max(0, index - LOOK_BACK), index)))];
  }
}

function changesPage(run: RunDigest, before: RunDigest | undefined): string {
  const links = html`<p>
    <a href="../${runPath(run.run)}">The report of ${run.run}</a
    >${before !== undefined && html`, <a href="../${runPath(before.run)}">the report of ${before.run}</a>`}
  </p>`;
  const page = { path: changesPath(run.run), title: `Changes in ${run.run}`, kicker: 'Run and the run before it' };
  if (before === undefined) {
    return renderPage({
      ...page,
      lead: whenOf(run),
      body: html`<section>
        <p>No earlier run measured the same on the same systems.</p>
        ${links}
      </section>`,
    });
  }
  const changes = changesBetween(before, run);
  const body = html`<section aria-labelledby="summary">
      <h2 id="summary" class="quiet">Summary</h2>
      <p class="fair">${summaryOf(changes)}</p>
      ${verdictChanges(changes)}${links}
    </section>
    ${
      changes.rows.length > 0 &&
      html`<section aria-labelledby="metrics">
        <h2 id="metrics">Metrics, the largest differences first</h2>
        <p class="lead">
          Ratios of means with 95 % intervals; p with Holm’s adjustment for all rows.
          <code>bench compare ${before.run} ${run.run}</code> also compares the configurations.
        </p>
        ${changeTable(changes.rows.slice(0, MAX_ROWS), '../')}
      </section>`
    }`;
  return renderPage({ ...page, lead: `${whenOf(before)} to ${whenOf(run)}`, body });
}

const MAX_ROWS = 400;

function systemsPage({ systems }: Collection): string {
  const body = html`<section>${systemLists([...systems.values()], 'h2')}</section>`;
  return renderPage({
    path: 'systems.html',
    title: 'Systems',
    kicker: 'bench site',
    lead: 'A system is a target in one configuration, on one host, at one profile.',
    body,
  });
}

function metricsPage(collection: Collection): string {
  const body = html`<section>${metricLists(collection)}</section>`;
  return renderPage({
    path: 'metrics.html',
    title: 'Metrics',
    kicker: 'bench site',
    lead: 'Each with all its trials, by system.',
    body,
  });
}
