import { constants } from 'node:os';
import { nested } from '../../connect/nested.js';
import { BenchError } from '../../errors.js';
import type { Command, ExecResult, Executor } from '../../types.js';

/** How a host's tool runs a command in a guest. */
export interface Entrance {
  /** For messages: `root@alpha vserver:bench-x`. */
  readonly where: string;
  readonly name: string;
  /** Where to look when the guest is gone. */
  readonly hint: string;
  /** The argv of the host's tool that runs this argv in the guest. */
  wrap(argv: Command['argv']): Command['argv'];
  isRunning(): Promise<boolean>;
}

/** Tools, and the shell that some of them leave behind, map a death by signal to this plus the signal's number. */
const SIGNAL_BASE = 128;

/** Runs commands in a guest, in `/` unless a directory is given. A guest that is gone rejects. */
export function enteredGuest(host: Executor, entrance: Entrance): Executor {
  const wrap = (command: Command): Command => ({ ...command, cwd: '/', argv: entrance.wrap(command.argv) });
  const inner = nested(host, wrap, entrance.where);
  const gone = async (): Promise<BenchError | undefined> => {
    if (await entrance.isRunning()) return undefined;
    const message = `the guest ${entrance.name} of ${host.where} is not running`;
    return new BenchError({ stage: 'connect', message, hint: entrance.hint });
  };
  return {
    where: entrance.where,
    put: (file) => inner.put(file),
    get: (path, maxBytes) => inner.get(path, maxBytes),
    async exec(command) {
      const result = await inner.exec(command).catch(async (error: unknown) => {
        throw error instanceof BenchError && error.transport ? error : ((await gone()) ?? error);
      });
      const exited = withSignal(result);
      // The end of a guest kills what runs in it: that is not a result of the command.
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
