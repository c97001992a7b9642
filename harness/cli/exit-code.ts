import { BenchError, EXIT } from '../errors.js';
import type { RunEvent } from '../run/session/events.js';
import type { Stage } from '../types.js';

/** Exit code after Ctrl-C, as in shells: 128 + SIGINT. */
export const INTERRUPTED = 130;

/** The exit code of a verb that ended with an error. */
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

/** The exit code of a run, from its events. */
export interface Verdict {
  see(event: RunEvent): void;
  exitCode(): number;
}

/** In order of precedence: interrupted, a host that cannot be reached or prepared, a trial that failed or was skipped. */
export function watchVerdict(): Verdict {
  let lostHost = false;
  let failed = false;
  let interrupted = false;
  return {
    see(event) {
      if (event.kind === 'problem') {
        failed = true;
        const { host, target, stage } = event.problem;
        // A problem without a target is one of the host. Stage `stop` comes after the measurement.
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
