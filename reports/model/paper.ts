/** What the publication that the exhibits are of states, from its text alone: no measurement is in it. */
import type { Metric } from '../../harness/types.js';
import type { ClaimResult } from './claim.js';
import type { Figure } from './figure.js';
import type { PublishedValue } from './published-value.js';
import type { Verdict } from './states.js';
import type { StatedFact } from './types.js';

/** A sentence about one system and metric, where figures carry no printed numbers. */
export interface PaperStatement extends StatedFact {
  readonly metric: string;
  /** Label of the bar or row that it is about. */
  readonly label: string;
  /** The system, as the publication calls it. */
  readonly column: string;
  /** Unit of a `value`. */
  readonly unit: Metric['unit'];
  readonly section: string;
  readonly page: number | null;
}

interface PublishedExhibit {
  readonly id: string;
  readonly title: string;
  /** Caption of the publication. */
  readonly caption: string;
  readonly statements: readonly PaperStatement[];
}

export interface PaperTable extends PublishedExhibit {
  readonly kind: 'table';
  /** As printed. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly metric: string | null;
    readonly unit: Metric['unit'];
    /** By column. */
    readonly values: readonly PublishedValue[];
  }[];
}

export interface PaperFigure extends PublishedExhibit {
  readonly kind: 'figure';
  /** The statements on the axes of the figure; it has no bars. */
  readonly figure: Figure;
}

/** A claim by the publication's own numbers, and as it was measured. */
export interface PaperClaim extends Pick<ClaimResult, 'id' | 'where' | 'page' | 'text' | 'exhibit' | 'kind'> {
  readonly paper: ClaimResult['paper'];
  /** Null where the report does not judge it by measurements. */
  readonly measured: Verdict | null;
}

export interface Paper {
  readonly reference: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly venue: string;
  readonly doi: string;
  /** Its machines and methods, by name. */
  readonly setup: readonly { readonly name: string; readonly text: string }[];
  /** How many statements and claims there are, and how its numbers compare with its sentences. */
  readonly statement: string;
  readonly exhibits: readonly (PaperTable | PaperFigure)[];
  readonly claims: readonly PaperClaim[];
}
