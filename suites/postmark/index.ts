import type { Installation, Profile, Step, StepContext, Suite } from '../../harness/types.js';
import { checkRoomFile, findProgram, findProgramFile } from '../program.js';
import { metrics, parse, type PostmarkMetric } from './parse.js';
import { recognize } from './recognize.js';
import { sizes, type Size } from './sizes.js';
import { spreads } from '../spread.js';

const files = [{ name: 'stamp.pl', source: new URL('stamp.pl', import.meta.url) }];

const MIN_BYTES = 500;
const MAX_BYTES = 10_000;

/**
 * More than a trial writes in all: PostMark does not notice a full disk. Half of the transactions create a file and half
 * append to one, at most `MAX_BYTES` each, and a file system gives whole blocks and keeps something for itself.
 */
const roomBytes = (size: Size): number => (size.files + size.transactions) * (MAX_BYTES + 4096);

const count = (value: number): string => value.toLocaleString('en-US');
const profile = (size: Size, more: Pick<Profile, 'trials' | 'expectedSeconds' | 'unstable'>): Profile => ({
  summary: `${count(size.files)} files of ${MIN_BYTES} B to 9.77 KiB, ${count(size.transactions)} transactions`,
  scratchBytes: roomBytes(size),
  ...more,
});

/** What PostMark reads from its standard input. Its other settings are its defaults, which `show` prints. */
const commands = (size: Size, location: string): string =>
  [
    `set number ${size.files}`,
    `set transactions ${size.transactions}`,
    `set size ${MIN_BYTES} ${MAX_BYTES}`,
    `set location ${location}`,
    'set seed 42',
    'set report verbose',
    'show',
    'run',
    'quit',
    '',
  ].join('\n');

/** Pure: what a trial of this size runs. A short run of the same kind comes first, so that its programs are in memory. */
export function stepsOf({ installation, dir, scratch }: StepContext, size: Size): Step[] {
  const { postmark: program, perl } = installation.tools;
  if (program === undefined || perl === undefined) throw new Error('this is not an installation of postmark');
  const run = (name: string, phase: Step['phase'], work: Size, location: string): Step => ({
    name,
    phase,
    argv: [perl.path, `${dir}/stamp.pl`, program.path],
    stdin: commands(work, location),
    limitSeconds: 120 + work.transactions / 50,
  });
  return [
    {
      name: 'room',
      phase: 'prepare',
      argv: ['sh', `${dir}/check-room.sh`, String(roomBytes(size)), String(size.files + size.transactions)],
      limitSeconds: 60,
    },
    { name: 'folders', phase: 'prepare', argv: ['mkdir', 'warm-up', 'files'], limitSeconds: 60 },
    run('warm-up', 'prepare', { files: 500, transactions: 1_000 }, 'warm-up'),
    { name: 'settle', phase: 'prepare', argv: ['sync', '-f', scratch], limitSeconds: 120 },
    { ...run('postmark', 'measure', size, 'files'), yields: Object.keys(metrics) },
  ];
}

/** Small files as a mail server has them, on the guest's disk: PostMark. */
export const postmark = {
  id: 'postmark',
  title: 'PostMark',
  version: 2,
  about:
    "Many small files created, read, appended to and deleted at random, as a mail or news server does. PostMark's own times are whole seconds; so transactions per second are its count by the time between the outputs that it flushes just before the first and just after the last transaction, as a small reader sees them arrive; the tool's own rate is a second metric. Data read and written are its totals by the time of all three phases, measured in the same way. PostMark does not notice a full disk: a trial starts only where there is room for all that it will write.",
  caches:
    'New files, which the page cache holds; PostMark never flushes them to the disk, and what the kernel has not yet written when they are deleted never is. Data of earlier steps are on the disk before it starts.',
  metrics,
  profiles: {
    paper: profile(sizes.paper, { trials: 5, expectedSeconds: 30 }),
    quick: profile(sizes.quick, {
      trials: 3,
      expectedSeconds: 8,
      unstable: spreads(
        11,
        'on ext4 without a journal, to create a file the kernel searches past every inode that was deleted in the last one to five minutes, and so a trial pays for the files of the one before it',
      ),
    }),
  },
  needs: { packages: ['postmark', 'perl-base'], files: [...files, findProgramFile, checkRoomFile] },
  install: async (guest): Promise<Installation> => {
    const postmark = await findProgram(guest, {
      name: 'postmark',
      packageName: 'postmark',
      versionArgument: '',
      version: /^PostMark (v1\.5\d?[\w.]{0,20})/,
    });
    const perl = await findProgram(guest, {
      name: 'perl',
      packageName: 'perl-base',
      versionArgument: '-eprint $^V',
      version: /^v(5\.\d[\w.]{0,20})/,
    });
    return { tools: { postmark, perl }, env: {}, data: {} };
  },
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, sizes[raw.profile]),
  recognize,
} as const satisfies Suite<PostmarkMetric>;
