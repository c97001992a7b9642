import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, realpath, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectLocal } from '../../harness/connect/local.js';
import { nested } from '../../harness/connect/nested.js';
import type { Executor, Host } from '../../harness/types.js';
import { findBusybox, makeBusyboxRoot } from './busybox-root.js';

/** Why stand-ins cannot run here, when they cannot: each is a root file system of its own, entered with chroot(2). */
export const standInLacks = [
  [process.platform !== 'linux', 'this is not Linux'],
  [process.getuid?.() !== 0, 'not root'],
  [findBusybox() === undefined, 'no static busybox: install busybox-static'],
].find(([lack]) => lack)?.[1];

/** A host that has some tools and files, so that drivers meet them under the paths that they have anywhere. */
export interface StandInHost {
  readonly host: Host;
  readonly root: string;
  /** What a script prints on the host, by line. */
  lines(script: string): Promise<readonly string[]>;
  /** What was asked of the tools that they were never seen to answer, or are not documented to. */
  refused(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const PATH = 'PATH=/sbin:/bin';

/** Programs go to /bin; files may lie anywhere. /srv/root is a root file system for guests. */
export async function standInHost(
  programs: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<StandInHost> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'bench-stand-in-')));
  const busybox = findBusybox() ?? '';
  await makeBusyboxRoot(busybox, root);
  await takeShell(root);
  for (const [name, text] of Object.entries(programs)) {
    await unlink(join(root, 'bin', name)).catch(() => undefined);
    await writeFile(join(root, 'bin', name), text, { mode: 0o755 });
  }
  execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await makeGuestRoot(busybox, join(root, 'srv/root'));
  const enter = ['env', '-i', PATH, 'SSH_CLIENT=10.0.2.2 42256 22', 'chroot', root] as const;
  const executor: Executor = nested(
    connectLocal(),
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
    lines,
    refused: () => lines('cat /refused 2>/dev/null; :'),
    async remove() {
      killBelow(root);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Ends every process that has its root in a directory: guests of a stand-in that were not stopped. */
function killBelow(root: string): void {
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const directory = readlinkSync(`/proc/${id}/root`);
      if (directory === root || directory.startsWith(`${root}/`)) process.kill(Number(id), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** The machine's own shell with its libraries: busybox's runs its own rm(1) and rmdir(1) regardless of PATH. */
async function takeShell(root: string): Promise<void> {
  const libraries = execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  await unlink(join(root, 'bin/sh'));
  for (const path of ['/bin/sh', ...libraries]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await copyFile(path, join(root, path));
  }
}

const ARGS = `#!/bin/sh
i=0
for word in args "$@"; do
  printf 'argv[%s]=[%s]\\n' "$i" "$(printf '%s' "$word" | sed -e ':a' -e '$!{N;ba' -e '}' -e 's/\\n/\\\\n/g')"
  i=$((i + 1))
done
`;

/**
 * A guest's root file system. No nproc(1) and taskset(1), which would ask the machine that the tests run on; /proc has
 * what the kernels of the transcripts showed inside a guest of one CPU. `args` is the program of theirs that shows arguments.
 */
async function makeGuestRoot(busybox: string, root: string): Promise<void> {
  await makeBusyboxRoot(busybox, root);
  for (const name of ['nproc', 'taskset']) await unlink(join(root, 'bin', name));
  const files: Readonly<Record<string, string>> = {
    'proc/self/status': 'Cpus_allowed:\t1\nCpus_allowed_list:\t0\n',
    'proc/1/status': 'Cpus_allowed:\t1\nCpus_allowed_list:\t0\n',
    'proc/meminfo': 'MemTotal:        1024752 kB\n',
    'etc/passwd': 'root::0:0:root:/:/bin/sh\n',
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await writeFile(join(root, 'bin/args'), ARGS, { mode: 0o755 });
}
