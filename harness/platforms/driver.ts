import type { z } from 'zod';
import type { Finding, Host, Platform, TargetConfig } from '../types.js';

/** A platform that this version can start guests of: the driver and the schema of its targets' `options`. */
export interface PlatformDriver extends Platform {
  readonly options: z.ZodType;
  /** With a target its options are looked at too (does its root file system exist?). */
  probe(host: Host, target?: TargetConfig): Promise<readonly Finding[]>;
}
