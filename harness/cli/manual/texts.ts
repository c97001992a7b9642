/** A term and what it means. */
type Entry = readonly [term: string, meaning: string];

/** Of every verb. `bench --help` and the manual page print them. */
export const EXIT_CODES: readonly Entry[] = [
  ['0', 'success'],
  ['1', 'a trial failed or was voided by a gate, a bundle did not pass a check, or a threshold was exceeded'],
  ['2', 'invalid usage or configuration'],
  ['3', 'a host cannot be reached or prepared'],
  ['130', 'interrupted; the run can be resumed'],
];

/** Environment variables that are read. */
export const ENVIRONMENT: readonly Entry[] = [
  ['NO_COLOR', 'If it is not empty, output has no colors.'],
  ['TERM', 'If it is dumb, output has no colors.'],
  ['SSH_AUTH_SOCK', 'The SSH agent, as for ssh(1).'],
  ['XDG_CACHE_HOME', 'The folder for checksums of agents. Default: ~/.cache.'],
];

/** Files that are read or written, other than those that options name. */
export const FILES: readonly Entry[] = [
  ['hosts.json', 'The hosts file: hosts, targets and the baseline. See `bench schema hosts`.'],
  ['hosts.lab.json', 'The hosts file that `bench lab up` writes.'],
  ['runs/RUN/plan.json', 'The plan of a run, with its hash.'],
  ['runs/RUN/records.jsonl', 'One line for each attempt at a trial.'],
  ['runs/RUN/journal.jsonl', 'What happened in between, with the facts of every machine.'],
  ['runs/RUN/raw/', 'What the trials printed, unchanged.'],
  ['runs/report.html', 'The report that `bench report` writes.'],
  ['runs/comparison.html', 'The page that `bench compare --format html` writes.'],
  ['~/.ssh/config, ~/.ssh/known_hosts', 'Read as ssh(1) does. A host key that is not known is refused.'],
  ['/var/lib/bench', 'On each host: the files of the harness. `workDir` of a host names another folder.'],
];
