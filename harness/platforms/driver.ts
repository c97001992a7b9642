import type { z } from 'zod';
import type { Platform } from '../types.js';

/** A platform that this version can start guests of. */
export interface PlatformDriver extends Platform {
  /** The schema of its targets' `options`. */
  readonly options: z.ZodType;
}
