import type { Json, SuiteGuest, Tool } from '../../harness/types.js';
import { quote } from '../parsing.js';

/** What a suite of the network wants to be found. */
export interface Wanted {
  readonly program: string;
  /** Debian's name of it. */
  readonly debian: string;
  /** What its `-v` prints first; the version is its first group. */
  readonly banner: RegExp;
}

/** What was found: the program, and the settings of the network that its figures depend on. */
export interface Found {
  readonly tool: Tool;
  /** Congestion control of TCP; by interface its MTU in bytes, speed in Mbit/s and offloads, as far as they can be read. */
  readonly network: { readonly [key: string]: Json };
}

/** The file of every suite of the network that `inspect` runs. */
export const inspectFile = { name: 'inspect.sh', source: new URL('inspect.sh', import.meta.url) };

/**
 * Looks for the program in the guest. Throws an `Error` that names what is missing and its Debian package. The
 * package ethtool is optional: without it the offloads are unknown.
 */
export async function inspect(guest: SuiteGuest, wanted: Wanted): Promise<Found> {
  const argv = ['sh', `${guest.dir}/${inspectFile.name}`, wanted.program, ...guest.toolDirs] as const;
  const { stdout } = await guest.executor.exec({ argv: [...argv] });
  return readInspection(stdout, wanted);
}

/** Pure: what `inspect.sh` printed. */
export function readInspection(text: string, { program, debian, banner }: Wanted): Found {
  const lines = text.split('\n').map((line) => line.split(' '));
  const valueOf = (key: string): string | undefined => {
    const line = lines.find(([name]) => name === key);
    return line === undefined ? undefined : line.slice(1).join(' ');
  };
  const path = valueOf('path');
  if (path === undefined || !/^\/[\x21-\x7e]{1,200}$/.test(path)) {
    throw new Error(`${program} is missing; the Debian package is ${debian}`);
  }
  const printed = valueOf('version') ?? '';
  const version = banner.exec(printed)?.[1];
  if (version === undefined) throw new Error(`${path} -v: expected the version of ${program}, found ${quote(printed)}`);
  if (valueOf('has') !== 'reverse') {
    throw new Error(
      `${path} is version ${version}, which has no option --reverse: its server cannot send to its client; a later one is needed`,
    );
  }
  const linkage = valueOf('libraries');
  const known = linkage !== undefined && /^\d{1,4}$/.test(linkage) ? { linkage } : {};
  return { tool: { path, origin: 'target', version, ...known }, network: readNetwork(lines, valueOf('congestion')) };
}

const INTERFACE = /^[A-Za-z0-9_.:@-]{1,15}$/;
const MAX_INTERFACES = 64;

function readNetwork(lines: readonly (readonly string[])[], congestion = ''): Found['network'] {
  const names = lines.flatMap(([key, name = '']) => (key === 'mtu' && INTERFACE.test(name) ? [name] : []));
  return {
    congestionControl: /^[a-z0-9_-]{1,32}$/.test(congestion) ? congestion : null,
    interfaces: [...new Set(names)].slice(0, MAX_INTERFACES).map((name) => {
      const number = (key: string): number | null => {
        const value = lines.find((line) => line[0] === key && line[1] === name)?.[2] ?? '';
        // The kernel reports -1 for a link without a speed, such as one that is down.
        return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : null;
      };
      const offloads = lines.flatMap(([key, owner, feature = '', state]): [string, boolean][] =>
        key === 'offload' && owner === name && /^[a-z-]{1,40}$/.test(feature) ? [[feature, state === 'on']] : [],
      );
      return {
        name,
        mtuBytes: number('mtu'),
        megabits: number('speed'),
        offloads: offloads.length === 0 ? null : Object.fromEntries(offloads),
      };
    }),
  };
}
