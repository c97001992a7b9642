import type { Series } from '../../../reports/analysis/summarize.js';
import { observations } from '../../../reports/analysis/levels.js';
import { compareSeries } from '../../../reports/compare/compare-series.js';
import type { OpenRow } from '../../../reports/compare/verdicts.js';
import type { ComparedValue } from '../../../reports/model/comparison.js';
import type { System } from '../../../reports/model/types.js';

const system: System = {
  key: 'linux-up.paper.measured.0',
  target: 'linux-up',
  label: 'linux-up',
  arm: null,
  host: 'alpha',
  boot: null,
  peer: null,
  platform: 'native',
  shape: { cpus: [1] },
  options: {},
  profile: 'paper',
  size: null,
  origin: 'measured',
  runs: ['run-a'],
  baseline: true,
  boundary: null,
  normalizedBy: 'linux-up',
  emulated: false,
  counterpart: null,
};

/** A series of these values. */
export function seriesOf(metric: string, values: readonly number[], changes: Partial<Series> = {}): Series {
  const tool = { name: 'lat_proc', origin: 'target', version: '3', linkage: 'static' } as const;
  const samples = values.map((value, trial) => ({
    ...{ trial, benchmark: 'lmbench', suiteVersion: 1, metric, value, resolution: null },
    ...{ file: 0, line: 1, tool, clock: null, spread: null },
  }));
  const observed = observations(values.map((value) => ({ value, boot: null, freshGuest: false })));
  return {
    ...{ system, suite: 'lmbench', suiteVersion: 1, metric, tool, clock: null, samples, ...observed, resolution: 0 },
    ...changes,
  };
}

const value: ComparedValue = {
  ...{ target: 'linux-up', label: 'linux-up', host: 'alpha', origin: 'measured', emulated: false },
  ...{ n: 5, center: 1, low: null, high: null, precision: null, notes: [] },
};

/** A row of two series, with what a test changes of it. */
export function rowOf(a: Series, b: Series, changes: Partial<OpenRow> = {}): OpenRow {
  return {
    ...{ metric: `${a.suite}/${a.metric}`, label: a.metric, benchmark: a.suite, unit: 'us', better: 'lower' },
    ...{ profile: 'paper', system: { a: 'linux-up', b: 'linux-up' }, a: value, b: value, noiseFloor: null },
    ...compareSeries(a, b),
    ...changes,
  };
}
