/** A published share with its request, in percent, and the deviation in percentage points. */
export interface PublishedShare {
  readonly requested: number;
  readonly deviation: number;
  readonly beyond: boolean;
}

/** A published value of a row. */
export interface PublishedValue {
  readonly value: number | null;
  readonly ratio: number | null;
  /** Only where the row is a requested share. */
  readonly request: PublishedShare | null;
}
