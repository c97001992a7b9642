import type { Executor } from './machine.js';
import type { RawText, RawTrial } from './raw.js';
import type { Installation, Origin, ProfileId, Step } from './step.js';
import type { CpuClock, Finding } from './system.js';

export type Unit = 's' | 'us' | 'ns' | 'B' | 'B/s' | 'bit/s' | '1/s' | 'percent' | 'count';

export interface Metric {
  readonly label: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
  /**
   * Only of a share in percent, which has a highest value: of a `whole` it is 100, of `one CPU` 100 for each CPU of the
   * guest. Its interval is Student's, cut at 0 and at that value.
   */
  readonly share?: 'whole' | 'one CPU';
}

export interface Profile {
  /** The sizes, in words, as the report prints them. */
  readonly summary: string;
  /** Trials per target without a request of the user. */
  readonly trials: number;
  /** A guess for the time remaining, until trials have been seen. */
  readonly expectedSeconds: number;
  /** Free space that the guest's work directory must have. */
  readonly scratchBytes: number;
  /**
   * Why its values may spread by more than 5 % from trial to trial even on a quiet machine. The report prints it next
   * to each of them. Absent where they do not, or where nobody measured it.
   */
  readonly unstable?: string;
}

/** A file shipped with a suite and put into `<workDir>/suites/<suite>/` of the guest before `install`. */
export interface SuiteFile {
  readonly name: string;
  readonly source: URL;
}

/** What `install` sees of a guest. */
export interface SuiteGuest {
  readonly executor: Executor;
  /** Where the suite's files are; survives restarts of the guest. */
  readonly dir: string;
  /** CPUs the guest is pinned to, as numbered inside it. */
  readonly cpus: readonly number[];
  /** From the host's `toolDirs`. */
  readonly toolDirs: readonly string[];
}

export interface StepContext {
  readonly profile: ProfileId;
  readonly installation: Installation;
  /** Empty before the first step, removed after the trial. Absolute. */
  readonly scratch: string;
  /** The suite's files, see `SuiteFile`. */
  readonly dir: string;
  readonly cpus: readonly number[];
  readonly memoryBytes?: number;
  /** Only for suites with `needs.peer`: where the service of `serve` listens. */
  readonly peer?: { readonly address: string };
}

/** What a network suite runs on the peer while a trial lasts: it is up before the start and ended afterwards. */
export interface PeerService {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** TCP port that it listens on once it is up. */
  readonly port: number;
}

/** What a parser reads of one metric: a value, or why there is none. NaN, 0 and null never mean missing. */
export type Reading<Name extends string = string> =
  | {
      readonly metric: Name;
      readonly value: number;
      /**
       * The step between values that the tool can print, in the metric's unit: 0.01 for a printed 12.30. It bounds the
       * spread of values that rounding made equal. Absent where it is unknown.
       */
      readonly resolution?: number;
      readonly at: Origin;
      readonly tool: string;
      /** Of a CPU time: what counted it. Values of different kinds of clock are never pooled or compared. */
      readonly clock?: CpuClock;
    }
  | { readonly metric: Name; readonly missing: string; readonly at?: Origin };

/** One trial's worth of raw output that was measured elsewhere, see `Suite.recognize`. */
export interface ForeignTrial<Name extends string = string> {
  /** What the output states about itself (version, machine, date), for the report. */
  readonly source: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly readings: readonly Reading<Name>[];
  /** For each profile what of the output contradicts its size; undefined where it fits. Absent where no size is stated. */
  readonly contradicts?: Readonly<Record<ProfileId, string | undefined>>;
  /** The size that the output states, in words, and where: outputs of no profile are compared where the words are equal. */
  readonly size?: { readonly words: string; readonly at: Origin };
  /** What a reader of the values must know, as that the file was cut. */
  readonly findings?: readonly Finding[];
}

/** One benchmark tool: how it is installed and run, and its raw output parsed. A plain object, no state. */
export interface Suite<Name extends string = string> {
  readonly id: string;
  readonly title: string;
  /** Counts changes of the steps or sizes: results of different versions are not compared silently. */
  readonly version: number;
  readonly about: string;
  /** Programs that it runs, other than its id: who names one of them for the suite is shown the suite. */
  readonly tools?: readonly string[];
  /** Whether the caches are warm or cold when it measures, and who made them so. */
  readonly caches: string;
  readonly metrics: Readonly<Record<Name, Metric>>;
  readonly profiles: Readonly<Record<ProfileId, Profile>>;
  readonly needs: {
    /** Debian packages; empty where the project's own programs do. */
    readonly packages: readonly string[];
    readonly files: readonly SuiteFile[];
    /** A host at the other end, running the command of `serve`. */
    readonly peer?: boolean;
    /** The guest's CPU time by the platform's accounting, read before the start and after the end. */
    readonly cpuTime?: boolean;
  };
  /** It only disturbs others: it has a part in workloads, and is never measured alone. */
  readonly isLoad?: true;
  /** Finds or builds the tools in a guest. Idempotent and quick the second time. */
  install(guest: SuiteGuest): Promise<Installation>;
  /** Pure: what runs on the peer, where the suite was installed too; for suites with `needs.peer`. */
  serve?(installation: Installation): PeerService;
  /** Pure: what a trial runs. */
  steps(context: StepContext): readonly Step[];
  /** Pure: throws nothing; a surprise in one step is a `missing` reading of its metrics. */
  parse(raw: RawTrial): readonly Reading<Name>[];
  /** Pure: raw output of the real tool that was measured elsewhere; throws on a file that it does not know. */
  recognize?(files: readonly RawText[]): readonly ForeignTrial<Name>[];
}
