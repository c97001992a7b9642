import type { Paper, PaperClaim, PaperStatement, PaperTable } from '../../model/paper.js';
import { formatPoints, formatPublished, formatRatio, scaleFor } from '../../narrative/format.js';
import { kindText, statedText } from '../../narrative/paper.js';

/** Headings of statements; the members of `PaperLine` in this order. */
export const STATEMENT_HEADINGS = ['Metric', 'System', 'Stated', 'Kind', 'In words', 'Where'] as const;

/** A statement as text: the same in every format. */
export interface PaperLine {
  readonly label: string;
  readonly column: string;
  readonly stated: string;
  readonly kind: string;
  readonly words: string;
  readonly where: string;
}

export function statementLine(statement: PaperStatement): PaperLine {
  const { label, column, text, section, page } = statement;
  const where = placeText(section, page);
  return { label, column, stated: statedText(statement), kind: kindText(statement), words: text, where };
}

/** `4.3.1, p. 283`. */
export function placeText(section: string, page: number | null): string {
  return page === null ? section : `${section}, p. ${page}`;
}

/** A printed value, and its ratio to the first column or how far it is from the request; empty where there is none. */
export interface PaperCell {
  readonly value: string;
  readonly second: string;
  /** By more than counts as achieved. */
  readonly beyond: boolean;
}

/** A printed table as text, with a heading for the second number of a cell. */
export function tableLines({ rows }: PaperTable): readonly { readonly label: string; readonly cells: PaperCell[] }[] {
  return rows.map(({ label, unit, values }) => {
    const numbers = values.flatMap(({ value }) => value ?? []);
    const scale = scaleFor(unit, numbers);
    return {
      label: scale.label === '' ? label : `${label}, ${scale.label}`,
      cells: values.map(({ value, ratio, request }) => ({
        value: value === null ? '' : formatPublished(value, scale),
        second: request === null ? (ratio === null ? '' : `${formatRatio(ratio)}×`) : formatPoints(request.deviation),
        beyond: request?.beyond ?? false,
      })),
    };
  });
}

/** The claims of each exhibit, in its order. */
export function claimsByExhibit({
  exhibits,
  claims,
}: Paper): readonly { title: string; claims: readonly PaperClaim[] }[] {
  return exhibits.flatMap(({ id, title }) => {
    const own = claims.filter(({ exhibit }) => exhibit === id);
    return own.length === 0 ? [] : [{ title, claims: own }];
  });
}

/** How the paper's own numbers compare with a sentence, in two words. */
export function ownNumbers({ paper }: Pick<PaperClaim, 'paper'>): string {
  return OWN[paper.verdict] ?? 'no number';
}

const OWN: Readonly<Partial<Record<PaperClaim['paper']['verdict'], string>>> = {
  reproduced: 'agree',
  contradicted: 'disagree',
  inconclusive: 'undecided',
};
