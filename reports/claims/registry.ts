import type { Claim } from './check.js';
import { figure5Claims } from './figure-5.js';
import { figure6Claims } from './figure-6.js';
import { figure7Claims } from './figure-7.js';
import { figure8Claims } from './figure-8.js';
import { table2Claims } from './table-2.js';
import { table3Claims } from './table-3.js';

/** Every claim, in the order of the exhibits that they are shown below. A new one is an entry in one of the files above. */
export const claims: readonly Claim[] = [
  ...table2Claims,
  ...figure5Claims,
  ...figure6Claims,
  ...figure7Claims,
  ...table3Claims,
  ...figure8Claims,
];
