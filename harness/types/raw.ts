import type { Installation, Origin, ProfileId, Rusage, Step, StepStatus } from './step.js';
import type { CpuSeconds } from './system.js';

/** Text with the position of its first line in a raw file, so that a number refers to where it came from. */
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

/** Ticks of the CPUs that a guest was pinned to, read by the agent around its measured steps. */
export interface RawTicks {
  /** User, nice, system, irq and softirq time of these CPUs, in seconds: everything that ran on them. */
  readonly busySeconds: number;
  /** The smallest change of it. */
  readonly stepSeconds: number;
  readonly cpus: readonly number[];
  /** Whose kernel counted them; `unknown` in runs of earlier versions whose guest was in another boot. */
  readonly kernel: 'host' | 'guest' | 'unknown';
  readonly at: Origin;
}

/** Everything that a suite's parser may look at. */
export interface RawTrial {
  readonly profile: ProfileId;
  readonly installation: Installation;
  readonly steps: readonly RawStep[];
  /** Only for suites with `needs.cpuTime`. */
  readonly cpuTime?: RawCpuTime;
  /** Absent where nothing was measured, or a CPU has no ticks. */
  readonly ticks?: RawTicks;
}
