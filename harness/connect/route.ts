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
  const entry = await resolve(first.host, first.options);
  if (rest.length === 0 && entry.hostName === hop.hostName && entry.port === hop.port) return [hop];
  const middle: Hop[] = [];
  for (const { host, options } of rest) {
    middle.push({ ...(await resolve(host, options)), proxyCommand: null, proxyJump: null });
  }
  return [...(await before(resolve, place, entry, length + 1 + rest.length)), ...middle, hop];
}

/** One host of a ProxyJump, with the options that make `ssh -G` resolve its user and port. */
export interface Jump {
  readonly host: string;
  readonly options: readonly string[];
}

/**
 * Reads `[user@]host[:port]` or `ssh://[user@]host[:port]`, null when it is neither. It is taken apart here because
 * ssh(1) refuses its own URI form for IPv6 addresses.
 */
export function parseJump(text: string): Jump | null {
  const parts = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]@]+)\]|([^:@[\]]+))(?::(\d+))?\/?$/.exec(text.trim());
  const host = parts?.[2] ?? parts?.[3];
  if (host === undefined || host.startsWith('-')) return null;
  const [user, port] = [parts?.[1], parts?.[4]];
  return {
    host,
    options: [...(user === undefined ? [] : ['-l', user]), ...(port === undefined ? [] : ['-p', port])],
  };
}

function jumpsOf(place: Place, hop: Hop): readonly Jump[] {
  if (hop.proxyJump === null) return [];
  return hop.proxyJump.split(',').map((text) => {
    const jump = parseJump(text);
    if (jump !== null) return jump;
    throw connectFailure(place, 'not a host to jump through', {
      expected: '[user@]host[:port], an IPv6 address in brackets when a port follows',
      found: printable(JSON.stringify(text)),
    });
  });
}
