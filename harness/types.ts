/**
 * The nouns of the product, as types. No code lives here: suites and reports may import this file and nothing else of
 * the harness. Durations carry their unit in their name; sizes are bytes; instants are ISO 8601 in UTC unless a name
 * ends in `Ns`, which is CLOCK_MONOTONIC of the machine that wrote it.
 */

export type HostId = string;
export type TargetId = string;
export type RunId = string;
/** `t0001`, ...: the position of a trial in its plan. */
export type TrialId = string;
/** `suite/metric`, for example `lmbench/fork-process`; the literal union is derived in `suites/index.ts`. */
export type MetricId = `${string}/${string}`;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

// ---------------------------------------------------------------------------------------------------------------
// Machines

/** One command: argv, never a shell string. `timeoutMs` ends the wait and the command; there is none by default. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** More output than this on either stream is an error, not a truncation. Default 64 MiB. */
  readonly maxOutputBytes?: number;
}

/**
 * How a command ended. A lost connection, a timeout and a program that could not be reached are never one of these:
 * they reject with a `BenchError`.
 */
export type Exit =
  { readonly kind: 'code'; readonly code: number } | { readonly kind: 'signal'; readonly signal: string };

/** `stdout` and `stderr` are the bytes decoded as UTF-8; `stdoutBytes` is what came over the wire. */
export interface ExecResult {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
  readonly durationMs: number;
}

export interface PutFile {
  /** Absolute path. Parent directories are made. The file appears whole or not at all (write, then rename). */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, default 0o644. */
  readonly mode?: number;
}

/** Something that runs commands: this machine, a host over SSH, or a guest inside a host. */
export interface Executor {
  /** For messages: `local`, `root@alpha`, `root@alpha lxc:xyz`. */
  readonly where: string;
  exec(command: Command): Promise<ExecResult>;
  put(file: PutFile): Promise<void>;
  /** The bytes of a regular file; a missing file or one over `maxBytes` (default 64 MiB) rejects. */
  get(path: string, maxBytes?: number): Promise<Uint8Array>;
}

/**
 * An executor with a life of its own. After a transport loss every pending call rejects with stage `connect` and
 * `transport: true`; the next call opens a new connection.
 */
export interface Connection extends Executor {
  close(): Promise<void>;
  /**
   * Ends the session and keeps the connection: nothing is sent, keepalives included, until the next call opens a new
   * session. Absent where calls leave nothing open between them.
   */
  detach?(): Promise<void>;
}

/** A host as its configuration describes it (`hosts.json`, validated). */
export interface HostConfig {
  readonly id: HostId;
  /** `local` runs here through execa; `ssh` names what `ssh -G` resolves. */
  readonly connect:
    | { readonly via: 'local' }
    | {
        readonly via: 'ssh';
        readonly destination: string;
        readonly user?: string;
        readonly port?: number;
        readonly identityFiles?: readonly string[];
        readonly knownHostsFiles?: readonly string[];
        /** An OpenSSH client configuration file to use instead of the user's. */
        readonly configFile?: string;
        readonly jump?: string;
      };
  /** Where guests of other hosts reach it when it is their peer; default: the name that SSH connects to. */
  readonly address?: string;
  /** Where the harness keeps its files on the host. Default `/var/lib/bench`, without root a folder of the user's. */
  readonly workDir?: string;
  /** How many CPUs the host has, when stated: shapes are checked against it before anything connects. */
  readonly cpus?: number;
  /** Directories searched for installed benchmark tools before the usual ones, by suite. */
  readonly toolDirs?: Readonly<Record<string, readonly string[]>>;
  readonly description?: string;
  /** Set by the lab: this host shares the machine of the orchestrator, or is an emulated machine. */
  readonly lab?: 'namespace' | 'emulated';
  /** The systems that the host can be booted into, by the names that targets use. */
  readonly boots?: Readonly<Record<string, BootProfile>>;
  /** What controls are to be set to, by control; one that is not named keeps the default of its declaration. */
  readonly controls?: Readonly<Record<string, Json>>;
}

