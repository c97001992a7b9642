import type { Profile, ProfileId } from '../../harness/types.js';
import { spreads } from '../spread.js';

/** Size of a database and of the work on it. */
export interface Size {
  /** AS3AP's logical size: four relations of `rows` rows of 100 bytes. */
  readonly megabytes: number;
  /** Rows of each of the four large relations, a multiple of 10,000 of at most 1,600,000. */
  readonly rows: number;
  /** Concurrent connections, without think time. */
  readonly users: number;
  readonly warmUpPerUser: number;
  /** Fixed work: queries of each user while it is measured, one row each. */
  readonly transactionsPerUser: number;
  /** A second part for the latencies, as logging them took 3 to 5 % of the throughput. */
  readonly timedPerUser: number;
}

/** The seed of the data and of the users' choices: every trial runs the same queries on the same rows. */
export const SEED = 2007;

/** Rows of each relation at AS3AP's logical size: a row counts 100 bytes, regardless of its size on disk. */
const rowsOf = (megabytes: number): number => (megabytes * 1_000_000) / (4 * 100);

/** AS3AP's rule for the number of users is a quarter of the megabytes: ten at 40 MB, kept at 4 MB for the load's sake. */
export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: {
    megabytes: 40,
    rows: rowsOf(40),
    users: 10,
    warmUpPerUser: 5_000,
    transactionsPerUser: 60_000,
    timedPerUser: 12_000,
  },
  quick: {
    megabytes: 4,
    rows: rowsOf(4),
    users: 10,
    warmUpPerUser: 500,
    transactionsPerUser: 5_000,
    timedPerUser: 1_000,
  },
};

function summarize({ megabytes, rows, users, transactionsPerUser }: Size): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  return `${megabytes} MB (${count(rows)} rows in each of four relations), ${users} users, ${count(users * transactionsPerUser)} rows read`;
}

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: { summary: summarize(sizes.paper), trials: 5, expectedSeconds: 75, scratchBytes: 400_000_000 },
  quick: {
    summary: summarize(sizes.quick),
    trials: 3,
    expectedSeconds: 8,
    scratchBytes: 200_000_000,
    unstable: spreads(17, 'each user reads 5,000 rows only'),
  },
};
