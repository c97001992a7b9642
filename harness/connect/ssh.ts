import pLimit, { type LimitFunction } from 'p-limit';
import type { Command, Connection, ExecResult, Executor, HostConfig } from '../types.js';
import { enterArgv, readEntered } from './enter.js';
import { connectFailure, impossible, localFailure, transportLost, type Place } from './failure.js';
import { filesOver } from './files.js';
import { connectLocal } from './local.js';
import { findLoginShell, lineThrough, longestLine } from './login-shell.js';
import { checkCommand, commandLine } from './quote.js';
import { resolveRoute } from './route.js';
import { runOnChannel } from './ssh-channel.js';
import type { Hop, Overrides } from './ssh-configuration.js';
import { openSession, type Pace, type Session } from './ssh-session.js';

/** sshd's MaxSessions is 10 by default and may be lower; more than this at once was seen to be refused. */
const MAX_CHANNELS = 4;

/** Start-up files of a busy machine may take seconds. */
const SHELL_TIMEOUT_MS = 60_000;

/** What a caller may set about connections; every field has a default. */
export interface ConnectOptions {
  /** How long a hop may take to come up, unless the ssh configuration has a ConnectTimeout. Default 20 000 ms. */
  readonly connectTimeoutMs?: number;
  /** How often a silent connection is probed. Default 15 000 ms. */
  readonly keepaliveMs?: number;
  /** Unanswered probes after which a connection counts as lost. Default 4. */
  readonly keepaliveCount?: number;
  /** Where `ssh -G` and `ssh-keygen -F` run. Default: this machine. */
  readonly local?: Executor;
  /** For SSH_AUTH_SOCK and variables that the ssh configuration names. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A session, and the limit on its channels: commands beyond it wait in the order in which they were given. */
interface Live {
  readonly session: Session;
  readonly onChannel: LimitFunction;
}

/**
 * A host over SSH, connected. The user's ssh configuration is read through `ssh -G`, host keys are always checked
 * strictly, and nothing is ever asked on a terminal. Rejects with stage `connect` when the host cannot be reached
 * (`transport: true`, trying again may help), when its key is unknown or changed, when it accepts no key, or when its login
 * shell prints at start-up or runs no commands.
 */
export async function connectSsh(config: HostConfig, options: ConnectOptions = {}): Promise<Connection> {
  const { connect } = config;
  if (connect.via !== 'ssh') throw new RangeError(`host ${config.id} is not reached over ssh`);
  const local = options.local ?? connectLocal();
  const overrides: Overrides = { target: connect, environment: options.environment ?? process.env };
  const pace: Pace = {
    connectTimeoutMs: options.connectTimeoutMs ?? 20_000,
    keepaliveMs: options.keepaliveMs ?? 15_000,
    keepaliveCount: options.keepaliveCount ?? 4,
  };
  const resolve = (): Promise<readonly Hop[]> => resolveRoute(local, { where: config.id, host: config.id }, overrides);
  const route = await resolve();
  const place: Place = { where: `${route.at(-1)?.user ?? ''}@${config.id}`, host: config.id };
  const open = async (hops: readonly Hop[]): Promise<Live> => ({
    session: await openSession(local, place, hops, pace),
    onChannel: pLimit(MAX_CHANNELS),
  });

  const first = await open(route);
  const shell = await findLoginShell(place, (line) =>
    runOnChannel(place, first.session, line, { argv: ['printf'], timeoutMs: SHELL_TIMEOUT_MS }),
  ).catch(async (error: unknown) => {
    await first.session.end();
    throw error;
  });
  const reconnecting = reopened(first, async () => open(await resolve()));
  const exec = async (command: Command): Promise<ExecResult> => {
    const line = lineThrough(shell, lineFor(place, command, longestLine(shell)));
    const { session, onChannel } = await reconnecting.current(place);
    const result = await onChannel(() => {
      const loss = session.loss();
      if (loss !== undefined) throw transportLost(place, 'it ended before the command could start');
      return runOnChannel(place, session, line, command);
    });
    return readEntered(place, command, result);
  };
  const end = { close: () => reconnecting.close(), detach: () => reconnecting.detach(place) };
  return { where: place.where, exec, ...filesOver(place, exec), ...end };
}

interface Reopened {
  current(place: Place): Promise<Live>;
  detach(place: Place): Promise<void>;
  close(): Promise<void>;
}

/** The live session, opened again when it was lost; callers who come at the same moment share one attempt. */
function reopened(first: Live, open: () => Promise<Live>): Reopened {
  let live = Promise.resolve(first);
  let closed = false;
  let opening = false;
  return {
    async current(place) {
      const wait = live;
      const reached = await wait.catch(() => undefined);
      if (closed) throw connectFailure(place, `the connection to ${place.where} has been closed`);
      if (reached !== undefined && reached.session.loss() === undefined) return reached;
      if (!opening) {
        opening = true;
        live = open().finally(() => {
          opening = false;
        });
      }
      return live;
    },
    async detach(place) {
      const last = await live.catch(() => undefined);
      if (closed || opening || last === undefined) return;
      live = Promise.reject(transportLost(place, 'it was left for a while'));
      // The next call opens another session.
      live.catch(() => undefined);
      await last.session.end();
    },
    async close() {
      closed = true;
      const last = await live.catch(() => undefined);
      await last?.session.end();
    },
  };
}

/** A POSIX command line of at most `longest` bytes. */
function lineFor(place: Place, command: Command, longest: number): string {
  let line: string;
  try {
    checkCommand(command);
    line = commandLine(enterArgv(command));
  } catch (error) {
    throw impossible(place, error);
  }
  const bytes = Buffer.byteLength(line) + 1;
  if (bytes > longest) {
    throw localFailure(place, 'launch', 'the command line is too long', {
      expected: `at most ${longest} bytes after quoting`,
      found: `${bytes} bytes`,
      hint: 'put the data into a file and pass its name',
    });
  }
  return line;
}
