/** What another publication has where a published value is shown. */
export interface OtherPublished {
  readonly reference: string;
  readonly value: number;
  /** How much more than the published value that is compared with, in percent. */
  readonly percent: number;
  /** To the first column there; null of that column. */
  readonly ratio: number | null;
  /** How much more than the published ratio, in percent. */
  readonly ratioPercent: number | null;
}