/** How a host is booted into one of its systems, and how that is proved from inside afterwards. */
export interface BootProfile {
  /** Selects it for the next boot only: a GRUB menu entry (title or id), or a command of the user's run on the host. */
  readonly select: { readonly grub: string } | { readonly command: readonly [string, ...string[]] };
  /** Restarts the host; default `reboot`. `local`: run by the orchestrator (IPMI), not on the host. */
  readonly reboot?: { readonly command: readonly [string, ...string[]]; readonly local?: boolean };
  /** How long it may take until SSH answers again. Default 600. */
  readonly limitSeconds?: number;
  /** What must be found inside; at least one member. */
  readonly expect: {
    /** The beginning of `uname -r`. */
    readonly kernelRelease?: string;
    readonly cpus?: number;
    readonly hypervisor?: 'none' | 'xen' | 'kvm';
    /** Words that /proc/cmdline must have. */
    readonly commandLine?: readonly string[];
  };
}

/** A host that is connected and locked by this process. */
export interface Host {
  readonly id: HostId;
  readonly config: HostConfig;
  readonly executor: Executor;
  /** Absolute, exists, writable. */
  readonly workDir: string;
}

// ---------------------------------------------------------------------------------------------------------------
// Systems under test

export type PlatformId =
  'native' | 'lxc' | 'docker' | 'podman' | 'nspawn' | 'runc' | 'vserver' | 'openvz' | 'jail' | 'kvm' | 'xen';

/** What a guest gets. Absent means: all that the host has, unlimited. */
export interface Shape {
  /** Host CPUs the guest is pinned to, ascending, never empty. `up` is one CPU. */
  readonly cpus: readonly number[];
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  /** Relative weight among guests, 100 = the default (the scale of cgroup v2). */
  readonly cpuWeight?: number;
  /** Hard limit, in CPUs: 0.25 is a quarter of one CPU. */
  readonly cpuCap?: number;
  /**
   * CPU time guaranteed while other guests compete, in CPUs. A platform with reservations of its own (the token bucket of
   * Linux-VServer) takes it; elsewhere a weight stands for it, which the workload states beside it.
   */
  readonly cpuReservation?: number;
}

/** The part of a shape that one guest of a workload may have otherwise than the target says. */
export type Limits = Pick<Shape, 'cpuWeight' | 'cpuCap' | 'cpuReservation'>;

export interface TargetConfig {
  readonly id: TargetId;
  readonly host: HostId;
  readonly platform: PlatformId;
  readonly shape: Shape;
  /** The host at the other end of network suites. */
  readonly peer?: HostId;
  /** The driver's own options, validated by the driver's schema. */
  readonly options: { readonly [key: string]: Json };
  /** How reports call it; default the id. */
  readonly label?: string;
  /** The published column that this target stands for, when it does: `VServer-UP`. */
  readonly stands?: string;
  /** The boot profile, of its host's `boots`, that the host must be in. */
  readonly boot?: string;
}

/** One check of a machine against what was asked. */
export interface Finding {
  readonly check: string;
  readonly expected: string;
  readonly found: string;
  readonly verdict: 'ok' | 'differs' | 'unavailable';
  /** What to do about it, or why it does not matter. */
  readonly hint?: string;
}

export interface GuestSpec {
  /** Unique on the host: `bench-<run>-<target>-<n>`; lower-case letters, digits and dashes. */
  readonly name: string;
  /** Its shape is what this guest gets, the limits that a workload gives it included. */
  readonly target: TargetConfig;
}

