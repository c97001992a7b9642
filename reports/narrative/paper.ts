import type { Paper, PaperStatement } from '../model/paper.js';
import { counted, formatValue, scaleFor } from './format.js';

/** How many values, statements and claims of a publication there are, and how its numbers compare with its sentences. */
export function describePaper(exhibits: Paper['exhibits'], claims: Paper['claims']): string {
  const tables = exhibits.flatMap((exhibit) => (exhibit.kind === 'table' ? exhibit.rows : []));
  const printed = tables.flatMap(({ values }) => values.filter(({ value }) => value !== null)).length;
  const stated = exhibits.reduce((sum, { statements }) => sum + statements.length, 0);
  const number = (verdict: string): number => claims.filter(({ paper }) => paper.verdict === verdict).length;
  const agreement = [
    `agree with ${number('reproduced')}`,
    `disagree with ${number('contradicted')}`,
    `leave ${number('inconclusive')} open`,
  ].join(', ');
  return (
    `The paper prints ${counted(printed, 'value')} in these tables, and its text makes ${counted(stated, 'statement')}, most of ` +
    `them about figures, whose bars have no printed numbers. Of ${counted(claims.length, 'claim')} its own other numbers ${agreement}; for ` +
    `${number('not judged')} it prints nothing but the sentence itself.`
  );
}

const KINDS: Readonly<Record<PaperStatement['kind'], string>> = { value: 'value', bound: 'bound', band: 'range' };

/** `value`, `bound` or `range`. */
export function kindText({ kind }: Pick<PaperStatement, 'kind'>): string {
  return KINDS[kind];
}

/** The stated range with its quantity: `0.65 – 0.75 × Linux-UP`, `at most 2 × Linux-UP`. */
export function statedText(statement: PaperStatement): string {
  const { low, high, quantity, unit } = statement;
  const scale = scaleFor(
    unit,
    [low, high].filter((end): end is number => end !== null),
  );
  const write = (value: number): string =>
    quantity === 'value'
      ? formatValue(value, { ...scale, decimals: 0 })
      : short(quantity === 'line-rate' ? 100 * value : value);
  return `${rangeText(low, high, write)}${quantityText(statement, scale.label)}`;
}

function rangeText(low: number | null, high: number | null, write: (value: number) => string): string {
  if (low === null) return high === null ? '' : `at most ${write(high)}`;
  if (high === null) return `at least ${write(low)}`;
  return low === high ? write(low) : `${write(low)} – ${write(high)}`;
}

function quantityText({ quantity, to, other }: PaperStatement, unit: string): string {
  const base = to === null ? '' : ` ${to}${other === null ? '' : ` (${other})`}`;
  switch (quantity) {
    case 'value':
      return unit === '' ? '' : ` ${unit}`;
    case 'line-rate':
      return ' % of the line rate';
    case 'relative':
      return ` ×${base}`;
    case 'ratio':
      return ` ×${base}`;
    case 'loss':
      return ' % lost';
    case 'of-request':
      return ' % of the request';
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
