import type { HostId, TargetId } from './names.js';

/** The stages of a run, in order; what a failure belongs to. */
export const STAGES = [
  'config',
  'connect',
  'lock',
  'probe',
  'prepare',
  'start',
  'verify',
  'install',
  'launch',
  'measure',
  'fetch',
  'parse',
  'stop',
  'store',
  'report',
] as const;

export type Stage = (typeof STAGES)[number];

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
