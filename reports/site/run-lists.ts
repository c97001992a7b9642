import { counted } from '../narrative/format.js';
import { renderPage } from './frame.js';
import { html } from './html.js';
import type { RunDigest } from './model.js';
import { runTable } from './parts.js';

/** Runs on a page. Pages are counted from the oldest run, so that a new run changes the newest page alone. */
const PER_PAGE = 200;

/** The lists of runs: `runs.html` has the newest, `runs-1.html` the oldest. */
export function runPages(runs: readonly RunDigest[]): readonly (readonly [string, string])[] {
  const count = Math.max(1, Math.ceil(runs.length / PER_PAGE));
  const pathOf = (at: number): string => (at === count - 1 ? 'runs.html' : `runs-${at + 1}.html`);
  return Array.from({ length: count }, (_, at) => {
    const own = runs.slice(at * PER_PAGE, (at + 1) * PER_PAGE).toReversed();
    const isNewest = at === count - 1;
    const older = at > 0 && html`<a href="${pathOf(at - 1)}">Older runs</a>`;
    // What is older does not link to the newest by its number: it would change with each further page.
    const newer = !isNewest && html`<a href="runs.html">The newest runs</a>`;
    const lead = isNewest
      ? `${counted(runs.length, 'run')}, the newest first.`
      : `Runs ${at * PER_PAGE + 1} to ${at * PER_PAGE + own.length}, the newest first.`;
    const body = html`<section>
      ${own.length === 0 ? html`<p>There are no runs.</p>` : runTable(own, '')}
      <p class="pages">${newer} ${older}</p>
    </section>`;
    return [pathOf(at), renderPage({ path: pathOf(at), title: 'Runs', kicker: 'bench site', lead, body })] as const;
  });
}
