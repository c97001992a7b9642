import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { BenchError } from '../errors.js';
import { connectFailure, printable, type Place } from './failure.js';
import { acceptCommand, fingerprint, keyName, keyType, type KnownKey } from './known-hosts.js';
import { quote } from './quote.js';
import type { Hop } from './ssh-configuration.js';

/** Signature algorithms by key type, the strongest first (RFC 8332 for RSA). */
const ALGORITHMS: readonly (readonly [ServerHostKeyAlgorithm, string])[] = [
  ['ssh-ed25519', 'ssh-ed25519'],
  ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256'],
  ['ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp384'],
  ['ecdsa-sha2-nistp521', 'ecdsa-sha2-nistp521'],
  ['rsa-sha2-512', 'ssh-rsa'],
  ['rsa-sha2-256', 'ssh-rsa'],
  ['ssh-rsa', 'ssh-rsa'],
];

/**
 * The algorithms to ask a server for: those of the keys that are known for it, so that it shows one that can be
 * checked; all that the configuration allows when none is known, so that its fingerprint can be shown.
 */
export function hostKeyAlgorithms(
  hop: Pick<Hop, 'hostKeyAlgorithms'>,
  known: readonly KnownKey[],
): ServerHostKeyAlgorithm[] {
  const allowed = ALGORITHMS.filter(([algorithm]) => hop.hostKeyAlgorithms.includes(algorithm));
  const plain = known.filter((entry) => entry.mark === 'plain');
  const exact = plain.filter((entry) => entry.exact);
  const types = new Set((exact.length === 0 ? plain : exact).map((entry) => entry.type));
  const checkable = allowed.filter(([, type]) => types.has(type));
  return (checkable.length === 0 ? allowed : checkable).map(([algorithm]) => algorithm);
}

/** Whether a server's key is the one that is known for it; revoked keys never are. */
export function isTrusted(known: readonly KnownKey[], key: Buffer): boolean {
  const same = known.filter((entry) => entry.mark !== 'authority' && entry.key.equals(key));
  return same.length > 0 && same.every((entry) => entry.mark === 'plain');
}

/** Why a key is refused, and the command that would accept it. `direct`: the server can be reached without a jump. */
export async function refusedKey(
  place: Place,
  hop: Hop,
  known: readonly KnownKey[],
  key: Buffer,
  direct: boolean,
): Promise<BenchError> {
  const found = `${fingerprint(key)} (${keyType(key)})`;
  const name = printable(keyName(hop));
  const revoked = known.find((entry) => entry.mark === 'revoked' && entry.key.equals(key));
  if (revoked !== undefined) {
    return connectFailure(place, `the host key of ${name} is revoked`, {
      expected: `a key that ${revoked.file}:${revoked.line} does not mark @revoked`,
      found,
    });
  }
  const contradicting = known.find((entry) => entry.mark === 'plain' && entry.exact && entry.type === keyType(key));
  if (contradicting !== undefined) return changedKey(place, hop, contradicting, found);
  const line = `${keyName(hop)} ${keyType(key)} ${key.toString('base64')}`;
  const file = hop.knownHosts[0];
  const unknown = file === undefined ? undefined : new UnknownHostKey(name, found, file, line);
  return unknownKey(place, known, name, found, await acceptCommand(hop, key, direct), unknown);
}

/** The cause of the error about a host key that is not known: what a user compares, and what accepts the key. */
export class UnknownHostKey extends Error {
  constructor(
    /** As known_hosts has it: `[host]:port`. */
    readonly host: string,
    /** Fingerprint and type: `SHA256:... (ssh-ed25519)`. */
    readonly fingerprint: string,
    /** The known_hosts file that new keys go to. */
    readonly file: string,
    /** The line that makes it known there. */
    readonly line: string,
  ) {
    super(`the host key of ${host} is not known`);
  }
}

function changedKey(place: Place, hop: Hop, known: KnownKey, found: string): BenchError {
  const name = keyName(hop);
  return connectFailure(place, `the host key of ${printable(name)} has changed: the connection may be intercepted`, {
    expected: `${fingerprint(known.key)} (${known.file}:${known.line})`,
    found,
    hint: `if the host was reinstalled, forget the old key: ssh-keygen -R ${quote(name)} -f ${quote(known.file)}`,
  });
}

function unknownKey(
  place: Place,
  known: readonly KnownKey[],
  name: string,
  found: string,
  accept: string,
  cause: UnknownHostKey | undefined,
): BenchError {
  const authority = known.find((entry) => entry.mark === 'authority');
  const certificates =
    authority === undefined
      ? ''
      : `; ${authority.file}:${authority.line} trusts a certificate authority, which is not supported: name the key itself`;
  return connectFailure(place, `the host key of ${name} is not known${certificates}`, {
    found,
    cause,
    hint: `compare the fingerprint with the host's own (there: ssh-keygen -lf /etc/ssh/ssh_host_..._key.pub), then accept it: ${accept}`,
  });
}