/** One running instance of a platform on a host; for `native` the host itself. */
export interface Guest {
  readonly name: string;
  readonly executor: Executor;
  /** Where the harness keeps its files inside the guest: absolute, exists, writable, survives a restart of the guest. */
  readonly workDir: string;
  /** The CPUs of its shape as numbered inside the guest: the host's numbers but for virtual machines. */
  readonly cpus: readonly number[];
  /** The limits in force, read back from the host's side (cgroup, hypervisor). */
  readBack(): Promise<readonly Finding[]>;
  /** Stops it and keeps its disk; a stopped guest starts again with the same spec. */
  stop(): Promise<void>;
}

/** CPU seconds consumed so far, by the platform's own accounting, with what it covers in words. */
export interface CpuSeconds {
  readonly seconds: number;
  readonly source: string;
}

/** Limits of a shape that a platform can hold a guest to. */
export type Enforced = 'cpus' | 'memory' | 'weight' | 'cap' | 'reservation' | 'disk';

/** What kind of system a platform is: facts for the reader of a report, from its documentation. */
export interface PlatformTraits {
  /** The features of Table 1 of Soltesz et al. */
  readonly multipleKernels: boolean;
  /** Whether root of a guest may load kernel modules, and the like: `full`; or administers its own guest only. */
  readonly rootPower: 'full' | 'guest';
  readonly checkpointResume: boolean;
  readonly liveMigration: boolean;
  /** The system under the guests can be updated while they run. */
  readonly liveUpdate: boolean;
  /** Its place in Figure 4 of Soltesz et al.: on which objects guests are kept apart, and what schedules for them. */
  readonly isolation: {
    readonly security: 'none' | 'kernel objects' | 'virtual hardware';
    /** In words: which scheduler, which limits. */
    readonly cpu: string;
    readonly memory: string;
    readonly io: string;
  };
}

/** A driver: how a guest is made. It knows no suite. */
export interface Platform {
  readonly id: PlatformId;
  readonly label: string;
  /** Guests of a hypervisor have a kernel, and therefore a clock, of their own; all others share the host's. */
  readonly boundary: 'none' | 'container' | 'hypervisor';
  readonly traits: PlatformTraits;
  readonly enforces: readonly Enforced[];
  /** Debian packages that the host needs for it. */
  readonly packages: readonly string[];
  /** Can it (or can this target of it) run on this host? Read-only. Nothing that `differs` means yes. */
  probe(host: Host, target?: TargetConfig): Promise<readonly Finding[]>;
  /** Makes the guest's disk when it is not there, starts it, and returns once a command can run in it. */
  start(host: Host, spec: GuestSpec): Promise<Guest>;
  /** A guest that is already running under this name, for a run that is resumed. */
  attach(host: Host, spec: GuestSpec): Promise<Guest | undefined>;
  cpuTime(host: Host, guest: Guest): Promise<CpuSeconds>;
  /** Stops and removes every guest that `bench` made here, running or crashed, but for the names kept; returns names. */
  reap(host: Host, keep?: readonly string[]): Promise<readonly string[]>;
}

// ---------------------------------------------------------------------------------------------------------------
// Suites

export type Unit = 's' | 'us' | 'ns' | 'B/s' | 'bit/s' | '1/s' | 'percent' | 'count';

export interface Metric {
  readonly label: string;
  readonly unit: Unit;
  readonly better: 'lower' | 'higher';
}

export type ProfileId = 'paper' | 'quick';

