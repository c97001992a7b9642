import type { Assignment, Enforced, Limits, Shape, Workload } from '../../harness/types.js';
import { metrics, parse, type ShareMetric } from './cpu-shares.js';

/** As in the paper. */
const GUESTS = 8;
/** The part of the guests' CPUs that is reserved for guest 0. */
const QUARTER = 0.25;

/**
 * Weights for a quarter among eight: 7/3 of each other's, w / (w + 7) = 1/4. At 700 to 300 no scale rounds them: they are
 * weights of control groups of version 2 as they are, and 7168 to 3072 shares of version 1; 233.33 to 100 would be 233.
 */
const WEIGHTS = { reserved: 700, other: 300 } as const;

/** Of control groups of version 2; 100 is the default. */
const HIGHEST_WEIGHT = 10_000;

/** The share of all CPUs that guest 0 is to get, and the settings of the guests for it. */
interface Reservation {
  readonly part: number;
  readonly limitsOf: (guest: number, cpus: number) => Limits | undefined;
  readonly enforced: readonly Enforced[];
}

const ABOUT =
  'Eight guests on the same CPUs, in each an hourglass: a program that reads the clock without pause, on every CPU of its guest, and detects by gaps when it did not run. Shares are percent of one CPU, 200 on two, of the time in which all eight ran.';

function cpuShares<const Id extends string>(
  id: Id,
  title: string,
  words: string,
  { part, limitsOf, enforced }: Reservation,
) {
  return {
    id,
    title,
    version: 1,
    about: `${ABOUT} ${words}`,
    metrics,
    profiles: {
      paper: { trials: 5, expectedSeconds: 75 },
      quick: { trials: 3, expectedSeconds: 15 },
    },
    enforced,
    assign: ({ cpus }: Shape): readonly Assignment[] =>
      Array.from({ length: GUESTS }, (_, guest) => {
        const limits = limitsOf(guest, cpus.length);
        return { guest, suite: 'hourglass', ...(limits === undefined ? {} : { limits }) };
      }),
    parse: (guests) => parse(guests, part),
  } as const satisfies Workload<ShareMetric>;
}

export const table3Equal = cpuShares(
  'table-3-equal',
  'CPU shares, all guests alike',
  'All are alike, and each should get an eighth.',
  { part: 1 / GUESTS, limitsOf: () => undefined, enforced: [] },
);

export const table3Weight = cpuShares(
  'table-3-weight',
  'CPU shares, a quarter by weight',
  `Guest 0 should get a quarter: its weight is 7/3 of each other's (${WEIGHTS.reserved} to ${WEIGHTS.other}); a platform with reservations of its own reserves it.`,
  {
    part: QUARTER,
    limitsOf: (guest, cpus) =>
      guest === 0 ? { cpuWeight: WEIGHTS.reserved, cpuReservation: QUARTER * cpus } : { cpuWeight: WEIGHTS.other },
    enforced: ['weight'],
  },
);

export const table3Cap = cpuShares(
  'table-3-cap',
  'CPU shares, a quarter by caps',
  'Guest 0 should get a quarter. A cap is no guarantee: guest 0 is capped at a quarter, and so that a quarter is left for it, each of the others at a seventh of the rest. The caps add up to all of the CPUs, so what the machine itself takes is missing in some guest: guest 0 has the highest weight where there are weights, so only its cap limits it.',
  {
    part: QUARTER,
    limitsOf: (guest, cpus) =>
      guest === 0
        ? { cpuCap: QUARTER * cpus, cpuWeight: HIGHEST_WEIGHT }
        : { cpuCap: ((1 - QUARTER) / (GUESTS - 1)) * cpus },
    enforced: ['cap'],
  },
);
