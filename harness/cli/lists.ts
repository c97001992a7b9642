/** What `bench list` lists, each in a few words. Texts only: `list.ts` has the readers. */
export const LISTS = {
  suites: 'benchmarks of one guest: --suite',
  workloads: 'suites in several guests at once: --workload',
  targets: 'systems under test of the hosts file: --target',
  runs: 'runs in the folder of the runs, with their state: --resume, `bench show`, `bench report`',
  platforms: 'what a target can run on: "platform" of a target',
  exhibits: 'tables and figures: --exhibit',
  gates: 'checks that void a trial: --gate',
  controls: 'settings that a run makes on a host: "controls" of a host',
} as const;

export type ListName = keyof typeof LISTS;

/** What `bench schema` prints the schema of, the default first. */
export const SCHEMAS = ['hosts', 'report', 'thresholds'] as const;

/** In the order in which they are shown. */
export const LIST_NAMES = Object.keys(LISTS) as readonly ListName[];
