/**
 * What a difference between two systems means for their comparison. `blocking`: the comparison is unfair, because
 * something other than the platform differs. `by design`: the difference belongs to the platform. `unknown`: no rule
 * decides it, or the property could not be read.
 */
export type DifferenceClass = 'blocking' | 'by design' | 'unknown';

/** A property that is not the same in all systems. */
export interface DifferenceRow {
  readonly path: string;
  readonly class: DifferenceClass;
  readonly why: string;
  /** As text, in the order of the systems; null where it could not be read. */
  readonly values: readonly (string | null)[];
}

/** Every difference between systems, worst first. */
export interface DifferenceMatrix {
  /** Key of the system of each column: the baseline first. A system occurs once for each boot that differs. */
  readonly systems: readonly string[];
  /** Ids of the boots of the host that each column was measured in; empty where they are not known. */
  readonly boots: readonly (readonly string[])[];
  readonly rows: readonly DifferenceRow[];
  /** Properties that are the same in all systems. */
  readonly alike: number;
}

/** What differs between the measured systems of a report, besides the platforms that are compared. */
export interface Differences extends DifferenceMatrix {
  /** Headings of the columns: the labels of their systems, with a boot where a system has several columns. */
  readonly labels: readonly string[];
  /** Rows that are blocking. */
  readonly blocking: number;
  /** Properties that were read in at least one system. */
  readonly compared: number;
  /** Keys of systems in whose guests nothing was read: properties of guests are then left out for all. */
  readonly unread: readonly string[];
  /** A summary for the top of the report, in one or two sentences. */
  readonly statement: string;
}
