import type { Name } from './metrics.js';
import type { Section } from './sections.js';
import { SIZES, type Size } from './sizes.js';

/** lmbench's own programs that the suite runs or needs; `inspect.sh` looks for these. */
export const TOOLS = [
  'lat_syscall',
  'lat_select',
  'lat_sig',
  'lat_pipe',
  'lat_unix',
  'lat_proc',
  'lat_ctx',
  'lat_pagefault',
  'lat_mmap',
  'lat_fs',
  'lat_fcntl',
  'lat_udp',
  'lat_tcp',
  'lat_connect',
  'lat_mem_rd',
  'bw_tcp',
  'bw_unix',
  'bw_pipe',
  'bw_file_rd',
  'bw_mmap_rd',
  'bw_mem',
  'lmdd',
  'hello',
  'enough',
  'timing_o',
  'loop_o',
] as const;
export type ToolName = (typeof TOOLS)[number];

/** The step that puts `hello` where lat_proc executes it. */
export const HELLO_STEP = 'hello';

/** One invocation of a tool. `quick`: the quick profile includes it, with these options. */
export interface Call {
  readonly name: string;
  readonly tool: ToolName;
  readonly args: readonly string[];
  readonly yields: readonly Name[];
  readonly section?: Section;
  readonly quick?: true | readonly string[];
  readonly server?: true;
  readonly anyExitCode?: true;
  readonly after?: string;
  /** Longest that the paper profile waits; intervals of a second and eleven repetitions are the usual worst. */
  readonly limitSeconds?: number;
}

/** The file that serves a size: the tools use the first so many bytes of it. */
export function fileFor(size: Size): string | undefined {
  if (SIZES[size] <= SIZES['64mb']) return 'file-64m';
  return SIZES[size] <= SIZES['256mb'] ? 'file-256m' : undefined;
}
