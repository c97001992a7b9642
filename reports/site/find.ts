import { counted } from '../narrative/format.js';
import { LOOK_BACK, previousOf } from './changes.js';
import { renderPage } from './frame.js';
import type { Collection } from './gather.js';
import { plain, termId, type Term } from './glossary.js';
import { html } from './html.js';
import type { RunDigest } from './model.js';
import { changesPath, dataPath, metricPath, runPath, systemPath } from './names.js';
import { whenOf } from './parts.js';

/** An entry of the index: kind, title, address, further words; of a run also the address of its data and the run before it. */
type Entry = readonly [
  kind: 'run' | 'system' | 'metric' | 'term',
  title: string,
  url: string,
  words: string,
  data?: string,
  before?: string,
];

function entriesOf({ runs, systems, metrics }: Collection, terms: readonly Term[]): readonly Entry[] {
  return [
    ...runs
      .map((run, index): Entry => {
        const before = previousOf(run, runs.slice(Math.max(0, index - LOOK_BACK), index))?.run ?? '';
        return ['run', run.run, runPath(run.run), wordsOf(run), dataPath(run.run), before];
      })
      .toReversed(),
    ...[...systems.values()].map(({ system: { key, label, platform, host, profile } }): Entry => [
      'system',
      label,
      systemPath(key),
      `${platform} ${host} ${profile}`,
    ]),
    ...[...metrics.values()].map(({ metric, label }): Entry => ['metric', label, metricPath(metric), metric]),
    ...terms.map(({ term, meaning }): Entry => ['term', term, `glossary.html#${termId(term)}`, plain(meaning)]),
  ];
}

function wordsOf(run: RunDigest): string {
  const labels = run.systems.slice(0, 6).map(({ label }) => label);
  return `${whenOf(run)} ${run.profile} ${labels.join(' ')}`;
}

/** Data as a script, because a page on a disk cannot read a file. No text in it ends a script element or a line. */
export function dataScript(name: string, value: unknown): string {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `${name}(${json});\n`;
}

/** The data in such a script; undefined for another text. */
export function readDataScript(name: string, script: string): unknown {
  if (!script.startsWith(`${name}(`) || !script.endsWith(');\n')) return undefined;
  return JSON.parse(script.slice(name.length + 1, -3)) as unknown;
}

export function indexScript(collection: Collection, terms: readonly Term[]): string {
  return dataScript('benchIndex', entriesOf(collection, terms));
}

const LISTED = 200;

/** Search: a list of everything, which the script filters by an index of its own. Without JavaScript the list is all. */
export function searchPage(collection: Collection, terms: readonly Term[]): string {
  const { runs, systems, metrics } = collection;
  const section = (title: string, items: readonly unknown[]): unknown =>
    html`<h2>${title}</h2>
      <ul class="inline">
        ${items as readonly string[]}
      </ul>`;
  const link = (url: string, text: string): unknown => html`<li><a href="${url}">${text}</a></li>`;
  const body = html`<section>
    <form class="search" role="search" hidden>
      <label for="query">Search runs, systems, metrics and terms</label
      ><input id="query" type="search" autocomplete="off" spellcheck="false" autofocus />
      <p class="where" id="count" role="status"></p>
    </form>
    <ol class="found" id="found" hidden></ol>
    <div id="everything">
      ${
        section(
          'Systems',
          [...systems.values()].map(({ system }) => link(systemPath(system.key), system.label)),
        ) as string
      }
      ${
        section(
          'Metrics',
          [...metrics.values()].map(({ metric }) => link(metricPath(metric), metric)),
        ) as string
      }
      ${
        section(
          'Runs',
          runs
            .slice(-LISTED)
            .toReversed()
            .map((run) => link(runPath(run.run), run.run)),
        ) as string
      }
      ${runs.length > LISTED && html`<p>The newest ${LISTED} of ${counted(runs.length, 'run')}. <a href="runs.html">All runs</a></p>`}
      ${
        section(
          'Terms',
          terms.map(({ term }) => link(`glossary.html#${termId(term)}`, term)),
        ) as string
      }
    </div>
  </section>`;
  return renderPage({ path: 'search.html', title: 'Search', kicker: 'bench site', body, script: true });
}

/** Two runs to choose; without JavaScript the comparisons of each run with the run before it. */
export function comparePage({ runs }: Collection): string {
  const listed = runs
    .filter(({ noise }) => !noise)
    .slice(-LISTED)
    .toReversed();
  const items = listed.map(
    (run) => html`<li><a href="${changesPath(run.run)}">${run.run}</a> <span class="where">${whenOf(run)}</span></li>`,
  );
  const body = html`<section>
      <form class="picker" hidden>
        <div>
          <label for="run-a">Before</label
          ><select id="run-a"></select>
        </div>
        <div>
          <label for="run-b">After</label
          ><select id="run-b"></select>
        </div>
      </form>
      <div
        id="compared"
        aria-live="polite"
        data-method="Ratios of means with 95 % intervals on the scale of logarithms; p with Holm’s adjustment for all rows. bench compare also compares the configurations."
      ></div>
    </section>
    <section aria-labelledby="each">
      <h2 id="each">Each run and the run before it</h2>
      <ul class="inline">
        ${items}
      </ul>
    </section>`;
  return renderPage({
    path: 'compare.html',
    title: 'Compare two runs',
    kicker: 'bench site',
    lead: 'Metrics of two runs on the same systems, the largest differences first.',
    body,
    script: true,
  });
}
