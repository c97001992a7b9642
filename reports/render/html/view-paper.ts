import Handlebars from 'handlebars';
import type { Report } from '../../model/document.js';
import type { Paper } from '../../model/paper.js';
import { plainLine } from '../../narrative/format.js';
import { shortTitle } from '../../narrative/headline-figures.js';
import { renderFigure } from '../svg/figure.js';
import { claimsByExhibit, ownNumbers, placeText, statementLine, tableLines } from '../view/paper.js';
import { verdictClass } from './view-head.js';

/** Data of the section on the paper for the templates. Its exhibits are open where nothing else is on the page. */
export function paperView({ paper, publishedOnly, claims }: Report): object {
  const judged = paper.claims.some(({ measured }) => measured !== null);
  const explained = new Set(claims.map(({ id }) => id));
  return {
    ...{ title: plainLine(paper.title), authors: paper.authors.map(plainLine).join(', ') },
    ...{ venue: plainLine(paper.venue), doi: plainLine(paper.doi), statement: plainLine(paper.statement) },
    open: publishedOnly,
    setup: paper.setup.map(({ name, text }) => ({ name: plainLine(name), text: plainLine(text) })),
    exhibits: paper.exhibits.map(exhibitView),
    judged,
    groups: claimsByExhibit(paper).map((group) => ({
      title: plainLine(shortTitle(group.title)),
      claims: group.claims.map((claim) => ({
        text: plainLine(claim.text),
        where: placeText(claim.where, claim.page),
        own: ownNumbers(claim),
        ownClass: verdictClass(claim.paper.verdict),
        why: plainLine(claim.paper.why).replace(/\bus\b/g, 'µs'),
        measured: claim.measured ?? '',
        measuredClass: verdictClass(claim.measured ?? ''),
        href: !publishedOnly && explained.has(claim.id) ? `#claim-${claim.id}` : '',
      })),
    })),
  };
}

function exhibitView(exhibit: Paper['exhibits'][number]): object {
  const isTable = exhibit.kind === 'table';
  return {
    ...{ id: `paper-${exhibit.id}`, isTable },
    short: plainLine(shortTitle(exhibit.title)),
    ...{ title: plainLine(exhibit.title), caption: plainLine(exhibit.caption) },
    columns: isTable ? exhibit.columns.map(plainLine) : [],
    rows: isTable ? tableLines(exhibit).map(({ label, cells }) => ({ label: plainLine(label), cells })) : [],
    drawing: isTable ? '' : new Handlebars.SafeString(renderFigure(exhibit.figure, `paper-plot-${exhibit.id}`)),
    statements: exhibit.statements.map((statement, index) => ({
      first: statement.label !== exhibit.statements[index - 1]?.label,
      ...Object.fromEntries(
        Object.entries(statementLine(statement)).map(([key, text]) => [key, plainLine(text as string)]),
      ),
    })),
  };
}
