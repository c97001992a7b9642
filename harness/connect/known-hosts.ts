import { createHash } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Executor } from '../types.js';
import { connectFailure, printable, type Place } from './failure.js';
import { openssh } from './openssh.js';
import { quote } from './quote.js';
import type { Hop } from './ssh-configuration.js';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) that names the host. */
export interface KnownKey {
  readonly file: string;
  readonly line: number;
  readonly mark: 'plain' | 'revoked' | 'authority';
  readonly type: string;
  readonly key: Buffer;
  /** Found under `[host]:port` or the alias; otherwise under the bare name, which can vouch but not contradict. */
  readonly exact: boolean;
}

/** The name under which a server's key is kept: the alias, the bare name at port 22, else `[name]:port`. */
export function keyName(hop: Pick<Hop, 'hostName' | 'port' | 'hostKeyAlias'>): string {
  if (hop.hostKeyAlias !== null) return hop.hostKeyAlias;
  return hop.port === 22 ? hop.hostName : `[${hop.hostName}]:${hop.port}`;
}

/** All lines about a server, in the order of the files. `ssh-keygen -F` reads plain, hashed and bracketed names. */
export async function findKnownKeys(local: Executor, place: Place, hop: Hop): Promise<readonly KnownKey[]> {
  const exact = keyName(hop);
  const names = hop.hostKeyAlias === null && hop.port !== 22 ? [exact, hop.hostName] : [exact];
  const found: KnownKey[] = [];
  for (const name of names) {
    for (const file of hop.knownHosts) {
      const text = await lookUp(local, place, name, file);
      found.push(...parseFound(text).map((key) => ({ ...key, file, exact: name === exact })));
    }
  }
  return found;
}

async function lookUp(local: Executor, place: Place, name: string, file: string): Promise<string> {
  try {
    await access(file, constants.R_OK);
    // ssh-keygen finds nothing in a directory and reports no error.
    if ((await stat(file)).isDirectory()) throw new Error('it is a directory');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    const found = error instanceof Error ? error.message : String(error);
    throw connectFailure(place, `the known hosts in ${printable(file)} cannot be read`, { found });
  }
  const result = await openssh(local, place, ['ssh-keygen', '-F', name, '-f', file]);
  // Exit code 1 means that the host is not in the file; any other code but 0 means that the file has another format.
  if (result.exit.kind === 'code' && result.exit.code <= 1) return result.stdout;
  throw connectFailure(place, `${printable(file)} cannot be searched for host keys`, {
    found: printable(result.stderr),
  });
}

/** Reads what `ssh-keygen -F` prints: a comment with the line number, then the line. */
export function parseFound(text: string): readonly Omit<KnownKey, 'file' | 'exact'>[] {
  const found: Omit<KnownKey, 'file' | 'exact'>[] = [];
  let line = 0;
  for (const row of text.split('\n')) {
    const comment = /^# Host .* found: line (\d+)/.exec(row);
    if (comment !== null) {
      line = Number(comment[1]);
      continue;
    }
    const words = row.trim().split(/\s+/);
    const mark = words[0] === '@revoked' ? 'revoked' : words[0] === '@cert-authority' ? 'authority' : 'plain';
    const [, type, key] = mark === 'plain' ? words : words.slice(1);
    if (type === undefined || key === undefined) continue;
    found.push({ line, mark, type, key: Buffer.from(key, 'base64') });
  }
  return found;
}

/** How OpenSSH shows a key: SHA-256 of the key blob in base64 without padding. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replaceAll('=', '')}`;
}

/** The type named in a key blob: its first length-prefixed string (RFC 4253, section 6.6). */
export function keyType(key: Buffer): string {
  if (key.length < 4) return 'unknown';
  return printable(key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1'), 64);
}

/** The command that accepts a key after its fingerprint was checked. */
export async function acceptCommand(hop: Hop, key: Buffer, direct: boolean): Promise<string> {
  const file = hop.knownHosts[0] ?? '~/.ssh/known_hosts';
  const folder = dirname(file);
  const present = await access(folder).then(
    () => true,
    () => false,
  );
  const make = present ? '' : `mkdir -p -m 700 ${quote(folder)} && `;
  // A server behind a jump cannot be scanned from here, and a scan knows no alias: then the line itself.
  const line =
    direct && hop.hostKeyAlias === null
      ? `ssh-keyscan -p ${hop.port} -t ${scanType(keyType(key))} ${quote(hop.hostName)}`
      : `echo ${quote(`${keyName(hop)} ${keyType(key)} ${key.toString('base64')}`)}`;
  return `${make}${line} >> ${quote(file)}`;
}

/** `ssh-keyscan -t` calls the algorithms ed25519, ecdsa and rsa. */
function scanType(type: string): string {
  return /ed25519|ecdsa|rsa/.exec(type)?.[0] ?? 'ed25519,ecdsa,rsa';
}
