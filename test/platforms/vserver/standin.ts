import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { standInHost, type StandInHost } from '../stand-in.js';

/** The two kernels that were driven by hand. */
export const KERNELS = ['2.6.22.19-vs2.3.0.33', '4.9.154-vs2.3.9.8'] as const;
export type Kernel = (typeof KERNELS)[number];

/** A host with util-vserver and one of the kernels, as far as the transcripts go. */
export interface StandIn extends StandInHost {
  /** What guests leave on the host. */
  traces(): Promise<readonly string[]>;
}

export const TRANSCRIPTS = fileURLToPath(new URL('./transcripts/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./standin.sh', import.meta.url));
const TOOLS = ['vserver', 'vserver-stat', 'vsched', 'vattribute', 'vlimit', 'vkill', 'getconf'];
/** A real group's directory goes with rmdir(1), files and all. */
const RMDIR =
  '#!/bin/sh\nfor path; do case $path in /dev/cg*/* | /dev/cpus*/*) [ -d "$path" ] && rm -r "$path" ;; -*) ;; *) busybox rmdir "$path" ;; esac; done\n';
/** The one option that the small rm(1) has not. */
const RM =
  '#!/bin/sh\nfor word; do shift; [ "$word" = --one-file-system ] || set -- "$@" "$word"; done\nexec busybox rm "$@"\n';

/** Starts as after a boot with both init scripts run. `without` leaves out what a trap needs to be sprung. */
export async function standIn(kernel: Kernel, without: readonly ('vprocunhide' | 'mounts')[] = []): Promise<StandIn> {
  const old = kernel.startsWith('2.6');
  const groups = old ? 'dev/cpuset' : 'dev/cgroup';
  const type = old ? 'cpuset' : 'cgroup';
  const mounted = !without.includes('mounts');
  const program = await readFile(PROGRAM, 'utf8');
  const host = await standInHost(
    { ...Object.fromEntries(TOOLS.map((tool) => [tool, program])), rm: RM, rmdir: RMDIR },
    {
      kernel: `release=${kernel}\n`,
      'proc/virtual/info': 'VCIVersion:\t0002:0308\n',
      'proc/filesystems': `nodev\tproc\nnodev\t${type}\n`,
      'proc/mounts': mounted ? `vserver /${groups} ${type} rw 0 0\n` : '',
      'proc/config.gz': gzipSync(old ? 'CONFIG_HZ=250\n' : 'CONFIG_HZ=1000\n'),
      ...(mounted && old ? { [`${groups}/mems`]: '0\n' } : {}),
      ...(mounted && !old ? { [`${groups}/cpuset.cpus`]: '0\n', [`${groups}/cpuset.mems`]: '0\n' } : {}),
      ...(without.includes('vprocunhide') ? {} : { 'state/vprocunhide': '' }),
    },
  );
  for (const name of [
    'state',
    'vservers',
    'var/cache/vservers',
    'var/run/vservers',
    'var/run/vservers.rev',
    'etc/vservers/.defaults',
  ]) {
    await mkdir(join(host.root, name), { recursive: true });
  }
  await symlink('/vservers', join(host.root, 'etc/vservers/.defaults/vdirbase'));
  await symlink('/var/cache/vservers', join(host.root, 'etc/vservers/.defaults/cachebase'));
  await cp(TRANSCRIPTS, join(host.root, 'transcripts'), { recursive: true });
  return {
    ...host,
    traces: () =>
      host.lines(
        'ls -d /etc/vservers/* /vservers/* /proc/virtual/[0-9]* /var/run/vservers/* /var/run/vservers.rev/* /dev/cgroup/*/ /dev/cpuset/*/ /state/*.* /var/lib/bench/vservers 2>/dev/null; :',
      ),
    async remove() {
      await host.lines('for pid in $(cat /state/*.init 2>/dev/null); do kill -KILL -- -$pid; done; :');
      await host.remove();
    },
  };
}
