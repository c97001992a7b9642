import type { RunSummary } from '../store/index.js';

/** The row of a run in `bench list runs`: id, state, trials, targets, benchmarks, size, and why it cannot be read. */
export function describeRunSummary(run: RunSummary): readonly string[] {
  const { id, state, created, targets, benchmarks, profile, trials, bytes, problem } = run;
  return [
    id,
    created === undefined ? '' : created.slice(0, 16).replace('T', ' '),
    state,
    trials === undefined ? '' : describeTrials(trials),
    few(targets),
    [few(benchmarks), ...(profile === undefined ? [] : [`(${profile})`])].join(' '),
    size(bytes),
    problem ?? '',
  ];
}

/** `4 of 6 trials, 1 void, 1 pending`. */
function describeTrials({ planned, collected, ...others }: NonNullable<RunSummary['trials']>): string {
  const rest = Object.entries(others).filter(([, count]) => count > 0);
  return [`${collected} of ${planned} trials`, ...rest.map(([what, count]) => `${count} ${what}`)].join(', ');
}

/** At most four names: published runs have many. */
function few(names: readonly string[] = []): string {
  return names.length <= 4 ? names.join(' ') : `${names.slice(0, 3).join(' ')} and ${names.length - 3} more`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power] ?? ''}`;
}
