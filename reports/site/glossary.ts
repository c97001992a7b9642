import { renderPage } from './frame.js';
import { html, type Html } from './html.js';
import { fileName } from './names.js';

/** An entry of the glossary; its meaning in the little Markdown that the glossary has. */
export interface Term {
  readonly term: string;
  readonly meaning: string;
}

/** The rows of the table in `docs/glossary.md`. */
export function termsOf(markdown: string): readonly Term[] {
  return markdown.split('\n').flatMap((line) => {
    const [, term = '', meaning = ''] = /^\|\s*(.+?)\s*\|\s*(.+?)\s*\|$/.exec(line) ?? [];
    return term === '' || term === 'term' || /^-+$/.test(term) ? [] : [{ term: plain(term), meaning }];
  });
}

/** Without the marks of links and code. */
export function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
    .replaceAll('\\|', '|');
}

/** Code stays code; links lead to documents that are not in the site, so their text alone is shown. */
function meaningOf(markdown: string): readonly (string | Html)[] {
  const text = markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('\\|', '|');
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

export const termId = (term: string): string => `term-${fileName(term)}`;

export function glossaryPage(terms: readonly Term[]): string {
  const items = terms.map(
    ({ term, meaning }) =>
      html`<div id="${termId(term)}">
        <dt>${term}</dt>
        <dd>${meaningOf(meaning)}</dd>
      </div>`,
  );
  const body = html`<section><dl class="glossary">${items}</dl></section>`;
  return renderPage({
    path: 'glossary.html',
    title: 'Glossary',
    kicker: 'bench site',
    lead: 'What the words of reports mean.',
    body,
  });
}
