import type { Command, ExecResult, Executor } from '../types.js';
import { afterArrival, arriveArgv, readEntered } from './enter.js';
import { impossible, localFailure, printable, type Place } from './failure.js';
import { filesOver } from './files.js';
import { checkCommand } from './quote.js';

/** How long the outer side waits beyond a command's own limit, which is kept inside the guest. */
const OUTER_GRACE_MS = 2_000;

/**
 * Commands inside a guest of `outer`. `wrap` puts the tool that enters the guest in front of the argv
 * (`lxc-attach -n NAME --`, `docker exec -i NAME`); directory, environment and time limit are already part of that argv
 * and take effect inside. `where` names the guest for messages.
 *
 * A tool that fails to enter (the guest is not running) rejects: its exit code is never taken for the command's. How a
 * death by signal comes back is the tool's affair: most report the exit code 128 + n.
 */
export function nested(outer: Executor, wrap: (command: Command) => Command, where: string): Executor {
  const place: Place = { where };
  const exec = async (command: Command): Promise<ExecResult> => {
    try {
      checkCommand(command);
    } catch (error) {
      throw impossible(place, error);
    }
    const result = await outer.exec(wrap(asArgv(command)));
    const stderr = afterArrival(result.stderr);
    if (stderr === undefined) throw notEntered(place, result);
    return readEntered(place, command, { ...result, stderr });
  };
  return { where, exec, ...filesOver(place, exec) };
}

function asArgv(command: Command): Command {
  return {
    argv: arriveArgv(command),
    ...(command.stdin === undefined ? {} : { stdin: command.stdin }),
    ...(command.timeoutMs === undefined ? {} : { timeoutMs: command.timeoutMs + OUTER_GRACE_MS }),
    ...(command.maxOutputBytes === undefined ? {} : { maxOutputBytes: command.maxOutputBytes }),
  };
}

function notEntered(place: Place, result: ExecResult): Error {
  const exit = result.exit.kind === 'code' ? `exit code ${result.exit.code}` : result.exit.signal;
  const stderr = printable(result.stderr);
  const found = stderr === '' ? exit : `${stderr} (${exit})`;
  return localFailure(place, 'launch', 'cannot enter the guest', { found }, { killed: result.exit.kind === 'signal' });
}
