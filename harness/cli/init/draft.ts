import { ID_PATTERN } from '../../config/schema.js';
import type { Json } from '../../types.js';

/** The answers to the questions of `bench init`. */
export interface Answers {
  /** SSH destination of the machine under test; absent: the machine that runs `bench`. */
  readonly ssh?: string;
  /** What is compared with native Linux. */
  readonly platforms: readonly string[];
  /** Folder on the machine that guests of containers start from. */
  readonly rootfs?: string;
  /** CPUs of a guest. */
  readonly cpus: readonly number[];
  /** SSH destination of the other end of network suites. */
  readonly peer?: string;
  /** An OpenSSH client configuration instead of the user's. */
  readonly configFile?: string;
}

/** Pure: the content of a hosts file. */
export function draftOf({ ssh, platforms, rootfs, cpus, peer, configFile }: Answers): Json {
  const build = cpus.length === 1 ? 'up' : 'smp';
  const host = ssh === undefined ? 'here' : hostIdOf(ssh, 'machine');
  const end = peer === undefined ? undefined : hostIdOf(peer, 'peer');
  const other = end === host ? 'peer' : end;
  const config = configFile === undefined ? {} : { configFile };
  const common = { host, shape: { cpus: [...cpus] }, ...(other === undefined ? {} : { peer: other }) };
  const targets = ['native', ...platforms.filter((platform) => platform !== 'native')].map((platform) => [
    `${platform === 'native' ? 'linux' : platform}-${build}`,
    { ...common, platform, ...(platform === 'native' || rootfs === undefined ? {} : { options: { rootfs } }) },
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
