import { z } from 'zod';
import { json, stored, text, type Stored } from './stored.js';

export const profileSchema = z.enum(['paper', 'quick']);
/** The sizes of a suite: as in the paper, or small ones that take seconds. */
export type ProfileId = z.output<typeof profileSchema>;

/** `unknown`: imported output that states no size, or that of no profile. */
export const recordedProfileSchema = z.enum(['paper', 'quick', 'unknown']);
/** The profile of what was measured, here or elsewhere. */
export type RecordedProfile = z.output<typeof recordedProfileSchema>;

const toolSchema = stored({
  path: text,
  /** `target`: found on the guest, unmodified; `project`: this project's own program. */
  origin: z.enum(['target', 'project']),
  version: text,
  /** How many shared libraries it links, or `static`: costs of fork and exec depend on it. */
  linkage: text.exactOptional(),
});
export type Tool = Stored<typeof toolSchema>;

export const installationSchema = stored({
  tools: z.record(text, toolSchema),
  /** Environment of every step. */
  env: z.record(text, text),
  /** Other data that `steps` and `parse` need. */
  data: z.record(text, json),
});
/**
 * What `install` found or built: plain data, kept in the run. `tools` names every program that will produce numbers,
 * where it came from, and its version and linkage as far as they can be known.
 */
export type Installation = Stored<typeof installationSchema>;

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
  /** Wrote more output than is kept (8 MiB a stream) and was killed. */
  | { readonly status: 'output' }
  /** Could not be started: the message of the system. */
  | { readonly status: 'unstarted'; readonly message: string }
  /** Skipped because an earlier step failed, or because the trial was finished on request. */
  | { readonly status: 'skipped' };

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

/** Where a number was read: a file of the run and a line in it, 1-based. */
export interface Origin {
  readonly file: string;
  readonly line: number;
}
