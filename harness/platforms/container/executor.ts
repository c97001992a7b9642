import { constants } from 'node:os';
import { nested } from '../../connect/nested.js';
import { BenchError } from '../../errors.js';
import type { Command, ExecResult, Executor } from '../../types.js';

/**
 * Every CPU there may be. Since Linux 6.2 an affinity that a process asked for goes on to its children and is
 * intersected with their control group's: the harness keeps itself off the guests' CPUs, and they must not inherit that.
 */
export const ON_ANY_CPU = ['taskset', '-c', '0-8191'] as const;

/** Tools that enter a container map a death by signal to this plus the signal's number, as a shell does. */
const SIGNAL_BASE = 128;

/** How commands get into a guest. */
export interface Way {
  /** For messages: `root@alpha docker:bench-x`. */
  readonly where: string;
  readonly name: string;
  /** What goes in front of the command's argv. */
  readonly enter: readonly string[];
  /** Where to look when the guest is gone. */
  readonly log: string;
  isRunning(): Promise<boolean>;
}

/** Runs commands in a guest: as root, in the guest's control groups, in `/` unless a directory is given. */
export function guestExecutor(host: Executor, way: Way): Executor {
  const wrap = (command: Command): Command => ({
    ...command,
    cwd: '/',
    argv: [...ON_ANY_CPU, ...way.enter, ...command.argv],
  });
  const inner = nested(host, wrap, way.where);
  const gone = async (): Promise<BenchError | undefined> => {
    if (await way.isRunning()) return undefined;
    const hint = `see ${way.log} on the host`;
    const message = `the guest ${way.name} of ${host.where} is not running`;
    return new BenchError({ stage: 'connect', message, hint });
  };
  return {
    where: way.where,
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

function withSignal(result: ExecResult): ExecResult {
  const { exit } = result;
  const number = exit.kind === 'code' ? exit.code - SIGNAL_BASE : 0;
  const [signal] = Object.entries(constants.signals).find(([, value]) => value === number) ?? [];
  return signal === undefined ? result : { ...result, exit: { kind: 'signal', signal } };
}

function isTransport(error: unknown): boolean {
  return error instanceof BenchError && error.transport;
}
