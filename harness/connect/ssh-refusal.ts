import type { BenchError } from '../errors.js';
import { connectFailure, printable, type Place } from './failure.js';
import type { Identities } from './identities.js';
import { keyName, type KnownKey } from './known-hosts.js';
import { quote } from './quote.js';
import type { Hop } from './ssh-configuration.js';

/** A handshake in progress: what was known before it, and what it has come to. */
export interface Attempted {
  readonly place: Place;
  readonly hop: Hop;
  readonly known: readonly KnownKey[];
  readonly identities: Identities;
  /** The jump host that leads here. */
  readonly through: Hop | undefined;
  readonly offered: string[];
  /** The authentication methods that the server named. */
  accepts?: readonly string[] | undefined;
  /** A host key that was not accepted. */
  refused: Buffer | null;
}

/** Node's and the system's names for a host that does not answer, with what to look at. */
const UNREACHABLE: Readonly<Record<string, readonly [found: string, hint: string]>> = {
  ECONNREFUSED: ['connection refused', 'is sshd running there, and is it this port?'],
  ENOTFOUND: ['name not found', 'check the name, or HostName in the ssh configuration'],
  EAI_AGAIN: ['name service does not answer', 'check the network of this machine'],
  ETIMEDOUT: ['no answer', 'is the machine up, and does a firewall let this port through?'],
  EHOSTUNREACH: ['no route to host', 'is the machine up and in this network?'],
  ENETUNREACH: ['network unreachable', 'check the network of this machine'],
  ECONNRESET: ['connection reset', 'does sshd accept connections from here?'],
  DROPPED: ['closed before the handshake', 'is it an SSH server? see also MaxStartups in its sshd_config'],
};

function nameOf(level: string | undefined, code: string | undefined, message: string): string {
  if (level === 'client-timeout') return 'ETIMEDOUT';
  return /lost before handshake/.test(message) ? 'DROPPED' : (code ?? '');
}

/** Whether a handshake failed because the server closed the connection before it introduced itself. */
export function wasDropped(error: unknown): boolean {
  const { cause } = error as { cause?: unknown };
  if (!(cause instanceof Error)) return false;
  const { level, code, message } = describe(cause);
  return ['DROPPED', 'ECONNRESET'].includes(nameOf(level, code, message));
}

/** Why a handshake failed, in terms of what the user can change. `proxyStderr`: stderr of the ProxyCommand. */
export function handshakeFailure(attempted: Attempted, error: unknown, proxyStderr: string): BenchError {
  const { place, hop } = attempted;
  const { level, code, message } = describe(error);
  if (level === 'client-authentication' || /authentication failures/i.test(message)) {
    return authenticationFailed(attempted, message);
  }
  if (/no matching host key format/.test(message)) return noSuchKey(attempted, error);
  const address = `${hop.hostName} port ${hop.port}`;
  const via = attempted.through === undefined ? '' : ` through ${attempted.through.hostName}`;
  const [found, hint] = UNREACHABLE[nameOf(level, code, message)] ?? [
    printable(message),
    'try: ssh -v to the same destination',
  ];
  return connectFailure(place, `cannot reach ${printable(address)}${via}`, {
    found: proxyStderr === '' ? found : `${found}; ProxyCommand printed: ${proxyStderr}`,
    hint,
    transport: !/no matching/.test(message),
    cause: error,
  });
}

/** Why the server in front does not lead to the next one: RFC 4254, section 5.1. */
export function unreachableBehind(place: Place, jump: Hop, hop: Hop, error: unknown): BenchError {
  const { message } = describe(error);
  const prohibited = (error as { reason?: unknown }).reason === 1;
  return connectFailure(place, `cannot reach ${printable(`${hop.hostName} port ${hop.port}`)} from ${jump.hostName}`, {
    found: printable(message),
    hint: prohibited ? `see AllowTcpForwarding in the sshd_config of ${jump.hostName}` : 'is sshd running there?',
    transport: !prohibited,
    cause: error,
  });
}

function authenticationFailed(attempted: Attempted, message: string): BenchError {
  const { place, hop, identities, offered, accepts } = attempted;
  const tried = offered.length === 0 ? 'no key was offered' : `tried ${offered.join(', ')}`;
  const skipped = identities.skipped.length === 0 ? '' : `; skipped ${identities.skipped.join(', ')}`;
  const methods = accepts === undefined ? '' : `; the host accepts ${accepts.map((m) => printable(m)).join(', ')}`;
  return connectFailure(place, `authentication as ${printable(hop.user)} at ${printable(keyName(hop))} failed`, {
    found: printable(`${tried}${skipped}${methods}`, 1_000),
    hint: authenticationHint(identities, /authentication failures/i.test(message)),
  });
}

function authenticationHint(identities: Identities, tooMany: boolean): string {
  const [locked] = identities.locked;
  if (tooMany)
    return 'the agent holds more keys than the host lets one try: name identityFiles, with IdentitiesOnly yes';
  if (locked !== undefined) return `unlock the key with an agent: ssh-add ${quote(locked)}`;
  if (identities.tries.length === 0) return 'name identityFiles, or start an agent and add a key: ssh-add';
  return 'add the public half of one of these keys to ~/.ssh/authorized_keys there: ssh-copy-id';
}

function noSuchKey({ place, hop, known }: Attempted, cause: unknown): BenchError {
  const entries = known.filter((entry) => entry.mark === 'plain');
  return connectFailure(place, `${printable(keyName(hop))} has no host key of a known type`, {
    expected: entries.map((entry) => `${entry.type} (${entry.file}:${entry.line})`).join(', '),
    found: 'none of these types offered',
    hint: `see what it offers: ssh-keyscan -p ${hop.port} ${quote(hop.hostName)}`,
    cause,
  });
}

interface Described {
  readonly level: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

/** ssh2 puts a `level` on its errors; a name with several addresses fails with an AggregateError without a message. */
function describe(error: unknown): Described {
  const { level, code } = error as { level?: unknown; code?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { level: text(level), code: text(code), message: message === '' ? (text(code) ?? 'unknown error') : message };
}
