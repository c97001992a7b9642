import { ID_PATTERN } from '../../config/schema.js';
import type { PlatformDriver } from '../../platforms/index.js';
import type { Json } from '../../types.js';

/** The answers to the questions of `bench init`. */
export interface Answers {
  /** SSH destination of the machine under test; absent: the machine that runs `bench`. */
  readonly ssh?: string;
  /** What is compared with the machine without guests, which is a target in any case. */
  readonly platforms: readonly Compared[];
  /** The machine without guests. */
  readonly without: Compared;
  /** Folder on the machine that guests of containers start from. */
  readonly rootfs?: string;
  /** CPUs of a guest. */
  readonly cpus: readonly number[];
  /** SSH destination of the other end of network suites. */
  readonly peer?: string;
  /** An OpenSSH client configuration instead of the user's. */
  readonly configFile?: string;
}

type Compared = Pick<PlatformDriver, 'id' | 'boundary'>;

/** Whether a platform has guests, which start from a root file system. */
export const hasGuests = ({ boundary }: Compared): boolean => boundary !== 'none';

/** Pure: the content of a hosts file. */
export function draftOf({ ssh, platforms, without, rootfs, cpus, peer, configFile }: Answers): Json {
  const build = cpus.length === 1 ? 'up' : 'smp';
  const host = ssh === undefined ? 'here' : hostIdOf(ssh, 'machine');
  const end = peer === undefined ? undefined : hostIdOf(peer, 'peer');
  const other = end === host ? 'peer' : end;
  const config = configFile === undefined ? {} : { configFile };
  const common = { host, shape: { cpus: [...cpus] }, ...(other === undefined ? {} : { peer: other }) };
  const targets = [without, ...platforms.filter(hasGuests)].map((platform) => [
    `${hasGuests(platform) ? platform.id : 'linux'}-${build}`,
    {
      ...common,
      platform: platform.id,
      ...(hasGuests(platform) && rootfs !== undefined ? { options: { rootfs } } : {}),
    },
  ]);
  return {
    baseline: `linux-${build}`,
    hosts: {
      [host]: ssh === undefined ? { connect: 'local' } : { ssh, ...config },
      ...(other === undefined || peer === undefined ? {} : { [other]: { ssh: peer, ...config } }),
    },
    targets: Object.fromEntries(targets) as Json,
  };
}

/** The first label of the name of a machine where that is an id: `alpha` of `root@alpha.example.org`. */
function hostIdOf(destination: string, otherwise: string): string {
  const address = destination.replace(/^ssh:\/\//, '').replace(/^.*@/, '');
  const [name = ''] = /^[\d.]+/.test(address) ? [] : address.split(/[.:/]/);
  const id = name.toLowerCase();
  return ID_PATTERN.test(id) ? id : otherwise;
}
