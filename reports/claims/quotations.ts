import { createRequire } from 'node:module';

/** A sentence about results, verbatim but for the markup of its typesetting. */
export interface Quotation {
  readonly id: string;
  /** Id in `quotationSources`. */
  readonly source: string;
  readonly section: string;
  /** Of the proceedings; null for works without page numbers. */
  readonly page: number | null;
  readonly text: string;
  /** Why it is no claim; absent where claims rest on it. */
  readonly why?: string;
}

// `require`, because Node 20 prints a warning for every import of a JSON module.
const data = createRequire(import.meta.url)('./quotations.json') as {
  readonly sources: Readonly<Record<string, string>>;
  readonly quotations: readonly Quotation[];
};

/** Titles of the quoted works by id. */
export const quotationSources = data.sources;

/** Every quantitative sentence of the paper, and of the works about it that were at hand, in their order. */
export const quotations = data.quotations;

/** Throws on an id that is none. */
export function quotationById(id: string): Quotation {
  const quotation = quotations.find((candidate) => candidate.id === id);
  if (quotation === undefined) throw new Error(`there is no quotation ${id}`);
  return quotation;
}
