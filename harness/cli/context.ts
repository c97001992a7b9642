import type { Printer } from './printer.js';

/** Passed to every verb. */
export interface Context {
  readonly printer: Printer;
  readonly process: NodeJS.Process;
}

/** Options that every verb takes. */
export interface CommonOptions {
  readonly runsDir: string;
  readonly verbose: boolean;
}
