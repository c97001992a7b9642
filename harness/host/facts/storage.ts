import type { Json } from '../../types.js';
import { mountOf, readMounts } from '../mounts.js';
import { readPairs, type Fact } from './fact.js';
import { readChoice } from './system.js';

/** The file system that holds a directory, and how it is mounted. */
export function fileSystemFact(directory: string): Fact {
  return {
    name: 'fileSystem',
    argv: ['sh', '-c', 'readlink -f -- "$1" && cat /proc/self/mountinfo', 'sh', directory],
    read: readFileSystem,
  };
}

/**
 * The file system's own features, by dumpe2fs(8), where it is of the ext family; it has to be root to look, and in a
 * container the device is not there.
 */
export function fileSystemFeaturesFact(directory: string): Fact {
  const look = 'd=$(df -P -- "$1" | tail -n 1 | cut -d " " -f 1) && [ -b "$d" ] && dumpe2fs -h "$d" 2>/dev/null';
  return { name: 'fileSystemFeatures', argv: ['sh', '-c', look, 'sh', directory], read: readFeatures };
}

/** The disk below a directory: a partition's settings are those of the disk that it is a part of. */
const DISK =
  'n=$(stat -c %Hd:%Ld -- "$1" 2>/dev/null) || n=$(mountpoint -d -- "$1") || exit 0; d=$(readlink -f "/sys/dev/block/$n") || exit 0; ' +
  '[ -d "$d/queue" ] || d=${d%/*}; [ -d "$d/queue" ] || exit 0; echo "name:${d##*/}"; cd "$d" && ' +
  'grep -H "" queue/scheduler queue/rotational queue/write_cache queue/nr_requests queue/read_ahead_kb device/model; :';

export function diskFact(directory: string): Fact {
  return { name: 'disk', argv: ['sh', '-c', DISK, 'sh', directory], read: readDisk };
}

/** The resolved directory on the first line, then mountinfo. */
export function readFileSystem(text: string): Json | undefined {
  const end = text.indexOf('\n');
  const mount = end < 0 ? undefined : mountOf(readMounts(text.slice(end + 1)), text.slice(0, end));
  if (mount === undefined) return undefined;
  const { type, mountPoint, source, options, superOptions } = mount;
  return { type, mountPoint, source, options: [...new Set([...options, ...superOptions])].sort().join(',') };
}

/** Features, block and inode size of `dumpe2fs -h`. */
export function readFeatures(text: string): Json | undefined {
  const pairs = readPairs(text, /:\s+/);
  const features = pairs.get('Filesystem features');
  if (features === undefined) return undefined;
  const number = (name: string): number | null =>
    /^\d+$/.test(pairs.get(name) ?? '') ? Number(pairs.get(name)) : null;
  // Set while a file system is mounted: state, not a property.
  const lasting = features.split(/\s+/).filter((name) => name !== 'needs_recovery' && name !== 'orphan_present');
  return { features: lasting.sort().join(' '), blockBytes: number('Block size'), inodeBytes: number('Inode size') };
}

/** Kernel name, scheduler in force, and queue settings (Documentation/ABI/stable/sysfs-block). */
export function readDisk(text: string): Json | undefined {
  const pairs = readPairs(text, /:/);
  const name = pairs.get('name');
  if (name === undefined) return undefined;
  const scheduler = pairs.get('queue/scheduler');
  const number = (path: string): number | null =>
    /^\d+$/.test(pairs.get(path) ?? '') ? Number(pairs.get(path)) : null;
  return {
    name,
    model: pairs.get('device/model') ?? null,
    scheduler: scheduler === undefined ? null : (readChoice(scheduler) ?? scheduler),
    rotational: number('queue/rotational') === null ? null : number('queue/rotational') === 1,
    writeCache: pairs.get('queue/write_cache') ?? null,
    requests: number('queue/nr_requests'),
    readAheadKib: number('queue/read_ahead_kb'),
  };
}
