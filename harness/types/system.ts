import { z } from 'zod';
import type { Executor, Host } from './machine.js';
import { count, json, registryId, stored, text, type Stored } from './stored.js';

export const shapeSchema = stored({
  /** Host CPUs the guest is pinned to, ascending, never empty. `up` is one CPU. */
  cpus: z.array(count),
  memoryBytes: z.number().exactOptional(),
  diskBytes: z.number().exactOptional(),
  /** Relative weight among guests, 100 = the default (the scale of cgroup v2). */
  cpuWeight: z.number().exactOptional(),
  /** Hard limit, in CPUs: 0.25 is a quarter of one CPU. */
  cpuCap: z.number().exactOptional(),
  /**
   * CPU time guaranteed while other guests compete, in CPUs. A platform with reservations of its own (the token bucket
   * of Linux-VServer) takes it; elsewhere a weight is used instead, which the workload sets as well.
   */
  cpuReservation: z.number().exactOptional(),
});
/** What a guest gets. Absent means: all that the host has, unlimited. */
export type Shape = Stored<typeof shapeSchema>;

const { cpuWeight, cpuCap, cpuReservation } = shapeSchema.shape;
export const limitsSchema = stored({ cpuWeight, cpuCap, cpuReservation });
/** The part of a shape that a workload may override for one of its guests. */
export type Limits = Stored<typeof limitsSchema>;

export const targetSchema = stored({
  id: text,
  host: text,
  /** Id of a platform: `harness/platforms/index.ts` has those of this version. */
  platform: registryId,
  shape: shapeSchema,
  /** The host at the other end of network suites. */
  peer: text.exactOptional(),
  /** The driver's own options, validated by the driver's schema. */
  options: z.record(text, json),
  /** The name in reports; default: the id. */
  label: text.exactOptional(),
  /** The published column that this target reproduces, if any: `VServer-UP`. */
  reproduces: text.exactOptional(),
  /** The target that reports divide its values by; default: the baseline of the plan. */
  baseline: text.exactOptional(),
  /** The boot profile, one of `boots` of its host, that the host must be in. */
  boot: text.exactOptional(),
});
/** A system under test: a platform on a host, and what its guests get. */
export type TargetConfig = Stored<typeof targetSchema>;

export const findingSchema = stored({
  check: text,
  expected: text,
  found: text,
  verdict: z.enum(['ok', 'differs', 'unavailable']),
  /** What to do about it, or why it does not matter. */
  hint: text.exactOptional(),
  /** Reports state it also when it is ok: readers need it to judge the numbers. */
  always: z.literal(true).exactOptional(),
});
/** One check of a machine: what was requested and what was found. */
export type Finding = Stored<typeof findingSchema>;

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

export const cpuClockSchema = stored({
  /**
   * `cgroup`: the kernel's count for a control group. `context-ticks`: ticks that a kernel with containers of its own
   * counts for one of them. `racct`: FreeBSD's resource accounting. `hypervisor`: the hypervisor's count for a virtual
   * machine. `proc-stat`: ticks of CPUs in /proc/stat, read by the harness.
   * `machine-ticks`, `guest-ticks`: ticks of the CPUs that a trial was pinned to, read by the agent from the host's
   * kernel, or from a kernel of the guest's own.
   */
  kind: z.enum(['cgroup', 'context-ticks', 'racct', 'hypervisor', 'proc-stat', 'machine-ticks', 'guest-ticks']),
  /** What it covers. */
  words: text,
});
/** What counted a CPU time. Only times of one kind of clock are compared: kinds differ in what they charge to whom. */
export type CpuClock = Stored<typeof cpuClockSchema>;

export const cpuSecondsSchema = stored({
  seconds: z.number().min(0),
  /** The smallest change that the source shows, in seconds. */
  stepSeconds: z.number().positive().exactOptional(),
  source: cpuClockSchema,
});

/** A stored CPU time; `kernel` is whose kernel the guest runs on, and so whose ticks its agent reads. */
export const storedCpuTimeSchema = cpuSecondsSchema.extend({ kernel: z.enum(['host', 'guest']).exactOptional() });
/** CPU seconds consumed so far, by the platform's own accounting. */
export type CpuSeconds = Stored<typeof cpuSecondsSchema>;

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

/**
 * The published systems that a platform is compared with. `family` is how the columns of Soltesz et al. begin:
 * `VServer-UP` is of the family `VServer`. `same` is whether the platform is that system; otherwise it is another system
 * of the same kind, and the comparison is for orientation only.
 */
export interface Kin {
  readonly family: 'Linux' | 'VServer' | 'Xen3';
  readonly same: boolean;
}

/** A driver: how a guest is made. It knows no suite. */
export interface Platform<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  /** Guests of a hypervisor have a kernel, and therefore a clock, of their own; all others share the host's. */
  readonly boundary: 'none' | 'container' | 'hypervisor';
  readonly kin: Kin;
  /** It runs only on a kernel that is built for it, whose release differs from that of other targets by design. */
  readonly ownKernel?: boolean;
  readonly traits: PlatformTraits;
  readonly enforces: readonly Enforced[];
  /** Debian packages that the host needs for it. */
  readonly packages: readonly string[];
  /** Units of these packages that must run; no other service is started when they are installed. */
  readonly units?: readonly string[];
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
