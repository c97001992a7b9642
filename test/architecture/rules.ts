import { renderMayImport, reportLayers, reportTop } from '../layers.js';
import type { Layers } from './check.js';

// The order of the folders, what is pure, and where ids may be named: the rules as data. What they mean is in check.ts.

/** What all others may import, and may itself import nothing of the project but what is in it. */
const NOUNS = ['harness/types', 'harness/types.ts', 'harness/trial', 'harness/random.ts'];

/** Lowest first: a file imports its own level and lower ones, types included. */
export const layers: Layers = [
  ['harness/types', 'harness/types.ts'],
  ['harness/errors.ts', 'harness/nearest.ts', 'harness/process-identity.ts', 'harness/random.ts', 'harness/version.ts'],
  ['harness/trial'],
  ['harness/connect'],
  ['harness/host', 'harness/agent'],
  ['harness/platforms'],
  ['harness/store'],
  ['harness/config'],
  ['harness/run/plan'],
  ['harness/run/gates'],
  ['harness/run/session'],
  ['harness/run/trial'],
  ['harness/run'],
  ['harness/import', 'harness/lab', 'harness/bundle'],
  ['suites'],
  ...reportLayers.map(({ folder }) => [`reports/${folder}`]),
  ['reports/render'],
  ['reports/site'],
  reportTop.map((file) => `reports/${file}`),
  ['harness/cli', 'harness/cli.ts'],
];

/** What a folder may import beside itself, where that is less than all lower levels. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  'harness/platforms': [...NOUNS, 'harness/errors.ts', 'harness/connect', 'harness/host', 'harness/agent'],
  suites: NOUNS,
  reports: [...NOUNS, 'suites'],
  'reports/render': ['harness/types', 'harness/types.ts', ...renderMayImport.map((folder) => `reports/${folder}`)],
};

/** From where a folder may import types, but no values. */
export const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'reports/render': ['reports/model', 'harness/types'],
};

const PURE_FOLDERS = [
  'harness/trial',
  'harness/types',
  'harness/run/plan',
  ...reportLayers.map(({ folder }) => `reports/${folder}`),
  'reports/render',
  'reports/site',
];

/**
 * Files that do no I/O, and read no clock, environment or random source, nor does what they import. A suite's `install`
 * works through an executor that it is given, so that its whole folder is pure, too.
 */
export function isPure(path: string): boolean {
  return path.startsWith('suites/') || PURE_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

/** Ids of one registry, and the files and folders that may name them beside tests and documents. */
export interface Naming {
  readonly what: string;
  readonly places: readonly string[];
  /** Ids that are also common words of other files, where they mean something else. */
  readonly homonyms: readonly string[];
}

export const namingRules = {
  // The lab makes hosts whose targets are of these platforms: what it makes is data with their names.
  platforms: {
    what: 'platform',
    places: ['harness/platforms', 'harness/lab', 'harness/types/system.ts'],
    homonyms: [],
  },
  // Exhibits declare what they show, and claims what they compare and where. Debian's packages have the names of the tools in them.
  suites: {
    what: 'suite',
    places: [
      'suites',
      'reports/exhibits',
      'reports/claims',
      'harness/lab/demo-plan.ts',
      'harness/lab/packages.ts',
      'harness/lab/emulated/packages.ts',
    ],
    homonyms: ['cpu'],
  },
  workloads: { what: 'workload', places: ['suites/workloads', 'reports/exhibits', 'reports/claims'], homonyms: [] },
  // Facts of a host, which reports compare, have some of the same names.
  controls: {
    what: 'control',
    places: ['harness/host/controls'],
    homonyms: ['aslr', 'clocksource', 'ksm', 'smt', 'swap', 'thp'],
  },
  exhibits: {
    what: 'exhibit',
    places: ['reports/exhibits', 'reports/claims', 'harness/lab/demo-plan.ts'],
    homonyms: [],
  },
  gates: { what: 'gate', places: ['harness/run/gates', 'harness/types'], homonyms: ['swap', 'steal'] },
} as const satisfies Record<string, Naming>;

/** Kinds of hypervisors as a kernel names them, which are also ids of platforms. */
export const HYPERVISORS = {
  ids: ['xen', 'kvm'],
  places: ['harness/host/boot-state.ts', 'harness/types/machine.ts'],
} as const;
