import { createHash } from 'node:crypto';
import type { Host } from '../../types.js';
import { MARKER_FILE, requireGuestName, requireWorkDir } from '../guest/names.js';

/** Where a virtual machine's files are on its host. All paths are absolute and need no quoting anywhere. */
export interface GuestPaths {
  readonly name: string;
  /** All virtual machines of this platform and work directory. */
  readonly root: string;
  readonly dir: string;
  /** Marks the directory as made by `bench`: nothing without it is ever removed. */
  readonly marker: string;
  /** Written by the guest; kept when it stops. */
  readonly disk: string;
  /** See `seedImage`. */
  readonly seed: string;
  /** The domain's configuration, for the hypervisor's tool. */
  readonly config: string;
  /** What the guest prints on its serial console, where the platform writes it to a file of ours. */
  readonly console: string;
  readonly knownHosts: string;
  /** The private key that opens every guest of this root; made on the host, and never leaves it. */
  readonly key: string;
  /** Where the shared SSH connection into the guest listens: short, for `sun_path` holds 107 bytes, unix(7). */
  readonly socket: string;
  /** Identifies the machine among others of its name. */
  readonly uuid: string;
  /** The low three bytes of the guest's network address, `xx:xx:xx`; the vendor's part is the platform's. */
  readonly macTail: string;
}

/** The paths of a guest; throws a `BenchError` of stage `start` for a name or work directory that cannot be used. */
export function pathsOf(platform: string, host: Pick<Host, 'workDir'>, name: string): GuestPaths {
  requireGuestName('virtual machines', name);
  const root = rootOf(platform, host);
  const dir = `${root}/${name}`;
  const hash = createHash('sha256').update(dir).digest('hex');
  return {
    name,
    root,
    dir,
    marker: `${dir}/${MARKER_FILE}`,
    disk: `${dir}/disk`,
    seed: `${dir}/seed.iso`,
    config: `${dir}/config`,
    console: `${dir}/console.log`,
    knownHosts: `${dir}/known_hosts`,
    key: `${root}/key`,
    socket: `/run/bench-vm-${hash.slice(0, 12)}`,
    uuid: uuidFrom(hash),
    macTail: [0, 2, 4].map((at) => hash.slice(at, at + 2)).join(':'),
  };
}

/** The directory of all virtual machines of a platform below a host's work directory. */
export function rootOf(platform: string, { workDir }: Pick<Host, 'workDir'>): string {
  requireWorkDir('virtual machines', workDir);
  return `${workDir}/${platform}`;
}

/** A version 8 UUID (RFC 9562: content of one's own) from a hash in hexadecimal. */
function uuidFrom(hash: string): string {
  const digits = `${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
