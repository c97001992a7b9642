import { z } from 'zod';
import { stored, text, type Stored } from './stored.js';

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

export const problemSchema = stored({
  stage: z.enum(STAGES),
  message: text,
  host: text.exactOptional(),
  target: text.exactOptional(),
  suite: text.exactOptional(),
  expected: text.exactOptional(),
  found: text.exactOptional(),
  /** What to do. */
  hint: text.exactOptional(),
});
/** What went wrong, for one line to the user and one field of a record. */
export type Problem = Stored<typeof problemSchema>;
