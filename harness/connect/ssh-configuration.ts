import { homedir, userInfo } from 'node:os';
import type { Executor, HostConfig } from '../types.js';
import { connectFailure, printable, type Place } from './failure.js';
import { openssh } from './openssh.js';

type SshTarget = Extract<HostConfig['connect'], { via: 'ssh' }>;

/** One SSH server on the way to a host, as `ssh -G` resolves it (ssh_config(5)). */
export interface Hop {
  /** The requested destination; messages name it. */
  readonly destination: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Key files in order; `named` ones come from the host's own configuration and are tried before the agent. */
  readonly identities: readonly { readonly path: string; readonly named: boolean }[];
  readonly identitiesOnly: boolean;
  /** The agent's socket, null when there is none. */
  readonly agentSocket: string | null;
  readonly knownHosts: readonly string[];
  readonly hostKeyAlias: string | null;
  /** The host-key algorithms that the user's configuration allows. */
  readonly hostKeyAlgorithms: readonly string[];
  readonly family: 'any' | 'inet' | 'inet6';
  readonly connectTimeoutMs: number | null;
  /** A shell command whose stdin and stdout lead to the server; its author is the user's own configuration. */
  readonly proxyCommand: string | null;
  /** Comma-separated destinations in the order of travel. */
  readonly proxyJump: string | null;
}

/** What a host's configuration overrides, at the target and where it makes sense at the hops before it. */
export interface Overrides {
  readonly target: SshTarget;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Asks `ssh -G` about one destination. `own` options are those that concern the target and no hop before it. */
export async function resolveHop(
  local: Executor,
  place: Place,
  destination: string,
  overrides: Overrides,
  own: readonly string[] = [],
): Promise<Hop> {
  const { configFile } = overrides.target;
  const file = configFile === undefined ? [] : ['-F', atHome(configFile)];
  const result = await openssh(local, place, ['ssh', '-G', ...file, ...own, '--', destination]);
  if (result.exit.kind !== 'code' || result.exit.code !== 0) {
    throw connectFailure(place, `the ssh configuration of ${printable(destination)} cannot be read`, {
      found: printable(result.stderr.replaceAll(/^Pseudo-terminal will not .*\n/gm, '')),
    });
  }
  return readHop(place, destination, parseConfiguration(result.stdout), overrides);
}

/** `keyword value` lines; a keyword may repeat. */
export function parseConfiguration(text: string): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const keyword = line.slice(0, space).toLowerCase();
    values.set(keyword, [...(values.get(keyword) ?? []), line.slice(space + 1)]);
  }
  return values;
}

function readHop(
  place: Place,
  destination: string,
  values: ReadonlyMap<string, readonly string[]>,
  overrides: Overrides,
): Hop {
  const one = (keyword: string): string | null => {
    const value = values.get(keyword)?.[0];
    return value === undefined || value === 'none' ? null : value;
  };
  const files = (keyword: string): readonly string[] => (one(keyword) ?? '').split(' ').filter((path) => path !== '');
  const names = { hostName: one('hostname') ?? destination, port: Number(one('port') ?? 22), user: one('user') ?? '' };
  const expand = (text: string): string => expandTokens(place, text, { ...names, destination });
  const named = overrides.target.identityFiles ?? [];
  const configured = (values.get('identityfile') ?? []).filter((path) => path !== 'none').map(expand);
  const timeout = Number(one('connecttimeout') ?? Number.NaN);
  return {
    destination,
    ...names,
    identities: [
      ...named.map((path) => ({ path: atHome(path), named: true })),
      ...configured.map((path) => ({ path: atHome(path), named: false })),
    ],
    identitiesOnly: one('identitiesonly') === 'yes',
    agentSocket: agentSocket(values.get('identityagent')?.[0], overrides.environment, expand),
    knownHosts: [
      ...(overrides.target.knownHostsFiles ?? files('userknownhostsfile')),
      ...files('globalknownhostsfile'),
    ].map(atHome),
    hostKeyAlias: one('hostkeyalias'),
    hostKeyAlgorithms: (one('hostkeyalgorithms') ?? '').split(','),
    family: readFamily(one('addressfamily')),
    connectTimeoutMs: Number.isFinite(timeout) && timeout > 0 ? timeout * 1000 : null,
    proxyCommand: mapped(one('proxycommand'), expand),
    proxyJump: one('proxyjump'),
  };
}

function mapped(value: string | null, change: (value: string) => string): string | null {
  return value === null ? null : change(value);
}

function readFamily(value: string | null): Hop['family'] {
  return value === 'inet' || value === 'inet6' ? value : 'any';
}

/** `ssh -G` prints IdentityAgent as it is written when it names an environment variable. */
function agentSocket(
  value: string | undefined,
  environment: Overrides['environment'],
  expand: (text: string) => string,
): string | null {
  if (value === 'none') return null;
  const name = value === undefined || value === 'SSH_AUTH_SOCK' ? 'SSH_AUTH_SOCK' : /^\$\{?(\w+)\}?$/.exec(value)?.[1];
  const socket = name === undefined ? expand(value ?? '') : environment[name];
  return socket === undefined || socket === '' ? null : atHome(socket);
}

function atHome(path: string): string {
  return path.startsWith('~/') ? `${homedir()}${path.slice(1)}` : path;
}

type TokenNames = Pick<Hop, 'hostName' | 'port' | 'user' | 'destination'>;

/**
 * The tokens of ssh_config(5) that `ssh -G` leaves in IdentityFile and ProxyCommand. The values end up in a shell
 * command (ProxyCommand is one by definition), so only names that no shell can misread are put in.
 */
function expandTokens(place: Place, text: string, names: TokenNames): string {
  const values: Readonly<Record<string, string>> = {
    '%': '%',
    d: homedir(),
    h: names.hostName,
    i: String(userInfo().uid),
    k: names.hostName,
    n: names.destination,
    p: String(names.port),
    r: names.user,
    u: userInfo().username,
  };
  return text.replaceAll(/%(.?)/g, (_, token: string) => {
    const value = values[token];
    if (value === undefined) {
      throw connectFailure(place, `the ssh configuration uses %${printable(token)}, which is not supported`, {
        expected: Object.keys(values)
          .map((name) => `%${name}`)
          .join(' '),
        found: printable(text),
      });
    }
    if (token !== '%' && !/^[A-Za-z0-9_/:.@[\]~+][A-Za-z0-9_/:.@[\]~+-]*$/.test(value)) {
      throw connectFailure(place, `%${token} cannot be put into "${printable(text)}"`, {
        expected: 'letters, digits and _ / : . @ + -',
        found: printable(value),
      });
    }
    return value;
  });
}
