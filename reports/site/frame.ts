import { SITE_POLICY } from '../render/html/frame.js';
import { html, type Html } from './html.js';

/** The parts of a site, in the order of the navigation. */
export const SECTIONS = [
  { path: 'index.html', title: 'Overview' },
  { path: 'runs.html', title: 'Runs' },
  { path: 'systems.html', title: 'Systems' },
  { path: 'metrics.html', title: 'Metrics' },
  { path: 'compare.html', title: 'Compare' },
  { path: 'glossary.html', title: 'Glossary' },
  { path: 'search.html', title: 'Search' },
] as const;

export interface PageContent {
  /** Of the page, in the folder of the site. */
  readonly path: string;
  readonly title: string;
  /** The line above the title. */
  readonly kicker: string;
  readonly lead?: Html | string;
  readonly body: Html;
  /** Whether the script of the site runs in it. */
  readonly script?: boolean;
}

/** A page of the site: links are relative, so that it works from a disk and in any folder of a web server. */
export function renderPage({ path, title, kicker, lead, body, script = false }: PageContent): string {
  const up = '../'.repeat(path.split('/').length - 1);
  const own = SECTIONS.find((section) => section.path === path)?.path;
  const links = SECTIONS.map(
    (section) =>
      html`<li>
        <a href="${up}${section.path}" ${section.path === own && html` aria-current="page"`}>${section.title}</a>
      </li>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${SITE_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · bench</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${up}assets/site.css" />
      </head>
      <body class="site">
        <header class="masthead">
          <nav aria-label="Site" class="site-nav">
            <ul>
              ${links}
            </ul>
          </nav>
          <p class="kicker">${kicker}</p>
          <h1>${title}</h1>
          ${lead !== undefined && html`<p class="dek">${lead}</p>`}
        </header>
        <main>${body}</main>
        <footer><p>Written by bench site from stored runs. It makes no request outside of its folder.</p></footer>
        ${script && html`<script src="${up}assets/site.js"></script>`}
      </body>
    </html> `.text;
}
