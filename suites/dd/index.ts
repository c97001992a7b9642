import type { Installation, Step, StepContext, Suite } from '../../harness/types.js';
import { checkRoomFile, findProgram, findProgramFile } from '../program.js';
import { metrics, parse, type DdMetric } from './parse.js';
import { recognize } from './recognize.js';
import { bytesOf, MIB, profiles, sizes, type Size } from './sizes.js';

const files = ['make-source.sh', 'write.sh', 'drop-cache.sh', 'read.sh'].map((name) => ({
  name,
  source: new URL(name, import.meta.url),
}));

/** Below the scratch directory. */
const SOURCE = 'source';
const TARGET = 'file';

/** Pure: what a trial of this size runs. */
export function stepsOf({ installation, dir }: StepContext, size: Size): Step[] {
  const program = installation.tools['dd']?.path;
  if (program === undefined) throw new Error('this is not an installation of dd');
  const script = (name: string, phase: Step['phase'], file: string, ...argv: string[]): Step => ({
    name,
    phase,
    argv: ['sh', `${dir}/${file}`, ...argv],
    limitSeconds: 60 + bytesOf(size) / (2 * MIB),
  });
  const write = [program, SOURCE, String(size.blockMiB), String(size.copies), TARGET];
  return [
    script('room', 'prepare', 'check-room.sh', String(bytesOf(size) + (size.blockMiB + 16) * MIB), '2'),
    script('make-source', 'prepare', 'make-source.sh', program, SOURCE, String(size.blockMiB)),
    script('pre-write', 'prepare', 'write.sh', ...write),
    script('drop-pre-written', 'prepare', 'drop-cache.sh', program, TARGET),
    { ...script('write', 'measure', 'write.sh', ...write), yields: ['write', 'write-wall-clock'] },
    script('drop-cache', 'measure', 'drop-cache.sh', program, TARGET),
    { ...script('read', 'measure', 'read.sh', program, TARGET), yields: ['read', 'read-wall-clock'] },
  ];
}

/** Sequential writing to the guest's disk and reading back, by GNU dd. */
export const dd = {
  id: 'dd',
  title: 'dd',
  version: 2,
  about:
    "A large file written in sequence to the guest's disk, over blocks that were written before, until the disk has it all (fdatasync); then read once. The data are random, so that no storage can elide or compress them: since random bytes are made slower than disks write, the same block of them is copied from the page cache by several calls of dd, whose own seconds are added up; a store that finds equal blocks could still save them. Rates are bytes by seconds, not the rounded rate that dd prints; a second metric of each is by the time of the whole step, measured from outside.",
  caches:
    'The file is out of the page cache before it is written and before it is read (posix_fadvise after a sync); the reading has no value when the kernel reports that more than 2 % stayed there or did not come from a disk. A cache of the host below a virtual machine cannot be seen and is not dropped. The data written come from the page cache.',
  metrics,
  profiles,
  needs: { packages: ['coreutils'], files: [...files, findProgramFile, checkRoomFile] },
  install: async (guest): Promise<Installation> => {
    const program = await findProgram(guest, {
      name: 'dd',
      packageName: 'coreutils',
      versionArgument: '--version',
      version: /^dd \((?:GNU )?coreutils\) (\d[\w.-]{0,20})/,
    });
    return { tools: { dd: program }, env: {}, data: {} };
  },
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, sizes[raw.profile]),
  recognize,
} as const satisfies Suite<DdMetric>;
