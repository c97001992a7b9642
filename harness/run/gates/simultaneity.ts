import type { Gate } from './gate.js';

const NS_PER_MS = 1e6;

export const skew: Gate<'skew'> = {
  id: 'skew',
  unit: 'ms',
  limit: 1,
  voids: 'above',
  scope: 'guests',
  about:
    'Time between the first and the last guest that begins to measure. With more guests than CPUs, which start one after another, time between their release instants. Where guests have their own clocks, the error of the clocks is added to the limit.',
  remedy: 'let fewer guests share the CPUs, or make the host idle; `--gate skew=LIMIT` accepts more',
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
  scope: 'guests',
  about:
    'Time in which all guests measured, divided by the time from the first start to the last end. Workloads whose guests do a fixed amount of work have their own limit: on an unfair system guests finish at different times; that is what is being measured.',
  remedy: 'choose the profile with longer trials; `--gate overlap=LIMIT` accepts less',
  read({ together }) {
    if (together === undefined) return undefined;
    const value = together.simultaneity.overlap * 100;
    const detail = `all guests measured at once for ${value.toFixed(1)} % of the time from the first start to the last end`;
    return { value, detail, limit: together.workload.overlapLimit };
  },
};

const inMs = (ns: number): string => (ns / NS_PER_MS).toFixed(3);
