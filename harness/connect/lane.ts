import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'ssh2';
import { printable, type Place } from './failure.js';
import type { Hop } from './ssh-configuration.js';
import { unreachableBehind } from './ssh-refusal.js';

/** A stream of bytes to an SSH server: a socket, a channel of the hop before it, or a ProxyCommand. */
export interface Lane {
  readonly stream: Duplex;
  /** The stderr of a ProxyCommand, once it has ended or shortly after; empty for the others. */
  stderr(): Promise<string>;
  /** Drops it at once, whether or not the other side answers. */
  end(): void;
}

/**
 * The lane that a hop's configuration requires; a hop after another always goes through that one. `patienceMs` bounds
 * how long a jump host may try to reach the next; the others are bounded by the handshake that follows.
 */
export function openLane(
  place: Place,
  hop: Hop,
  previous: { hop: Hop; client: Client } | undefined,
  patienceMs: number,
): Promise<Lane> {
  if (previous !== undefined) return forwardedLane(place, hop, previous, patienceMs);
  return Promise.resolve(hop.proxyCommand === null ? socketLane(hop) : proxyLane(hop.proxyCommand));
}

/** The socket is ours rather than ssh2's: ssh2 cannot drop one that it has half closed, and a hung host keeps it. */
function socketLane(hop: Hop): Lane {
  const family = { any: 0, inet: 4, inet6: 6 }[hop.family];
  // Without `noDelay` every command on an open connection takes 40 ms longer.
  const socket = connect({ host: hop.hostName, port: hop.port, family, noDelay: true });
  return { stream: socket, stderr: nothing, end: () => socket.destroy() };
}

function forwardedLane(
  place: Place,
  hop: Hop,
  previous: { hop: Hop; client: Client },
  patienceMs: number,
): Promise<Lane> {
  return new Promise((resolve, reject) => {
    let refused = false;
    const refuse = (error: unknown): void => {
      refused = true;
      clearTimeout(timer);
      reject(unreachableBehind(place, previous.hop, hop, error));
    };
    const timer = setTimeout(() => refuse(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
    try {
      previous.client.forwardOut('127.0.0.1', 0, hop.hostName, hop.port, (error, channel) => {
        if (error !== undefined) {
          refuse(error);
          return;
        }
        clearTimeout(timer);
        if (refused) channel.destroy();
        else resolve({ stream: channel, stderr: nothing, end: () => channel.destroy() });
      });
    } catch (error) {
      refuse(error);
    }
  });
}

const nothing = (): Promise<string> => Promise.resolve('');

/** How much of a proxy's stderr is kept for messages, and how long one that fails may take to finish writing it. */
const KEPT_BYTES = 4_096;
const STDERR_GRACE_MS = 500;

/**
 * Runs a ProxyCommand as ssh(1) does, through the shell with `exec`: the command is the user's own configuration, its
 * tokens are already in place. A process group of its own, so that ending it ends what it started.
 */
function proxyLane(command: string): Lane {
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-KEPT_BYTES);
  });
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.on('error', (error) => stream.destroy(error));
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0) stderr += `\nit ended with ${code === null ? String(signal) : `exit code ${code}`}`;
      resolve();
    });
  });
  return {
    stream,
    async stderr() {
      await Promise.race([ended, sleep(STDERR_GRACE_MS, undefined, { ref: false })]);
      return printable(stderr);
    },
    end() {
      stream.destroy();
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // ESRCH: it has ended by itself.
      }
    },
  };
}
