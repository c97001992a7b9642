import { constants } from 'node:os';
import { nested } from '../../connect/nested.js';
import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Command, ExecResult, Executor } from '../../types.js';
import type { Place } from './place.js';

/**
 * Every CPU there may be. Since Linux 6.2 an affinity that a process asked for goes on to its children and is
 * intersected with their control group's: the harness keeps itself off the guests' CPUs, and they must not inherit that.
 */
export const ON_ANY_CPU = ['taskset', '-c', '0-8191'] as const;

/** `lxc-attach` maps a death by signal to this plus the signal's number, as a shell does. */
const SIGNAL_BASE = 128;

/** Runs commands in a guest: as root, in the guest's control groups, in `/` unless a directory is given. */
export function guestExecutor(host: Executor, place: Place): Executor {
  const where = `${host.where} lxc:${place.name}`;
  const attach = ['lxc-attach', '-P', place.guests, '-n', place.name, '--clear-env', '--'] as const;
  const wrap = (command: Command): Command => ({
    ...command,
    cwd: '/',
    argv: [...ON_ANY_CPU, ...attach, ...command.argv],
  });
  const inner = nested(host, wrap, where);
  const gone = async (): Promise<BenchError | undefined> => {
    if (await isRunning(host, place)) return undefined;
    const hint = `see ${place.log} on the host`;
    return new BenchError({
      stage: 'connect',
      message: `the guest ${place.name} of ${host.where} is not running`,
      hint,
    });
  };
  return {
    where,
    put: (file) => inner.put(file),
    get: (path, maxBytes) => inner.get(path, maxBytes),
    async exec(command) {
      const result = await inner.exec(command).catch(async (error: unknown) => {
        throw isTransport(error) ? error : ((await gone()) ?? error);
      });
      const exited = withSignal(result);
      // The end of a guest kills what runs in it: that is no result of the command.
      const killed = exited.exit.kind === 'signal' && exited.exit.signal === 'SIGKILL' ? await gone() : undefined;
      if (killed !== undefined) throw killed;
      return exited;
    },
  };
}

/** Whether LXC says that the guest runs; false also where LXC is not installed. */
export async function isRunning(host: Executor, { guests, name }: Place): Promise<boolean> {
  return (await printed(host, ['lxc-info', '-P', guests, '-n', name, '-s', '-H']))?.trim() === 'RUNNING';
}

function withSignal(result: ExecResult): ExecResult {
  const { exit } = result;
  const number = exit.kind === 'code' ? exit.code - SIGNAL_BASE : 0;
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return signal === undefined ? result : { ...result, exit: { kind: 'signal', signal } };
}

function isTransport(error: unknown): boolean {
  return error instanceof BenchError && error.transport;
}