export interface Profile {
  /** The sizes, in words, as the report prints them. */
  readonly summary: string;
  /** Trials per target when the user does not say. */
  readonly trials: number;
  /** A guess for the time remaining, until trials have been seen. */
  readonly expectedSeconds: number;
  /** Free space that the guest's work directory must have. */
  readonly scratchBytes: number;
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

/**
 * What `install` found or built: plain data, kept in the run. `tools` names every program that will produce numbers,
 * where it came from, and its version and linkage as far as they can be known.
 */
export interface Installation {
  readonly tools: Readonly<Record<string, Tool>>;
  /** Environment of every step. */
  readonly env: Readonly<Record<string, string>>;
  /** Whatever else `steps` and `parse` need. */
  readonly data: { readonly [key: string]: Json };
}

export interface Tool {
  readonly path: string;
  /** `target`: found on the guest, unmodified; `project`: this project's own program. */
  readonly origin: 'target' | 'project';
  readonly version: string;
  /** How many shared libraries it links, or `static`: costs of fork and exec depend on it. */
  readonly linkage?: string;
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

/**
 * One command of a trial. `prepare` steps run before the start instant, `measure` steps from it on, `cleanup` steps
 * always. The agent runs them one after another on the guest, detached; nothing crosses the network meanwhile.
 */
export interface Step {
  /** Unique in the trial: lower-case letters, digits, dashes. Names the raw output. */
  readonly name: string;
  readonly phase: 'prepare' | 'measure' | 'cleanup';
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the scratch directory. */
  readonly cwd?: string;
  readonly stdin?: string;
  /** SIGKILL to the whole process group, and to what escaped it, when over. */
  readonly limitSeconds: number;
  /** What a `prepare` step leaves running (a server) lives until the cleanup steps are over; else it is killed. */
  readonly keep?: boolean;
  /** After a failure: `abort` goes to the cleanup steps (default); `continue` to the next step. */
  readonly onFailure?: 'abort' | 'continue';
  /** Names of the metrics that its output must yield. One that yields nothing is reported as missing, never ignored. */
  readonly yields?: readonly string[];
}

export type StepStatus =
  | { readonly status: 'exited'; readonly code: number }
  | { readonly status: 'signaled'; readonly signal: number }
  /** Ran into `limitSeconds` and was killed. */
  | { readonly status: 'limit' }
  /** Ended on request, because the guests that it was to disturb were done: how a load ends when all goes well. */
  | { readonly status: 'finished' }
  /** Wrote more output than is kept (64 MiB a stream) and was killed. */
  | { readonly status: 'output' }
  /** Could not be started: the message of the system. */
  | { readonly status: 'unstarted'; readonly message: string }
  /** Not tried, because a step before it failed. */
  | { readonly status: 'passed-over' };

/** Resource use of a step and its descendants that were waited for, getrusage(2). */
export interface Rusage {
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly maxRssKiB: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** Text with the place of its first line in a raw file, so that a number can say where it came from. */
export interface RawText {
  readonly text: string;
  readonly file: string;
  /** 1-based. */
  readonly firstLine: number;
}

export interface RawStep {
  readonly name: string;
  readonly phase: Step['phase'];
  readonly outcome: StepStatus;
  /** From just before the start of the program to its end, as the agent saw it. */
  readonly wallSeconds: number;
  readonly rusage?: Rusage;
  readonly stdout: RawText;
  readonly stderr: RawText;
}

/** CPU time of a guest by its platform's accounting, just before the start instant and just after the end. */
export interface RawCpuTime {
  readonly before: CpuSeconds;
  readonly after: CpuSeconds;
  /** Where it was read. */
  readonly at: Origin;
}

/** Everything that a suite's parser may look at. */
export interface RawTrial {
  readonly profile: ProfileId;
  readonly installation: Installation;
  readonly steps: readonly RawStep[];
  /** Only for suites with `needs.cpuTime`. */
  readonly cpuTime?: RawCpuTime;
}

/** Where a number was read: a file of the run and a line in it, 1-based. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}

/** What a parser says of one metric: a value, or why there is none. NaN, 0 and null never mean missing. */
export type Reading<Name extends string = string> =
  | { readonly metric: Name; readonly value: number; readonly at: Origin; readonly tool: string }
  | { readonly metric: Name; readonly missing: string; readonly at?: Origin };

/** One trial's worth of raw output that was measured elsewhere, see `Suite.recognize`. */
export interface ForeignTrial<Name extends string = string> {
  /** What the output says of itself (version, machine, date), for the report. */
  readonly source: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly readings: readonly Reading<Name>[];
}

/** One benchmark tool: how it is installed and run, and its raw output parsed. A plain object, no state. */
export interface Suite<Name extends string = string> {
  readonly id: string;
  readonly title: string;
  /** Counts changes of the steps or sizes: results of different versions are not compared silently. */
  readonly version: number;
  readonly about: string;
  /** Whether the caches are warm or cold when it measures, and who made them so. */
  readonly caches: string;
  readonly metrics: Readonly<Record<Name, Metric>>;
  readonly profiles: Readonly<Record<ProfileId, Profile>>;
  readonly needs: {
    /** Debian packages; empty where the project's own programs do. */
    readonly packages: readonly string[];
    readonly files: readonly SuiteFile[];
    /** A host at the other end, running what `serve` says. */
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

// ---------------------------------------------------------------------------------------------------------------
// Workloads

/** What one guest of a trial does. */
export interface Assignment {
  readonly guest: number;
  readonly suite: string;
  /** What this guest gets otherwise than the target's shape says. */
  readonly limits?: Limits;
  /**
   * `load`: it only disturbs. It starts just before the others, is ended by the harness once they have ended, and must
   * have been running for all of their time. Its suite's last measured step runs until it is ended.
   */
  readonly role?: 'load';
}

/** How a guest's clock is turned into the common one: common = guest + `offsetNs`, to within `boundNs`. */
export interface ClockOffset {
  readonly offsetNs: number;
  /** 0 where the guests share a kernel. */
  readonly boundNs: number;
}

/** Instants of a trial in one guest: CLOCK_MONOTONIC of the guest in ns, as decimal digits, more than a double holds. */
export interface GuestTiming {
  /** The start instant that was asked for. */
  readonly releasedNs: string;
  /** When the agent was awake and on a CPU after it, just before the first measured step. */
  readonly awakeNs: string;
  /** When the first measured step began: with more guests than CPUs the scheduler starts them one by one. */
  readonly startedNs: string;
  /** The end of the last measured step. */
  readonly endedNs: string;
  readonly steps: Readonly<Record<string, { readonly startNs: string; readonly endNs: string }>>;
}

/** One guest's part in a trial of several. */
export interface GuestTrial {
  readonly assignment: Assignment;
  readonly raw: RawTrial;
  readonly timing: GuestTiming;
  readonly clock: ClockOffset;
}

/** How simultaneous the guests of one trial were, measured; in ns, over the guests that are no load. */
export interface Simultaneity {
  readonly guests: number;
  /** Latest minus earliest instant of release, on the common clock: when the agents were to start their steps. */
  readonly releaseSkewNs: number;
  /** Latest minus earliest instant at which a first measured step began. */
  readonly startSkewNs: number;
  /** Length of the time in which all ran, over that from the first start to the last end. Loads count as running. */
  readonly overlap: number;
  /** How far each of these may be wrong because clocks differ: 0 where the guests share a kernel. */
  readonly boundNs: number;
}

/** Which suites run in which guests of a target at the same time, and the metrics of them together. */
export interface Workload<Name extends string = string> {
  /** Never the id of a suite: metrics are called `id/name` for both. */
  readonly id: string;
  readonly title: string;
  /** As of a suite. */
  readonly version: number;
  readonly about: string;
  readonly metrics: Readonly<Record<Name, Metric>>;
  /** Trials per target when the user does not say, and a guess for one. */
  readonly profiles: Readonly<Record<ProfileId, { readonly trials: number; readonly expectedSeconds: number }>>;
  /** What platforms must enforce; targets of others are left out, and the plan says so. */
  readonly enforced: readonly Enforced[];
  /**
   * Percent of overlap below which a trial is void, where the 95 of guests that run for a fixed time is not to be asked.
   * Guests with a fixed amount of work end apart where a system is unfair to them: that is what such a workload measures,
   * and voiding these trials would leave only the fair ones. It must still say when they did not compete at all.
   */
  readonly overlapLimit?: number;
  /** Pure: what each guest does, in guests of this shape. Guest numbers count from 0. */
  assign(shape: Shape): readonly Assignment[];
  /** Pure, throws nothing, as of a suite. */
  parse(guests: readonly GuestTrial[], simultaneity: Simultaneity): readonly Reading<Name>[];
}

// ---------------------------------------------------------------------------------------------------------------
// Runs

export type Stage =
  | 'config'
  | 'connect'
  | 'lock'
  | 'probe'
  | 'prepare'
  | 'start'
  | 'verify'
  | 'install'
  | 'launch'
  | 'measure'
  | 'fetch'
  | 'parse'
  | 'stop'
  | 'store'
  | 'report';

/** What went wrong, for one line to the user and one field of a record. */
export interface Problem {
  readonly stage: Stage;
  readonly message: string;
  readonly host?: HostId;
  readonly target?: TargetId;
  readonly suite?: string;
  readonly expected?: string;
  readonly found?: string;
  /** What to do. */
  readonly hint?: string;
}

/** One trial of a plan: which suite runs in which guest, one guest or several at the same time. */
export interface PlannedTrial {
  readonly id: TrialId;
  /** Trials of a block are interleaved at random; every target of the block occurs once for each suite. */
  readonly block: number;
  readonly target: TargetId;
  /** Id of the workload of several guests; absent where one suite runs in one guest. */
  readonly of?: string;
  readonly workload: readonly [Assignment, ...Assignment[]];
  /** Of a noise run, see `Plan.noise`. */
  readonly arm?: Arm;
}

/**
 * Which of the measurements of one target a trial of a noise run belongs to: `a` and `b` are the same thing twice; in
 * `detached` the harness has no session to the host while the trial measures.
 */
export type Arm = 'a' | 'b' | 'detached';

/** What makes a trial void, by name: thresholds of a plan, `harness/run/gates` has the defaults and what each means. */
export type GateId =
  | 'steal'
  | 'foreign-load'
  | 'control-drift'
  | 'throttling'
  | 'kernel-warnings'
  | 'clock-step'
  | 'swap'
  | 'skew'
  | 'overlap';

/** One gate's reading of one trial. */
export interface GateReading {
  readonly gate: GateId;
  /** In the gate's own unit, which `limit` shares; null where it cannot be read, and `detail` says why. */
  readonly value: number | null;
  readonly limit: number;
  /** `noted`: beyond the limit, on a machine that is shared with others (a lab, the one that runs `bench`): voids nothing. */
  readonly verdict: 'ok' | 'void' | 'noted' | 'unavailable';
  /** In words, with the place: `CPU 1: 12.3 % used by others`. */
  readonly detail: string;
}

/** What will be done, fixed and hashed before the first trial. */
export interface Plan {
  readonly schema: 'bench-plan/1';
  readonly seed: number;
  readonly profile: ProfileId;
  readonly suites: readonly { readonly id: string; readonly version: number }[];
  readonly workloads?: readonly { readonly id: string; readonly version: number }[];
  readonly targets: readonly TargetConfig[];
  readonly baseline?: TargetId;
  /** Hosts that are emulated machines: their timings say nothing about real ones. */
  readonly emulated?: readonly HostId[];
  /** Thresholds that differ from the defaults. */
  readonly gates?: Readonly<Partial<Record<GateId, number>>>;
  /** `abba`: two targets, in blocks of A B B A or B A A B. */
  readonly order: 'randomized-blocks' | 'abba';
  /** Trials of a target and suite end early once every metric's 95 % interval is narrow enough; absent: fixed n. */
  readonly until?: { readonly relativeWidth: number; readonly least: number; readonly most: number };
  /** The level at which things are repeated: a fresh guest start for each trial (native: none). */
  readonly replication: string;
  /** One target measured against itself: every trial has an `arm`. */
  readonly noise?: true;
  readonly trials: readonly PlannedTrial[];
}

/** A stored plan: `hash` is the SHA-256 of its canonical JSON. */
export interface StoredPlan {
  readonly run: RunId;
  readonly created: string;
  readonly hash: string;
  readonly plan: Plan;
}

export interface Artifact {
  /** Relative to the run's directory. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Outcome =
  | { readonly status: 'collected'; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'failed'; readonly problem: Problem; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'void'; readonly reason: string; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'skipped'; readonly reason: string };

/** One guest's part in the record of a trial of several. */
export interface GuestPart {
  readonly assignment: Assignment;
  readonly name: string;
  readonly installation?: Installation;
  readonly expects: readonly string[];
  readonly findings: readonly Finding[];
  /** Paths of its artifacts, a subset of the record's. */
  readonly artifacts: readonly string[];
  readonly clock?: ClockOffset;
}

/** One line of `records.jsonl`: how one attempt at one trial ended. Raw artifacts, never parsed samples. */
export interface TrialRecord {
  readonly schema: 'bench-record/1';
  readonly trial: TrialId;
  /** 1-based; a void trial is repeated with the next number. */
  readonly attempt: number;
  readonly block: number;
  readonly target: TargetId;
  /** Of a trial of several guests the id of the workload; `guests` then says what each did. */
  readonly suite: string;
  readonly profile: ProfileId;
  /** `measured` by this harness, `imported` raw output, `published` values of a reference. */
  readonly origin: 'measured' | 'imported' | 'published';
  readonly started: string;
  readonly ended: string;
  readonly installation?: Installation;
  /** Names of the metrics that the trial's steps promised. */
  readonly expects: readonly string[];
  readonly findings: readonly Finding[];
  /** Only of a trial of several guests; what it has is then not repeated in the members above. */
  readonly guests?: readonly GuestPart[];
  /** As measured, when all guests came to measure. */
  readonly simultaneity?: Simultaneity;
  readonly gates?: readonly GateReading[];
  /** The boot of the host that it belongs to (/proc/sys/kernel/random/boot_id). */
  readonly boot?: string;
  readonly outcome: Outcome;
  /** For imported trials: what the source says of itself. */
  readonly source?: Readonly<Record<string, string>>;
}

/** One line of `journal.jsonl`: what happened between records, for resuming and for the report's provenance. */
export type JournalEntry =
  | { readonly at: string; readonly event: 'opened' | 'resumed' | 'closed'; readonly by: string }
  | {
      readonly at: string;
      /** Written before the agent starts: with it a later process can pick the trial up and record it. */
      readonly event: 'launched';
      readonly trial: TrialId;
      readonly attempt: number;
      readonly guest: string;
      /** Number of the guest in its workload; absent: 0. */
      readonly part?: number;
      /** Directory of the trial inside the guest. */
      readonly dir: string;
      readonly installation: Installation;
      readonly expects: readonly string[];
      readonly findings: readonly Finding[];
      readonly limitSeconds: number;
    }
  | { readonly at: string; readonly event: 'facts'; readonly of: string; readonly facts: Facts }
  | { readonly at: string; readonly event: 'deviation'; readonly trial?: TrialId; readonly what: string };

/** Facts by name. Each is what one command printed, read by one pure reader; null where it could not be read. */
export type Facts = { readonly [name: string]: Json };

/** A run as the store reads it back; what reports start from. `raw` holds the bytes of every artifact by path. */
export interface LoadedRun {
  readonly id: RunId;
  readonly directory: string;
  readonly plan: StoredPlan;
  readonly records: readonly TrialRecord[];
  readonly journal: readonly JournalEntry[];
  readonly raw: ReadonlyMap<string, Uint8Array>;
  /** Lines that could not be read, artifacts whose checksum does not match: shown, never ignored. */
  readonly damage: readonly string[];
}
