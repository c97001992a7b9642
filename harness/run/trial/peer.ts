import { launch, awaitReady, discard, fetchRaw, release, stop } from '../../agent/client.js';
import { BenchError, problemOf } from '../../errors.js';
import { trialFileNames } from '../../trial/file-names.js';
import type { Guest, PeerService } from '../../types.js';
import { guestNumber, type Attempt, type GuestTask } from './attempt.js';
import { installSuite } from './install.js';
import type { HostSession } from '../session/session.js';
import type { Launched } from './unfinished.js';

/** How long a service may take until it listens. */
const LISTEN_SECONDS = 10;

/**
 * Starts the suite's service on the peer and waits until it listens. It runs under an agent on the peer, which ends it
 * after `limitSeconds` even if this process is gone; `endService` ends it earlier. It is pinned to `cpus`.
 */
export async function startService(
  attempt: Attempt,
  task: GuestTask,
  peer: HostSession,
  { limitSeconds, cpus }: { readonly limitSeconds: number; readonly cpus: readonly number[] },
): Promise<void> {
  const { suite } = task;
  if (suite.serve === undefined) return;
  try {
    const guest = peerGuest(peer);
    const { installation } = await installSuite(peer, guest, suite);
    const service = suite.serve(installation);
    const dir = serviceDir(attempt, task, peer);
    // An earlier launch of this attempt may have left one, when its orchestrator died.
    await stopService(peer, dir);
    await refuseTaken(peer, service);
    const step = { name: 'serve', phase: 'measure', argv: service.argv, limitSeconds } as const;
    const steps = [service.env === undefined ? step : { ...step, env: service.env }];
    const scratch = `${dir}/scratch`;
    const spec = { dir, scratch, cpus, env: installation.env, steps, readyLimitSeconds: 60, spin: false };
    await launch(peer.connection, peer.agent.path, spec);
    await awaitReady(peer.connection, peer.agent.path, dir, { limitSeconds: 60, reconnectSeconds: 0 });
    await release(peer.connection, peer.agent.path, dir, 0);
    await awaitListening(peer, service);
  } catch (error) {
    const { message, ...rest } = problemOf(error, 'prepare');
    const { transport = false, killed = false } = error instanceof BenchError ? error : {};
    const failure = `the peer ${peer.host.id} does not serve ${suite.id}: ${message}`;
    throw new BenchError(
      { ...rest, host: peer.host.id, stage: 'prepare', message: failure },
      { transport, killed, cause: error },
    );
  }
}

/** Ends the service of an attempt, if there is one, and stores what it printed. */
export async function endService(
  attempt: Attempt,
  task: GuestTask,
  peer: HostSession,
  launched: Launched,
): Promise<void> {
  const dir = serviceDir(attempt, task, peer);
  const printed = await stopService(peer, dir);
  if (printed === undefined) return;
  await attempt.run.keep(
    trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task)).peer,
    printed,
  );
}

/** Stops the service in a directory of the peer and removes the directory. Resolves to its output, if there was one. */
async function stopService(peer: HostSession, dir: string): Promise<Uint8Array | undefined> {
  const { path } = peer.agent;
  const there = await peer.connection.exec({ argv: ['test', '-d', dir] });
  if (there.exit.kind !== 'code' || there.exit.code !== 0) return undefined;
  await stop(peer.connection, path, dir);
  const printed = await fetchRaw(peer.connection, path, dir);
  await discard(peer.connection, path, dir);
  return printed;
}

function serviceDir(attempt: Attempt, { suffix }: GuestTask, peer: HostSession): string {
  return `${peer.host.workDir}/trials/${attempt.run.id}/${attempt.trial.id}.${attempt.number}${suffix}.peer`;
}

/** The peer as a guest, so that suites can be installed there; it belongs to no platform. */
export function peerGuest({ host, connection }: HostSession): Guest {
  return {
    name: host.id,
    executor: connection,
    workDir: host.workDir,
    cpus: [],
    readBack: () => Promise.resolve([]),
    stop: () => Promise.resolve(),
  };
}

async function refuseTaken(peer: HostSession, service: PeerService): Promise<void> {
  if (!(await isListening(peer, service))) return;
  throw new BenchError({
    stage: 'prepare',
    message: `port ${service.port} is used by a program that bench did not start`,
    hint: 'stop that program, and try again',
  });
}

async function awaitListening(peer: HostSession, service: PeerService): Promise<void> {
  const end = Date.now() + LISTEN_SECONDS * 1000;
  while (!(await isListening(peer, service))) {
    if (Date.now() > end) {
      const message = `${service.argv[0]} does not listen on port ${service.port} after ${LISTEN_SECONDS} s`;
      throw new BenchError({ stage: 'prepare', message });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** State 0A in /proc/net/tcp and tcp6 is LISTEN (include/net/tcp_states.h); ports are in hexadecimal. */
async function isListening(peer: HostSession, service: PeerService): Promise<boolean> {
  const { stdout } = await peer.connection.exec({ argv: ['sh', '-c', 'cat /proc/net/tcp /proc/net/tcp6 2>/dev/null'] });
  const port = service.port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`^ *\\d+: [0-9A-F]+:${port} [0-9A-F]+:0000 0A `, 'm').test(stdout);
}
