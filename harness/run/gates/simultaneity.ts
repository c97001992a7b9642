import type { Gate } from './gate.js';

const NS_PER_MS = 1e6;

export const skew: Gate<'skew'> = {
  id: 'skew',
  unit: 'ms',
  limit: 1,
  voids: 'above',
  of: 'guests',
  about:
    'Between the first and the last guest to begin measuring; with more guests than CPUs, which are started one after another, between the instants at which they were to begin. Where guests have clocks of their own, what these may be wrong by is allowed on top.',
  read({ together }) {
    if (together === undefined) return undefined;
    const { simultaneity, crowded } = together;
    const { releaseSkewNs, startSkewNs, boundNs } = simultaneity;
    const started = `guests began to measure within ${inMs(startSkewNs)} ms`;
    const wrong = boundNs === 0 ? '' : `, to within ${inMs(boundNs)} ms`;
    const detail = crowded
      ? `released within ${inMs(releaseSkewNs)} ms${wrong}; ${started}, as there are more of them than CPUs`
      : `${started}${wrong}`;
    return { value: (crowded ? releaseSkewNs : startSkewNs) / NS_PER_MS, detail, allowance: boundNs / NS_PER_MS };
  },
};

export const overlap: Gate<'overlap'> = {
  id: 'overlap',
  unit: 'percent',
  limit: 95,
  voids: 'below',
  of: 'guests',
  about:
    'The time in which all guests measured, over that from the first start to the last end. Workloads whose guests have a fixed amount of work have a limit of their own: on an unfair system these guests finish at different times; that is what is being measured.',
  read({ together }) {
    if (together === undefined) return undefined;
    const value = together.simultaneity.overlap * 100;
    const detail = `all guests measured at once for ${value.toFixed(1)} % of the time from the first start to the last end`;
    return { value, detail, limit: together.workload.overlapLimit };
  },
};

const inMs = (ns: number): string => (ns / NS_PER_MS).toFixed(3);
