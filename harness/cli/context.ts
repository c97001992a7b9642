import type { Printer } from './printer.js';

/** What every verb gets. */
export interface Context {
  readonly printer: Printer;
  readonly process: NodeJS.Process;
}

/** Options that every verb takes. */
export interface CommonOptions {
  readonly runsDir: string;
  readonly verbose: boolean;
}

/** Carries a verb out; resolves to the exit code. */
export type Verb<Arguments extends readonly unknown[], Options> = (
  context: Context,
  options: Options,
  ...operands: Arguments
) => Promise<number>;
