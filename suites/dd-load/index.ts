import type { Installation, Step, StepContext, Suite } from '../../harness/types.js';
import { checkRoomFile, findProgram, findProgramFile } from '../program.js';
import { metrics, parse, type DdLoadMetric } from './parse.js';
import { bytesOf, MIB, profiles, sizes, type Size } from './sizes.js';

const files = [
  { name: 'write-on.pl', source: new URL('write-on.pl', import.meta.url) },
  { name: 'make-source.sh', source: new URL('../dd/make-source.sh', import.meta.url) },
  { name: 'write.sh', source: new URL('../dd/write.sh', import.meta.url) },
];

/** Below the scratch directory. */
const SOURCE = 'source';
const TARGET = 'file';

/** Pure: what a trial of this size runs. */
export function stepsOf({ installation, dir }: StepContext, size: Size): Step[] {
  const [program, perl] = [installation.tools['dd']?.path, installation.tools['perl']?.path];
  if (program === undefined || perl === undefined) throw new Error('this is not an installation of dd-load');
  const bytes = bytesOf(size);
  const limitSeconds = 60 + bytes / (2 * MIB);
  const prepare = (name: string, file: string, ...argv: string[]): Step => ({
    name,
    phase: 'prepare',
    argv: ['sh', `${dir}/${file}`, ...argv],
    limitSeconds,
  });
  const what = [program, SOURCE, String(size.blockMiB), String(size.copies), TARGET];
  return [
    prepare('room', 'check-room.sh', String(bytes + (size.blockMiB + 16) * MIB), '2'),
    prepare('make-source', 'make-source.sh', program, SOURCE, String(size.blockMiB)),
    prepare('pre-write', 'write.sh', ...what),
    {
      name: 'write-on',
      phase: 'measure',
      argv: [perl, `${dir}/write-on.pl`, String(size.mostSeconds), ...what],
      // The current pass is finished when the time is over.
      limitSeconds: size.mostSeconds + limitSeconds,
      yields: Object.keys(metrics),
    },
  ];
}

/** Writing without end to a guest's own disk, for what it does to other guests. */
export const ddLoad = {
  id: 'dd-load',
  title: 'dd without end',
  version: 1,
  about:
    "A load for workloads of several guests: a large file written in sequence to the guest's own disk with dd, over blocks that were written before, until the disk has it all (fdatasync), and again and again until the guests that it disturbs are done. The data are random, so that no storage can elide or compress them.",
  isLoad: true,
  caches: 'The data written come from the page cache; each pass ends when the disk has all of it.',
  metrics,
  profiles,
  needs: { packages: ['coreutils', 'perl-base'], files: [...files, findProgramFile, checkRoomFile] },
  install: async (guest): Promise<Installation> => {
    const dd = await findProgram(guest, {
      name: 'dd',
      packageName: 'coreutils',
      versionArgument: '--version',
      version: /^dd \((?:GNU )?coreutils\) (\d[\w.-]{0,20})/,
    });
    const perl = await findProgram(guest, {
      name: 'perl',
      packageName: 'perl-base',
      versionArgument: '-eprint $^V',
      version: /^v(5\.\d[\w.]{0,20})/,
    });
    return { tools: { dd, perl }, env: {}, data: {} };
  },
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, sizes[raw.profile]),
} as const satisfies Suite<DdLoadMetric>;
