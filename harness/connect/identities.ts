import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type OpenSSHAgent, type ParsedKey } from 'ssh2';
import { keysOf, limitedTo } from './agent-keys.js';
import type { Hop } from './ssh-configuration.js';

/** One way to authenticate: the keys of an agent, or one key file. */
export type Identity =
  | { readonly name: string; readonly by: 'agent'; readonly agent: OpenSSHAgent }
  | { readonly name: string; readonly by: 'file'; readonly key: ParsedKey };

/** What there is to try at a server, and what was skipped, for the message when nothing is accepted. */
export interface Identities {
  readonly tries: readonly Identity[];
  readonly skipped: readonly string[];
  /** Key files that an agent could open. */
  readonly locked: readonly string[];
}

/**
 * The order: keys that the host's configuration names, then the agent's keys, then the key files that `ssh` would read.
 * A key that the agent holds is used through the agent. With IdentitiesOnly the agent's other keys stay unused: a
 * server counts every offer and hangs up after a few (MaxAuthTries).
 */
export async function gatherIdentities(hop: Hop): Promise<Identities> {
  const files = await Promise.all(hop.identities.map(({ path, named }) => readKeyFile(path, named)));
  const agent = await openAgent(hop.agentSocket);
  const tries: Identity[] = [];
  const seen = new Set<string>();
  const offerAgent = (blobs: readonly string[]): void => {
    const fresh = blobs.filter((blob) => agent.held.includes(blob) && !seen.has(blob));
    if (fresh.length === 0 || agent.agent === null) return;
    fresh.forEach((blob) => seen.add(blob));
    const name = `agent ${hop.agentSocket ?? ''} (${fresh.length === 1 ? '1 key' : `${fresh.length} keys`})`;
    tries.push({ name, by: 'agent', agent: limitedTo(agent.agent, fresh) });
  };
  const offerFile = (file: KeyFile): void => {
    if (file.blob !== null) offerAgent([file.blob]);
    if (file.key === null || (file.blob !== null && seen.has(file.blob))) return;
    if (file.blob !== null) seen.add(file.blob);
    tries.push({ name: file.path, by: 'file', key: file.key });
  };
  files.filter((file) => file.named).forEach(offerFile);
  offerAgent(files.flatMap((file) => file.blob ?? []));
  if (!hop.identitiesOnly) offerAgent(agent.held);
  files.forEach(offerFile);
  const unused = files.filter((file) => file.problem !== null && (file.blob === null || !seen.has(file.blob)));
  return {
    tries,
    skipped: [...agent.problems, ...unused.map((file) => `${file.path}: ${file.problem ?? ''}`)],
    locked: unused.filter((file) => file.problem === ENCRYPTED).map((file) => file.path),
  };
}

/** A forwarded agent whose owner has gone hangs instead of failing. */
const AGENT_PATIENCE_MS = 5_000;

interface OpenAgent {
  readonly agent: OpenSSHAgent | null;
  /** Public keys, each in base64. */
  readonly held: readonly string[];
  readonly problems: readonly string[];
}

async function openAgent(socket: string | null): Promise<OpenAgent> {
  if (socket === null) return { agent: null, held: [], problems: [] };
  const agent = new ssh2.OpenSSHAgent(socket);
  try {
    const held = await Promise.race([keysOf(agent), sleep(AGENT_PATIENCE_MS, undefined, { ref: false })]);
    if (held === undefined) throw new Error('no answer');
    return { agent, held, problems: held.length === 0 ? [`agent ${socket}: holds no keys`] : [] };
  } catch {
    return { agent: null, held: [], problems: [`agent ${socket}: does not answer`] };
  }
}

interface KeyFile {
  readonly path: string;
  readonly named: boolean;
  readonly key: ParsedKey | null;
  /** The public key in base64, also of a file whose private part is encrypted. */
  readonly blob: string | null;
  readonly problem: string | null;
}

const ENCRYPTED = 'encrypted with a passphrase';

async function readKeyFile(path: string, named: boolean): Promise<KeyFile> {
  const unusable = (problem: string | null, blob: string | null = null): KeyFile => ({
    path,
    named,
    key: null,
    blob,
    problem,
  });
  let text: Buffer;
  try {
    text = await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const blob = await publicPart(path);
    // The usual names are tried whether or not they exist; only a missing file that was configured is reported.
    return unusable(missing ? (named && blob === null ? 'no such file' : null) : String(error), blob);
  }
  const key = parseOne(text);
  if (key instanceof Error) {
    const encrypted = /encrypted|passphrase/i.test(key.message);
    return unusable(encrypted ? ENCRYPTED : key.message, (await publicPart(path)) ?? embeddedPublicPart(text));
  }
  const blob = key.getPublicSSH().toString('base64');
  if (!key.isPrivateKey()) return unusable('holds no private key', blob);
  return { path, named, key, blob, problem: null };
}

async function publicPart(path: string): Promise<string | null> {
  try {
    const key = parseOne(await readFile(`${path}.pub`));
    return key instanceof Error ? null : key.getPublicSSH().toString('base64');
  } catch {
    return null;
  }
}

/** ssh2 returns a list for some formats, which its types do not declare. */
function parseOne(text: Buffer): ParsedKey | Error {
  const parsed = ssh2.utils.parseKey(text) as ParsedKey | Error | readonly ParsedKey[];
  if (!Array.isArray(parsed)) return parsed as ParsedKey | Error;
  return (parsed as readonly ParsedKey[])[0] ?? new Error('holds no key');
}

/**
 * The public key of an OpenSSH private key is in the clear even when the private part is encrypted (OpenSSH's
 * PROTOCOL.key): a magic, the cipher's name, the key derivation's name and options, a count, then the public key.
 */
function embeddedPublicPart(text: Buffer): string | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(text.toString('latin1'))?.[1];
  if (body === undefined) return null;
  const bytes = Buffer.from(body, 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer => {
    const from = at + 4;
    at = from + bytes.readUInt32BE(at);
    return bytes.subarray(from, at);
  };
  try {
    for (let field = 0; field < 3; field += 1) next();
    at += 4;
    return next().toString('base64');
  } catch {
    return null;
  }
}
