import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { connectLocal } from '../../../harness/connect/local.js';
import { nested } from '../../../harness/connect/nested.js';
import type { Executor, Host } from '../../../harness/types.js';
import { findBusybox, makeBusyboxRoot } from '../busybox-root.js';

/** The two kernels that were driven by hand. */
export const KERNELS = ['2.6.22.19-vs2.3.0.33', '4.9.154-vs2.3.9.8'] as const;
export type Kernel = (typeof KERNELS)[number];

/** Why the stand-in cannot run here, when it cannot: it is a root file system of its own, entered with chroot(2). */
export const standInLacks = [
  [process.platform !== 'linux', 'this is not Linux'],
  [process.getuid?.() !== 0, 'not root'],
  [findBusybox() === undefined, 'no static busybox: install busybox-static'],
].find(([lack]) => lack)?.[1];

/** A host with util-vserver and one of the kernels, as far as the transcripts go. */
export interface StandIn {
  readonly host: Host;
  readonly root: string;
  /** What was asked that no transcript shows. */
  refused(): Promise<readonly string[]>;
  /** What guests leave on the host. */
  traces(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

export const TRANSCRIPTS = fileURLToPath(new URL('./transcripts/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./standin.sh', import.meta.url));
const TOOLS = ['vserver', 'vserver-stat', 'vsched', 'vattribute', 'vlimit', 'vkill', 'getconf'];
const PATH = 'PATH=/sbin:/bin';
/** A real group's directory goes with rmdir(1), files and all. */
const RMDIR =
  '#!/bin/sh\nfor path; do case $path in /dev/cg*/* | /dev/cpus*/*) [ -d "$path" ] && rm -r "$path" ;; -*) ;; *) busybox rmdir "$path" ;; esac; done\n';

/** The one option that the small rm(1) has not. */
const RM =
  '#!/bin/sh\nfor word; do shift; [ "$word" = --one-file-system ] || set -- "$@" "$word"; done\nexec busybox rm "$@"\n';

const ARGS = `#!/bin/sh
i=0
for word in args "$@"; do
  printf 'argv[%s]=[%s]\\n' "$i" "$(printf '%s' "$word" | sed -e ':a' -e '$!{N;ba' -e '}' -e 's/\\n/\\\\n/g')"
  i=$((i + 1))
done
`;

/** Starts as after a boot with both init scripts run. `without` leaves out what a trap needs to be sprung. */
export async function standIn(kernel: Kernel, without: readonly ('vprocunhide' | 'mounts')[] = []): Promise<StandIn> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'bench-vserver-')));
  const busybox = findBusybox() ?? '';
  const old = kernel.startsWith('2.6');
  await makeBusyboxRoot(busybox, root);
  for (const [name, script] of Object.entries({ rm: RM, rmdir: RMDIR })) {
    await unlink(join(root, 'bin', name));
    await writeFile(join(root, 'bin', name), script, { mode: 0o755 });
  }
  await takeShell(root);
  const program = await readFile(PROGRAM);
  for (const tool of TOOLS) {
    await unlink(join(root, 'bin', tool)).catch(() => undefined);
    await writeFile(join(root, 'bin', tool), program, { mode: 0o755 });
  }
  for (const name of ['state', 'vservers', 'var/cache/vservers', 'var/run/vservers', 'proc/virtual', 'dev/pts']) {
    await mkdir(join(root, name), { recursive: true });
  }
  await mkdir(join(root, 'etc/vservers/.defaults'), { recursive: true });
  await symlink('/vservers', join(root, 'etc/vservers/.defaults/vdirbase'));
  await symlink('/var/cache/vservers', join(root, 'etc/vservers/.defaults/cachebase'));
  await cp(TRANSCRIPTS, join(root, 'transcripts'), { recursive: true });
  execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  const groups = old ? 'dev/cpuset' : 'dev/cgroup';
  const type = old ? 'cpuset' : 'cgroup';
  const files: Readonly<Record<string, string | Buffer>> = {
    kernel: `release=${kernel}\n`,
    'proc/virtual/info': 'VCIVersion:\t0002:0308\n',
    'proc/filesystems': `nodev\tproc\nnodev\t${type}\n`,
    'proc/mounts': without.includes('mounts') ? '' : `vserver /${groups} ${type} rw 0 0\n`,
    'proc/config.gz': gzipSync(old ? 'CONFIG_HZ=250\n' : 'CONFIG_HZ=1000\n'),
    ...(without.includes('mounts') ? {} : old ? { [`${groups}/mems`]: '0\n' } : {}),
    ...(without.includes('mounts') || old
      ? {}
      : { [`${groups}/cpuset.cpus`]: '0\n', [`${groups}/cpuset.mems`]: '0\n' }),
    ...(without.includes('vprocunhide') ? {} : { 'state/vprocunhide': '' }),
  };
  if (!without.includes('mounts')) await mkdir(join(root, groups));
  for (const [path, content] of Object.entries(files)) await writeFile(join(root, path), content);
  await makeGuestRoot(busybox, join(root, 'srv/root'));

  const local = connectLocal();
  const enter = ['env', '-i', PATH, 'SSH_CLIENT=10.0.2.2 42256 22', 'chroot', root] as const;
  const executor: Executor = nested(
    local,
    (command) => ({ ...command, argv: [...enter, ...command.argv] }),
    'stand-in',
  );
  const lines = async (script: string): Promise<readonly string[]> => {
    const { stdout } = await executor.exec({ argv: ['sh', '-c', script] });
    return stdout.split('\n').filter((line) => line !== '');
  };
  return {
    host: { id: 'here', config: { id: 'here', connect: { via: 'local' } }, executor, workDir: '/var/lib/bench' },
    root,
    refused: () => lines('cat /refused 2>/dev/null; :'),
    traces: () =>
      lines(
        'ls -d /etc/vservers/* /vservers/* /proc/virtual/[0-9]* /var/run/vservers/* /dev/cgroup/*/ /dev/cpuset/*/ /state/*.* /var/lib/bench/vservers 2>/dev/null; :',
      ),
    async remove() {
      await lines('for pid in $(cat /state/*.init 2>/dev/null); do kill -KILL -- -$pid; done; :');
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The machine's own shell with its libraries: the small one runs its own rm(1) and rmdir(1) whatever PATH says. */
async function takeShell(root: string): Promise<void> {
  const libraries = execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  await unlink(join(root, 'bin/sh'));
  for (const path of ['/bin/sh', ...libraries]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}

/**
 * A guest's root file system. No nproc(1) and taskset(1), which would ask the machine that the tests run on; /proc says
 * what the kernels said inside a guest of one CPU.
 */
async function makeGuestRoot(busybox: string, root: string): Promise<void> {
  await makeBusyboxRoot(busybox, root);
  for (const name of ['nproc', 'taskset']) await unlink(join(root, 'bin', name));
  await mkdir(join(root, 'proc/self'), { recursive: true });
  await writeFile(join(root, 'proc/self/status'), 'Cpus_allowed:\t1\nCpus_allowed_list:\t0\n');
  await writeFile(join(root, 'proc/meminfo'), 'MemTotal:        1024752 kB\n');
  await writeFile(join(root, 'bin/args'), ARGS, { mode: 0o755 });
  // As in the guests of the transcripts.
  await writeFile(join(root, 'etc/passwd'), 'root::0:0:root:/:/bin/sh\n');
}
