import { BenchError, EXIT } from '../errors.js';
import type { RunEvent } from '../run/session/events.js';
import type { Stage } from '../types.js';

/** Exit code after Ctrl-C, as shells have it: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** What an error that ended a verb means to whoever called it. */
export function exitCodeOf(error: unknown): number {
  return error instanceof BenchError ? exitCodeOfStage(error.problem.stage) : EXIT.failed;
}

function exitCodeOfStage(stage: Stage): number {
  switch (stage) {
    case 'config':
      return EXIT.usage;
    case 'connect':
    case 'lock':
    case 'probe':
    case 'prepare':
    case 'start':
    case 'verify':
    case 'install':
      return EXIT.unreachable;
    case 'launch':
    case 'measure':
    case 'fetch':
    case 'parse':
    case 'stop':
    case 'store':
    case 'report':
      return EXIT.failed;
  }
}

/** How a run went, gathered from its events. */
export interface Verdict {
  see(event: RunEvent): void;
  exitCode(): number;
}

/** Interrupted before all; then a host that could not be had; then a trial that failed or was left out. */
export function watchVerdict(): Verdict {
  let lostHost = false;
  let failed = false;
  let interrupted = false;
  return {
    see(event) {
      if (event.kind === 'problem') {
        failed = true;
        const { host, target, stage } = event.problem;
        // Without a target it is the host itself; what fails while cleaning up came after the measuring.
        if (host !== undefined && target === undefined && stage !== 'stop') lostHost = true;
      }
      if (event.kind === 'closed') {
        interrupted = event.interrupted;
        if (event.failed + event.voided + event.skipped > 0) failed = true;
      }
    },
    exitCode() {
      if (interrupted) return INTERRUPTED;
      if (lostHost) return EXIT.unreachable;
      return failed ? EXIT.failed : EXIT.done;
    },
  };
}
