import type { CpuClock } from '../../harness/types.js';
import type { ToolUse } from '../model/tool.js';
import type { PublishedSpread } from '../reference/quantities.js';

/** One value of one metric in one trial. `trial` and `file` are indices into the report's trials and that trial's files. */
export interface Sample {
  readonly trial: number;
  readonly benchmark: string;
  readonly suiteVersion: number | null;
  /** Without the suite. */
  readonly metric: string;
  readonly value: number;
  /** Step between values that the tool can print; null where it is unknown. */
  readonly resolution: number | null;
  readonly file: number;
  readonly line: number;
  readonly tool: ToolUse;
  /** Of a CPU time: what counted it; else null. */
  readonly clock: CpuClock | null;
  /** Of a published mean, where the publication has it; else null. */
  readonly spread: PublishedSpread | null;
}
