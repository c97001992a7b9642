import type { z } from 'zod';
import type { Platform } from '../types.js';

/** A platform that this version can start guests of. */
export interface PlatformDriver<Id extends string = string> extends Platform<Id> {
  /** The schema of its targets' `options`. */
  readonly options: z.ZodType;
}
