import type { z } from 'zod';
import type { CgroupView, CgroupVersion } from '../../host/cgroup.js';
import type { Limit } from '../../host/limits.js';
import type { Executor, Platform, Shape } from '../../types.js';
import type { Condition } from '../guest/conditions.js';
import type { GuestPaths } from './paths.js';

/** The guest that a tool starts. */
export interface Launch<Options> {
  readonly paths: GuestPaths;
  readonly options: Options;
  readonly shape: Shape;
  readonly versionOf: (controller: Limit['controller']) => CgroupVersion;
}

/** What differs between container tools; `containerDriver` makes a driver of it. */
export interface ContainerTool<Options, Id extends string = string> extends Pick<
  Platform<Id>,
  'id' | 'label' | 'traits' | 'packages' | 'units'
> {
  /** As in a driver. */
  readonly aliases?: readonly string[];
  readonly options: z.ZodType<Options>;
  readonly probe: {
    /** Lines of sh after those of `probe.ts`; its arguments are those of `argv`. */
    readonly script: string;
    readonly conditions: Readonly<Record<string, Condition>>;
    argv(options: Options | undefined): readonly string[];
  };
  /** The shell functions that `groups.sh` requires of each tool: `halt` and `discard`. */
  readonly cleanup: string;
  /** Starts a guest whose directory is made and of which nothing runs; rejects with a `BenchError` of stage `start`. */
  start(host: Executor, launch: Launch<Options>): Promise<void>;
  /** The first process of a guest in the host's numbers; `undefined` when it does not run. */
  pidOf(host: Executor, paths: GuestPaths): Promise<number | undefined>;
  /** Precedes a command's argv to run it in a running guest, whose first process is in these groups. */
  enter(paths: GuestPaths, pid: number, view: CgroupView): readonly string[];
}
