/** One stored file of a trial. `path` is relative to the directory of the run. */
export interface TrialFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Names of the files of one attempt at a trial, without their directory: `t0001.1.txt`, ..., and in a trial of a
 * workload, with `guest`, `t0001.1.g0.txt`, ... Files that are stored before the end carry the instant of the launch:
 * when an attempt is launched again, it must not read the files of the earlier launch.
 */
export const trialFileNames = (trial: string, attempt: number, launchedAt: string, guest?: number) => {
  const stamp = launchedAt.replace(/\D/g, '');
  const base = `${trial}.${attempt}${guest === undefined ? '' : `.g${guest}`}`;
  return {
    output: `${base}.txt`,
    cpuBefore: `${base}.cpu-before-${stamp}.json`,
    cpuAfter: `${base}.cpu-after-${stamp}.json`,
    clockBefore: `${base}.clock-before-${stamp}.json`,
    /** Counters of the host's kernel; in a trial of several guests stored with the first guest's files. */
    vitalsBefore: `${base}.vitals-before-${stamp}.json`,
    vitals: `${base}.vitals-${stamp}.json`,
    /** Counters of the guest's kernel, where it has its own. */
    guestVitalsBefore: `${base}.guest-vitals-before-${stamp}.json`,
    guestVitals: `${base}.guest-vitals-${stamp}.json`,
    /** What the service at the other end printed. */
    peer: `${base}.peer-${stamp}.txt`,
  };
};

/** Whether a stored file is of this attempt, also of an earlier launch of it. */
export const isFileOf = (name: string, trial: string, attempt: number): boolean =>
  name.startsWith(`${trial}.${attempt}.`) || name.startsWith(`${trial}.${attempt}-`);

/** The store appends `-2`, ... to a name that is taken. */
const PATTERNS = {
  output: /^(?!.*\.peer(-\d+)*\.txt$).*\.txt$/,
  cpuBefore: /\.cpu-before(-\d+)*\.json$/,
  cpuAfter: /\.cpu-after(-\d+)*\.json$/,
  vitals: /\.vitals(-\d+)+\.json$/,
  guestVitals: /\.guest-vitals(-\d+)+\.json$/,
} as const satisfies Partial<Record<keyof ReturnType<typeof trialFileNames>, RegExp>>;

/** The file of a kind among the files of one guest, by its name. */
export function fileOfKind(files: readonly TrialFile[], kind: keyof typeof PATTERNS): TrialFile | undefined {
  return files.find(({ path }) => PATTERNS[kind].test(path));
}
