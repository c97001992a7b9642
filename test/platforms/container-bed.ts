import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectLocal } from '../../harness/connect/local.js';
import { guestsOf } from '../../harness/platforms/container/paths.js';
import type { Executor, Guest, Host } from '../../harness/types.js';
import { findBusybox, makeBusyboxRoot } from './busybox-root.js';
import type { Bed } from './conformance.js';
import { hostedPlace, type Hosted } from './hosted.js';
import { until } from './inside.js';

/** The ways in which a guest is torn down in tests. */
export const CRASHES = { init: 'a kill of its first process', watcher: 'a kill of what watches it' } as const;

/** Why this machine can host no containers of a tool, whose programs these are; `undefined` when it can. */
export function whyNoContainers(...programs: readonly string[]): string | undefined {
  const missing = programs.find((program) => !succeeds(program, '--version'));
  return [
    [process.platform !== 'linux', 'this is not Linux'],
    [process.getuid?.() !== 0, 'not root'],
    [missing !== undefined, `${missing ?? ''} is not installed`],
    [!succeeds('unshare', '--mount', 'true'), 'this root may not mount'],
    [findBusybox() === undefined, 'no static busybox: install busybox-static'],
    [cpus().length < 2, 'fewer than two CPUs'],
  ].find(([lack]) => lack)?.[1] as string | undefined;
}

function succeeds(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A work directory with a root file system for guests, `root`. */
export async function makeWorkDir(id: string): Promise<string> {
  const workDir = await realpath(await mkdtemp(join(tmpdir(), `bench-${id}-`)));
  await makeBusyboxRoot(findBusybox() ?? '', `${workDir}/root`);
  return workDir;
}

/** Paths come on stdin, so that the search does not find itself. */
const TRACES = `
read -r dir && read -r group
printf '%s' "$dir" | grep -l -a -F -f - /proc/[0-9]*/cmdline 2>/dev/null
find /sys/fs/cgroup -path "*/$group*" 2>/dev/null
grep -F "$dir" /proc/mounts
find "$dir" -mindepth 1 -maxdepth 1 ! -name root 2>/dev/null
find /run/systemd/nspawn -name 'bench-conform-*' 2>/dev/null
:`;

/** The first process of a guest: 1 in a process namespace, of this host name, in a group of this parent. */
const FIRST = `
find /sys/fs/cgroup -path "*/$1/*" -name cgroup.procs -exec cat {} + | sort -u | while read -r pid; do
  grep -qE '^NSpid:[[:space:]].*[[:space:]]1$' "/proc/$pid/status" 2>/dev/null || continue
  [ "$(nsenter -t "$pid" -u uname -n)" = "$2" ] && echo "$pid" && break
done`;

/** A place for guests of a container tool on this machine, with the tool's own surroundings in its environment. */
export async function makeContainerBed(
  id: string,
  env: Readonly<Record<string, string>> = {},
  remove: () => Promise<void> = () => Promise.resolve(),
): Promise<Bed> {
  const local = connectLocal();
  const executor: Executor = {
    ...local,
    exec: (command) => local.exec({ ...command, env: { ...env, ...command.env } }),
  };
  const workDir = await makeWorkDir(id);
  const host: Host = { id: 'here', config: { id: 'here', connect: { via: 'local' } }, executor, workDir };
  return bedOn(id, host, { options: { rootfs: `${workDir}/root` }, cpu: 1 }, remove);
}

/** The same for a target of a hosts file, on its own host. */
export async function makeHostedContainerBed(hosted: Hosted): Promise<Bed> {
  const { host, place, close } = await hostedPlace(hosted);
  return bedOn(hosted.target.platform, host, place, close);
}

function bedOn(id: string, host: Host, place: Pick<Bed, 'options' | 'cpu'>, remove: () => Promise<void>): Bed {
  const { executor, workDir } = host;
  const { group } = guestsOf(host, id);

  const printed = async (argv: readonly [string, ...string[]], stdin = ''): Promise<string> =>
    (await executor.exec({ argv, stdin })).stdout.trim();

  const kill = async (guest: Guest, whose: keyof typeof CRASHES): Promise<void> => {
    const init = await printed(['sh', '-c', FIRST, 'sh', group, guest.name]);
    const parent = await printed(['sed', '-n', 's/^PPid:[[:space:]]*//p', `/proc/${init}/status`]);
    const pid = whose === 'init' ? init : parent;
    if (!(Number(pid) > 1)) throw new Error(`will not kill ${JSON.stringify(pid)}`);
    await executor.exec({ argv: ['kill', '-KILL', pid] });
    await until(async () => !/^State:\s+[^Z\s]/m.test(await printed(['cat', `/proc/${pid}/status`])));
  };

  return {
    ...place,
    host,
    crashes: { [CRASHES.init]: (guest) => kill(guest, 'init'), [CRASHES.watcher]: (guest) => kill(guest, 'watcher') },
    traces: async () =>
      (await printed(['sh', '-c', TRACES], `${workDir}\n${group}\n`)).split('\n').filter((line) => line !== ''),
    async remove() {
      await executor.exec({ argv: ['rm', '-rf', '--one-file-system', '--', workDir] });
      await remove();
    },
  };
}
