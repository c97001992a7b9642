import type { Command, ExecResult, Exit } from '../types.js';
import { notStarted, timedOut, type Place } from './failure.js';

/**
 * What runs in front of every program that is started through a shell: `sh -c ENTER sh DIRECTORY PROGRAM ARGUMENT...`.
 * It enters the directory (none when empty) and becomes the program. A program that cannot be run leaves a mark at the
 * end of stderr: exit codes 126 and 127 alone could be the program's own. The trap fires when a failed `exec` ends the
 * shell (dash, busybox); bash drops its traps before `exec` and needs `execfail` to come back and leave through `exit`.
 */
const ENTER = [
  `trap 'printf "\\nbench-not-started directory\\n" >&2' 0`,
  `if [ -n "$1" ]; then cd -- "$1" || exit 127; fi`,
  `trap 'printf "\\nbench-not-started program\\n" >&2' 0`,
  'shopt -s execfail 2> /dev/null',
  'shift',
  'exec "$@"',
  'exit',
].join('\n');

const MARK = /(?:^|\n)bench-not-started (program|directory)\n$/;
const ARRIVED = 'bench-arrived\n';

/** Prints on stderr that the guest was reached, before any part of the command can fail. */
const ARRIVE = `printf '${ARRIVED.replace('\n', '\\n')}' >&2\nexec "$@"`;

/**
 * The argv that runs a command with its directory, environment and time limit where only an argv can be passed. The
 * limit is kept over there by timeout(1), which ends the whole process group also when the connection is gone; it is
 * started a little later and set a little longer than the clock on this side, which is therefore always first. The
 * timeout of busybox ends the command alone and not what that has started.
 */
export function enterArgv(command: Command): [string, ...string[]] {
  const assignments = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const environment = assignments.length === 0 ? [] : ['env', ...assignments];
  const inner = [...environment, ...shell(ENTER), command.cwd ?? '', ...command.argv];
  if (command.timeoutMs === undefined) return inner as [string, ...string[]];
  const seconds = ((command.timeoutMs + 50) / 1000).toFixed(3);
  return [...shell(ENTER), '', 'timeout', '-s', 'KILL', seconds, ...inner];
}

/**
 * The same, with an announcement on stderr that the guest was entered: the tool that enters it may fail before that.
 */
export function arriveArgv(command: Command): [string, ...string[]] {
  return [...shell(ARRIVE), ...enterArgv(command)];
}

/** stderr without the announcement and what the entering tool wrote before it; undefined without an announcement. */
export function afterArrival(stderr: string): string | undefined {
  const at = stderr.indexOf(ARRIVED);
  return at === -1 ? undefined : stderr.slice(at + ARRIVED.length);
}

/** The result of a command that ran under `enterArgv`, or the error that it stands for. */
export function readEntered(place: Place, command: Command, result: ExecResult): ExecResult {
  if (command.timeoutMs !== undefined && result.durationMs >= command.timeoutMs) {
    throw timedOut(place, command, command.timeoutMs);
  }
  // After an announcement the mark belongs to a nested guest, whose executor reads it.
  const ours = couldBeShell(result.exit) && !result.stderr.includes(ARRIVED);
  const mark = ours ? MARK.exec(result.stderr) : null;
  if (mark === null) return result;
  const stderr = result.stderr.slice(0, mark.index);
  throw notStarted(place, command, mark[1] === 'directory' ? 'directory' : 'program', stderr);
}

/** Whether this may be the exit code of a shell that could not run the command (XCU 2.8.2). */
function couldBeShell(exit: Exit): boolean {
  return exit.kind === 'code' && [126, 127].includes(exit.code);
}

/** `/bin/sh`, not `sh`: a command may bring its own PATH. */
function shell(script: string): [string, ...string[]] {
  return ['/bin/sh', '-c', script, 'sh'];
}
