import type { Control } from './control.js';
import { clockSource, congestionControl, ioScheduler } from './devices.js';
import { irqAffinity, services, watchdogs } from './disturbers.js';
import { governor, idleStates, turbo } from './frequency.js';
import { aslr, dirtyLimits, hugePages, numaBalancing, samePages, swappiness } from './memory.js';
import { cpusOnline, smt } from './processors.js';

/**
 * Every control, in the order in which they are set; they are restored the other way round. CPUs are taken away last, and
 * come back first, because most of the others have files with each CPU.
 */
export const controls: readonly Control[] = [
  governor,
  turbo,
  idleStates,
  aslr,
  hugePages,
  samePages,
  numaBalancing,
  watchdogs,
  swappiness,
  dirtyLimits,
  ioScheduler,
  clockSource,
  congestionControl,
  irqAffinity,
  services,
  cpusOnline,
  smt,
];
