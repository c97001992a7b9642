import type { Guest, Host } from '../../../harness/types.js';
import { guestsOf } from '../../../harness/platforms/lxc/paths.js';
import { connectLocal } from '../../../harness/connect/local.js';
import type { Bed } from '../conformance.js';
import { makeWorkDir } from '../container-bed.js';
import { hostedPlace, type Hosted } from '../hosted.js';
import { until } from '../inside.js';

/** The ways in which a guest is torn down in tests. */
export const LXC_CRASHES = ['a kill of its first process', 'a kill of its monitor'] as const;

/** Paths come on stdin, so that the search does not find itself. */
const TRACES = `
read -r dir && read -r group
printf '%s' "$dir" | grep -l -a -F -f - /proc/[0-9]*/cmdline 2>/dev/null
find /sys/fs/cgroup -path "*/$group*" 2>/dev/null
grep -F "$dir" /proc/mounts
find "$dir/guests" "/run/lxc/lock$dir" 2>/dev/null
:`;

/** A place for LXC guests on this machine. */
export async function makeLxcBed(): Promise<Bed> {
  const workDir = await makeWorkDir('lxc');
  const host: Host = {
    id: 'here',
    config: { id: 'here', connect: { via: 'local' } },
    executor: connectLocal(),
    workDir,
  };
  return lxcBed(host, { options: { rootfs: `${workDir}/root` }, cpu: 1 });
}

/** The same for a target of a hosts file, on its own host. */
export async function makeHostedLxcBed(hosted: Hosted): Promise<Bed> {
  const { host, place, close } = await hostedPlace(hosted);
  return lxcBed(host, place, close);
}

function lxcBed(host: Host, place: Pick<Bed, 'options' | 'cpu'>, close = (): Promise<void> => Promise.resolve()): Bed {
  const { executor, workDir } = host;
  const { guests, group } = guestsOf(host);

  const print = async (argv: readonly [string, ...string[]], stdin = ''): Promise<string> =>
    (await executor.exec({ argv, stdin })).stdout.trim();

  const kill = async (guest: Guest, whose: 'init' | 'monitor'): Promise<void> => {
    const init = await print(['lxc-info', '-P', guests, '-n', guest.name, '-p', '-H']);
    const parent = await print(['sed', '-n', 's/^PPid:[[:space:]]*//p', `/proc/${init}/status`]);
    const pid = whose === 'init' ? init : parent;
    if (!(Number(pid) > 1)) throw new Error(`will not kill ${pid}`);
    await executor.exec({ argv: ['kill', '-KILL', pid] });
    await until(async () => !/^State:\s+[^Z\s]/m.test(await print(['cat', `/proc/${pid}/status`])));
  };

  return {
    ...place,
    host,
    crashes: {
      [LXC_CRASHES[0]]: (guest) => kill(guest, 'init'),
      [LXC_CRASHES[1]]: (guest) => kill(guest, 'monitor'),
    },
    traces: async () =>
      (await print(['sh', '-c', TRACES], `${workDir}\n${group}\n`)).split('\n').filter((line) => line !== ''),
    async remove() {
      await executor.exec({ argv: ['rm', '-rf', '--', workDir] });
      await close();
    },
  };
}
