import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import { ON_ANY_CPU } from './executor.js';
import type { GuestPaths } from './paths.js';
import { lastLines, runScript } from '../guest/script.js';

/** What the guest's first process runs: nothing that takes time. It reaps the orphans that a killed trial leaves. */
export const INIT = ['/bin/sh', '-c', 'trap : TERM INT HUP PWR; while :; do sleep 2147483647 & wait; done'] as const;

/** Standard streams closed: a guest that held the command's pipes would keep the connection's channel open. */
const LAUNCH = 'log=$1; shift; exec "$@" </dev/null >"$log" 2>&1';

/** Runs what starts a guest, and returns once that has exited 0; a `BenchError` has the end of its log. */
export async function launch(host: Executor, paths: GuestPaths, argv: readonly string[]): Promise<void> {
  const line = ['sh', '-c', LAUNCH, 'sh', paths.log, ...ON_ANY_CPU, ...argv] as const;
  const { exit } = await host.exec({ argv: line, timeoutMs: 120_000 });
  if (exit.kind === 'code' && exit.code === 0) return;
  const log = (await printed(host, ['tail', '-n', '20', '--', paths.log])) ?? '';
  const reason = lastLines(log);
  throw new BenchError({
    stage: 'start',
    message: `the start of ${paths.name} on ${host.where} failed: ${reason === '' ? 'it left no reason' : reason}`,
    hint: `the whole log is ${paths.log} on the host`,
  });
}

/** The guest's root file system: what it changes is kept in its own directory, over one that all guests share. */
const MOUNT_ROOT = `
mkdir -p "$2" "$3" "$4" || exit 1
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"
`;

/** Mounts the overlay of a guest of which nothing is mounted. */
export async function mountRoot(host: Executor, rootfs: string, paths: GuestPaths): Promise<void> {
  const message = `cannot mount the root file system of ${paths.name} on ${host.where}`;
  const hint =
    'the work directory must not be on an overlay itself: a file system such as ext4 or xfs holds what changes';
  await runScript(host, MOUNT_ROOT, [rootfs, paths.upper, paths.work, paths.root], { stage: 'start', message, hint });
}
