import type { Installation, ProfileId, Step } from '../../harness/types.js';
import type { Name } from './metrics.js';
import type { Section } from './sections.js';

/** The keys of `Installation.tools` of the project's own programs, and of the shell that the sh row runs. */
export const PROBE = 'bench-probe';
export const PROBE_CHILD = 'bench-child';

/** What the steps of a trial are made from; `steps` and `parse` build the same jobs from the same installation. */
export interface Setting {
  readonly profile: ProfileId;
  readonly installation: Installation;
  /** The suite's files on the guest. */
  readonly dir: string;
}

/** One step and how its output is read. */
export interface Job {
  readonly step: Step;
  readonly yields: readonly Name[];
  /** The program whose numbers these are: a key of `Installation.tools`. */
  readonly tool: string;
  readonly reads:
    | { readonly format: 'probe' }
    | {
        readonly format: 'lmbench';
        /** What bare rows of numbers mean in this tool's output. */
        readonly section?: Section;
        /** The tool ends without a return value, so its exit code is undefined. */
        readonly anyExitCode?: boolean;
      };
  /** A prepare step without which the numbers are wrong, although the tool prints some. */
  readonly after?: string;
}

export function pathOf(installation: Installation, tool: string): string | undefined {
  return Object.hasOwn(installation.tools, tool) ? installation.tools[tool]?.path : undefined;
}
