import type { Paper, PaperTable } from '../../model/paper.js';
import type { Report } from '../../model/document.js';
import {
  claimsByExhibit,
  ownNumbers,
  placeText,
  STATEMENT_HEADINGS,
  statementLine,
  tableLines,
} from '../view/paper.js';
import { align, blocksOf, wrap, type Column } from './columns.js';
import { table, text } from './markdown-text.js';

/** `Soltesz et al., … EuroSys '07 …, doi:10.1145/…`. */
export function citation({ authors, title, venue, doi }: Paper): string {
  return [authors.join(', '), title, venue, doi === '' ? '' : `doi:${doi}`].filter((part) => part !== '').join('. ');
}

/** What the paper states, as aligned text; in a report of measurements its claims beside their verdicts alone. */
export function paperText({ paper, publishedOnly }: Pick<Report, 'paper' | 'publishedOnly'>, width: number): string {
  const head = publishedOnly ? [wrap(citation(paper), width).join('\n')] : ['The paper'];
  const whole = publishedOnly ? paper.exhibits.map((exhibit) => exhibitText(exhibit, width)) : [];
  const measured = paper.claims.some((claim) => claim.measured !== null);
  const claims = claimsByExhibit(paper).filter(
    (group) => publishedOnly || group.claims.some((claim) => claim.measured !== null),
  );
  const lists = claims.map(
    (group) => `${wrap(group.title, width).join('\n')}\n\n${claimText(group.claims, measured, width)}`,
  );
  return [...head, wrap(paper.statement, width).join('\n'), ...whole, ...lists].join('\n\n');
}

function claimText(claims: Paper['claims'], measured: boolean, width: number): string {
  const column = (head: string, cells: readonly string[]): Column => ({ head: ['', head], cells });
  const labels = column(
    'claim',
    claims.map(({ id }) => id),
  );
  const columns = [
    column(
      'where',
      claims.map(({ where, page }) => placeText(where, page)),
    ),
    column('its numbers', claims.map(ownNumbers)),
    ...(measured
      ? [
          column(
            'measured',
            claims.map((claim) => claim.measured ?? '-'),
          ),
        ]
      : []),
  ];
  return blocksOf(labels, columns, width)
    .map((block) => align([labels, ...block]))
    .join('\n\n');
}

function exhibitText(exhibit: Paper['exhibits'][number], width: number): string {
  const lines = exhibit.statements.map((statement) => Object.values(statementLine(statement)) as string[]);
  const [labels, ...columns] = STATEMENT_HEADINGS.map((heading, at): Column => ({
    head: ['', at === 0 ? '' : heading.toLowerCase()],
    cells: lines.map((line) => line[at] ?? ''),
  }));
  const stated =
    lines.length === 0 || labels === undefined
      ? []
      : blocksOf(labels, columns, width).map((block) => align([labels, ...block]));
  const printed = exhibit.kind === 'table' ? [printedText(exhibit)] : [];
  return [wrap(exhibit.title, width).join('\n'), ...wrapped(exhibit.caption, width), ...printed, ...stated].join(
    '\n\n',
  );
}

function wrapped(caption: string, width: number): string[] {
  return caption === '' ? [] : [wrap(caption, width).join('\n')];
}

function printedText(exhibit: PaperTable): string {
  const rows = tableLines(exhibit);
  return align([
    { head: ['', ''], cells: rows.map(({ label }) => label) },
    ...exhibit.columns.map((name, at): Column => ({
      head: ['', name],
      cells: rows.map(({ cells }) => {
        const { value = '', second = '', beyond = false } = cells[at] ?? {};
        if (value === '') return '-';
        return second === '' ? value : `${value} (${second}${beyond ? ' !' : ''})`;
      }),
    })),
  ]);
}

/** What the paper states, as Markdown: all of it, or in a report of measurements a line, as its tables have the values. */
export function paperSection({ paper, publishedOnly }: Pick<Report, 'paper' | 'publishedOnly'>): string {
  if (!publishedOnly) return `**The paper.** ${text(citation(paper))}. ${text(paper.statement)}`;
  const exhibits = paper.exhibits.flatMap((exhibit) => [
    `## ${text(exhibit.title)}`,
    text(exhibit.caption),
    ...(exhibit.kind === 'table' ? [printedTable(exhibit)] : []),
    ...(exhibit.statements.length === 0 ? [] : [statementTable(exhibit.statements)]),
  ]);
  const claims = claimsByExhibit(paper).flatMap((group) => [
    `### ${text(group.title)}`,
    table(
      ['Claim', 'Where', 'The paper’s own numbers', 'Why'],
      group.claims.map((claim) => [
        text(claim.text),
        text(placeText(claim.where, claim.page)),
        ownNumbers(claim),
        text(claim.paper.why),
      ]),
    ),
  ]);
  const setup = paper.setup.map(({ name, text: value }) => `- ${text(`${name}: ${value}`)}`).join('\n');
  return [
    text(citation(paper)),
    text(paper.statement),
    ...exhibits,
    '## Claims',
    ...claims,
    '## Machines and methods',
    setup,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function statementTable(statements: Paper['exhibits'][number]['statements']): string {
  const rows = statements.map((statement) => (Object.values(statementLine(statement)) as string[]).map(text));
  return table(STATEMENT_HEADINGS, rows);
}

function printedTable(exhibit: PaperTable): string {
  const rows = tableLines(exhibit).map(({ label, cells }) => [
    text(label),
    ...cells.map(({ value, second, beyond }) => {
      if (second === '') return value;
      return `${value} (${beyond ? `**${second}**` : second})`;
    }),
  ]);
  return table(['', ...exhibit.columns.map(text)], rows);
}
