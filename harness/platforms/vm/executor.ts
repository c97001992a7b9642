import { constants } from 'node:os';
import { filesOver } from '../../connect/files.js';
import { nested } from '../../connect/nested.js';
import { LONGEST_LINE, quoteArgv } from '../../connect/quote.js';
import { BenchError } from '../../errors.js';
import type { Command, ExecResult, Executor } from '../../types.js';
import { sshArgv } from './login.js';
import type { Addressing } from './network.js';
import type { GuestPaths } from './paths.js';

/** A POSIX shell exits with this plus the signal's number after a death by signal. */
const SIGNAL_BASE = 128;

/**
 * Behind every command, on stderr: how it ended. ssh(1) exits with 255 for a lost connection, for a death by signal,
 * and for a command that does so itself; only output from inside distinguishes them.
 */
const LEAVE = `; status=$?; printf '\\nbench-left %s\\n' "$status" >&3; exit "$status"`;
/** The shell's own message on a death by signal is not part of the command's output. */
const ENTER = 'exec 3>&2 2>/dev/null; ';
const STREAMS = ' 2>&3 3>&-';
const LEFT = /\nbench-left (\d{1,3})\n(?![\s\S]*\nbench-left \d)/;

/** The line that `nested` makes a command print first. */
const ARRIVED = 'bench-arrived\n';

/** Whether a guest's machine still runs. */
export interface Liveness {
  isRunning(): Promise<boolean>;
}

/** Runs commands in a guest as root, in `/root` unless a directory is given. */
export function guestExecutor(
  host: Executor,
  paths: GuestPaths,
  ssh: Addressing['ssh'],
  machine: Liveness,
  kind: string,
): Executor {
  const inner = loginExecutor(host, paths, ssh, machine, kind);
  return { ...inner, exec: async (command) => withSignal(await inner.exec(command)) };
}

/**
 * The same, with a death by signal as the exit code that the shell makes of it: the host's ssh(1) logs in, over a
 * connection that its calls share.
 */
export function loginExecutor(
  host: Executor,
  paths: GuestPaths,
  ssh: Addressing['ssh'],
  machine: Liveness,
  kind: string,
): Executor {
  const where = `${host.where} ${kind}:${paths.name}`;
  const login = sshArgv(paths, ssh);
  const wrap = (command: Command): Command => {
    const line = `${ENTER}${quoteArgv(command.argv)}${STREAMS}${LEAVE}`;
    if (Buffer.byteLength(line) >= LONGEST_LINE) throw tooLong(where, Buffer.byteLength(line));
    const input = command.stdin === undefined ? ['-n'] : [];
    return { ...command, argv: [...login, '-o', 'ControlMaster=no', ...input, ssh.address, line] };
  };
  const gone = async (): Promise<BenchError | undefined> => {
    if (await machine.isRunning()) return undefined;
    const message = `the guest ${paths.name} of ${host.where} is not running`;
    return new BenchError({ stage: 'connect', message, hint: `see ${paths.console} on the host` });
  };
  const lost = async (): Promise<BenchError> => {
    const message = `the connection to ${where} was lost while a command ran`;
    return (await gone()) ?? new BenchError({ stage: 'connect', message }, { transport: true });
  };
  const outer: Executor = {
    ...host,
    async exec(command) {
      const result = await host.exec(command);
      const left = readLeft(result);
      // Without the first line `nested` reports ssh's error. With it, the connection broke while the command ran.
      if (left === undefined && result.stderr.includes(ARRIVED)) throw await lost();
      return left ?? result;
    },
  };
  const inner = nested(outer, wrap, where);
  const exec = async (command: Command): Promise<ExecResult> => {
    try {
      return await inner.exec(command);
    } catch (error) {
      throw isTransport(error) ? error : ((await gone()) ?? error);
    }
  };
  return { where, exec, ...filesOver({ where }, exec) };
}

/** The result of a command by the line behind it; `undefined` when there is none. */
export function readLeft(result: ExecResult): ExecResult | undefined {
  const match = LEFT.exec(result.stderr);
  if (match === null) return undefined;
  const stderr = result.stderr.slice(0, match.index) + result.stderr.slice(match.index + match[0].length);
  return { ...result, stderr, exit: { kind: 'code', code: Number(match[1]) } };
}

function withSignal(result: ExecResult): ExecResult {
  const { exit } = result;
  const number = exit.kind === 'code' ? exit.code - SIGNAL_BASE : 0;
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return signal === undefined ? result : { ...result, exit: { kind: 'signal', signal } };
}

function tooLong(where: string, bytes: number): BenchError {
  return new BenchError({
    stage: 'launch',
    message: `the command line is too long on ${where}`,
    expected: `at most ${LONGEST_LINE} bytes after quoting`,
    found: `${bytes} bytes`,
    hint: 'put the data into a file and pass its name',
  });
}

function isTransport(error: unknown): boolean {
  return error instanceof BenchError && error.transport;
}
