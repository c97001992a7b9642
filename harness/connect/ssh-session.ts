import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type AuthHandlerMiddleware, type Client, type ConnectConfig } from 'ssh2';
import type { BenchError } from '../errors.js';
import type { Executor } from '../types.js';
import { transportLost, type Place } from './failure.js';
import { hostKeyAlgorithms, isTrusted, refusedKey } from './host-key.js';
import { gatherIdentities, type Identities } from './identities.js';
import { findKnownKeys } from './known-hosts.js';
import { openLane, type Lane } from './lane.js';
import type { Carrier } from './ssh-channel.js';
import type { Hop } from './ssh-configuration.js';
import { handshakeFailure, wasDropped, type Attempted } from './ssh-refusal.js';

/** How connections are kept alive and how long they may take to come up. */
export interface Pace {
  /** For each hop, unless its ssh configuration has a ConnectTimeout. */
  readonly connectTimeoutMs: number;
  readonly keepaliveMs: number;
  /** Unanswered keepalives after which a connection counts as lost. */
  readonly keepaliveCount: number;
}

/** An open connection to the last hop of a route. */
export interface Session extends Carrier {
  end(): Promise<void>;
}

interface Opened {
  readonly hop: Hop;
  readonly client: Client;
  readonly lane: Lane;
  readonly closed: Promise<void>;
}

/** Opens every hop in turn, each over the one before it and each with its host key checked. */
export async function openSession(local: Executor, place: Place, route: readonly Hop[], pace: Pace): Promise<Session> {
  const open: Opened[] = [];
  try {
    for (const hop of route) open.push(await openPatiently(local, place, hop, open.at(-1), pace));
  } catch (error) {
    await endAll(open);
    throw error;
  }
  const last = open.at(-1);
  if (last === undefined) throw new RangeError('a route has at least one hop');
  return watch(place, last.client, () => endAll(open));
}

/** sshd drops connections at random while many logins are unfinished (MaxStartups); a moment later it takes them. */
const DROPPED_TRIES = 4;
const FIRST_DELAY_MS = 200;

async function openPatiently(...asked: Parameters<typeof openHop>): Promise<Opened> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openHop(...asked);
    } catch (error) {
      if (attempt === DROPPED_TRIES || !wasDropped(error)) throw error;
      await sleep(FIRST_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}

async function openHop(
  local: Executor,
  place: Place,
  hop: Hop,
  previous: Opened | undefined,
  pace: Pace,
): Promise<Opened> {
  const known = await findKnownKeys(local, place, hop);
  const identities = await gatherIdentities(hop);
  const attempted: Attempted = { place, hop, known, identities, through: previous?.hop, offered: [], refused: null };
  const lane = await openLane(place, hop, previous, patience(hop, pace));
  const client = new ssh2.Client();
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  try {
    await ready(client, { ...handshake(attempted, pace), sock: lane.stream });
  } catch (error) {
    const explained = await explain(attempted, error, lane);
    lane.end();
    throw explained;
  }
  return { hop, client, lane, closed };
}

function patience(hop: Hop, pace: Pace): number {
  return hop.connectTimeoutMs ?? pace.connectTimeoutMs;
}

function handshake(attempted: Attempted, pace: Pace): ConnectConfig {
  const { hop, known, identities } = attempted;
  return {
    username: hop.user,
    readyTimeout: patience(hop, pace),
    keepaliveInterval: pace.keepaliveMs,
    keepaliveCountMax: pace.keepaliveCount,
    algorithms: { serverHostKey: hostKeyAlgorithms(hop, known) },
    // Without a verifier ssh2 accepts every key.
    hostVerifier: (key: Buffer): boolean => {
      if (isTrusted(known, key)) return true;
      attempted.refused = key;
      return false;
    },
    authHandler: inTurn(hop.user, identities, attempted),
  };
}

async function explain(attempted: Attempted, error: unknown, lane: Lane): Promise<BenchError> {
  const { place, hop, known, refused, through } = attempted;
  if (refused === null) return handshakeFailure(attempted, error, await lane.stderr());
  return refusedKey(place, hop, known, refused, through === undefined && hop.proxyCommand === null);
}

function ready(client: Client, config: ConnectConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on('error', (error: Error & { level?: string }) => {
      // An agent that fails to sign is skipped by ssh2 itself; the next identity is tried.
      if (error.level !== 'agent') reject(error);
    });
    client.on('close', () => reject(new Error('the connection was closed during the handshake')));
    client.on('ready', () => resolve());
    client.connect(config);
  });
}

/** Offers the identities one after the other, as long as the server accepts public keys at all. */
function inTurn(username: string, identities: Identities, attempted: Attempted): AuthHandlerMiddleware {
  const left = [...identities.tries];
  return (methods, _partial, next) => {
    // On the first call `methods` is null, which the types do not declare.
    const accepted = methods as readonly string[] | null;
    const identity = accepted === null || accepted.includes('publickey') ? left.shift() : undefined;
    attempted.accepts = accepted ?? undefined;
    if (identity === undefined) {
      next(false as unknown as Parameters<typeof next>[0]);
      return;
    }
    attempted.offered.push(identity.name);
    if (identity.by === 'agent') next({ type: 'agent', username, agent: identity.agent });
    else next({ type: 'publickey', username, key: identity.key });
  };
}

/** The end of the last hop is enough: losing an earlier hop closes the stream of the next one. */
function watch(place: Place, client: Client, end: () => Promise<void>): Session {
  const listeners = new Set<(loss: BenchError) => void>();
  let loss: BenchError | undefined;
  const lose = (why: string): void => {
    if (loss !== undefined) return;
    loss = transportLost(place, why);
    for (const listener of [...listeners]) listener(loss);
    listeners.clear();
    // A dead connection is dropped without waiting for its end.
    end().catch(() => undefined);
  };
  client.on('error', (error: Error) => lose(error.message));
  client.on('end', () => lose('the other side ended it'));
  client.on('close', () => lose('it was closed'));
  return {
    client,
    end,
    loss: () => loss,
    onLoss(listener) {
      if (loss === undefined) listeners.add(listener);
      else listener(loss);
      return () => listeners.delete(listener);
    },
  };
}

/** How long an orderly end may take before the stream is dropped. */
const END_GRACE_MS = 1_000;

async function endAll(open: readonly Opened[]): Promise<void> {
  for (const { client, lane, closed } of [...open].reverse()) {
    client.end();
    await Promise.race([closed, sleep(END_GRACE_MS, undefined, { ref: false })]);
    lane.end();
  }
}
