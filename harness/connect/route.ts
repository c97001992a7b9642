import type { Executor } from '../types.js';
import { connectFailure, printable, type Place } from './failure.js';
import { resolveHop, type Hop, type Overrides } from './ssh-configuration.js';

/** A chain of bastions longer than this is a configuration that leads back to itself. */
const LONGEST_ROUTE = 8;

/**
 * The servers on the way to a host, the host last. As with OpenSSH, the first jump may have a proxy of its own and the
 * others are reached from the jump before them, and a host that would jump through itself is reached directly.
 * The user, port and jump of `overrides` concern the last hop only; its configuration file, known hosts and key files
 * concern all.
 */
export async function resolveRoute(local: Executor, place: Place, overrides: Overrides): Promise<readonly Hop[]> {
  const { destination, user, port, jump } = overrides.target;
  const own = [
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(jump === undefined ? [] : ['-o', `ProxyJump=${jump}`]),
  ];
  const resolve = (name: string, options: readonly string[] = []): Promise<Hop> =>
    resolveHop(local, place, name, overrides, options);
  return before(resolve, place, await resolve(destination, own), 1);
}

type Resolve = (destination: string, options?: readonly string[]) => Promise<Hop>;

async function before(resolve: Resolve, place: Place, hop: Hop, length: number): Promise<readonly Hop[]> {
  const [first, ...rest] = jumpsOf(place, hop);
  if (first === undefined) return [hop];
  if (length + rest.length >= LONGEST_ROUTE) {
    throw connectFailure(place, `ProxyJump leads through more than ${LONGEST_ROUTE} hosts`, {
      found: printable(hop.proxyJump ?? ''),
    });
  }
  const entry = await resolve(first);
  if (rest.length === 0 && entry.hostName === hop.hostName && entry.port === hop.port) return [hop];
  const middle: Hop[] = [];
  for (const name of rest) middle.push({ ...(await resolve(name)), proxyCommand: null, proxyJump: null });
  return [...(await before(resolve, place, entry, length + 1 + rest.length)), ...middle, hop];
}

/** `[user@]host[:port]` becomes the URI form, which `ssh -G` reads with its port. */
function jumpsOf(place: Place, hop: Hop): readonly string[] {
  if (hop.proxyJump === null) return [];
  return hop.proxyJump.split(',').map((name) => {
    const text = name.trim();
    if (text === '' || text.startsWith('-')) {
      throw connectFailure(place, 'not a host to jump through', { found: printable(JSON.stringify(name)) });
    }
    return text.startsWith('ssh://') ? text : `ssh://${text}`;
  });
}
