import type { Installation, Profile, Step, StepContext, Suite, SuiteGuest } from '../../harness/types.js';
import { checkRoomFile, findProgram, findProgramFile } from '../program.js';
import { metrics, parse, yieldsOf, type DbenchMetric } from './parse.js';
import { recognize } from './recognize.js';
import { sizes, type Seconds } from './sizes.js';
import { spreads } from '../spread.js';

const files = ['find-load.sh', 'cut-load.sh'].map((name) => ({ name, source: new URL(name, import.meta.url) }));

/** What the paper calls dbench's first 90,000 operations, as lines of the load file. */
const CUT_OPERATIONS = 90_000;
/** A client's files are 30 MB at their most. */
const ROOM_BYTES = 200_000_000;

const profile = (seconds: Seconds, more: Pick<Profile, 'trials' | 'expectedSeconds' | 'unstable'>): Profile => ({
  summary: `one client, Debian's client load for ${seconds['whole-load']} s, then its first 90,000 operations over and over for ${seconds['first-90000']} s, each after a fifth of that to warm up`,
  scratchBytes: ROOM_BYTES,
  ...more,
});

/** Pure: what a trial of this length runs. */
export function stepsOf({ installation, dir, scratch }: StepContext, seconds: Seconds): Step[] {
  const program = installation.tools['dbench']?.path;
  const { load } = installation.data;
  if (program === undefined || typeof load !== 'string') throw new Error('this is not an installation of dbench');
  const run = (name: keyof typeof yieldsOf, file: string): Step => ({
    name,
    phase: 'measure',
    argv: [program, '-t', String(seconds[name]), '-c', file, '-D', scratch, '1'],
    // It warms up for a fifth of the time, removes its files afterwards, and may hang on a load that it cannot read.
    limitSeconds: 60 + 2 * seconds[name],
    onFailure: 'continue',
    yields: yieldsOf[name],
  });
  const prepare = (name: string, ...argv: [string, ...string[]]): Step => ({
    name,
    phase: 'prepare',
    argv,
    limitSeconds: 120,
  });
  return [
    prepare('room', 'sh', `${dir}/check-room.sh`, String(ROOM_BYTES / 2), '10000'),
    prepare('cut-load', 'sh', `${dir}/cut-load.sh`, load, String(CUT_OPERATIONS), 'first-90000.txt'),
    prepare('settle', 'sync', '-f', scratch),
    run('whole-load', load),
    run('first-90000', `${scratch}/first-90000.txt`),
  ];
}

async function install(guest: SuiteGuest): Promise<Installation> {
  const dbench = await findProgram(guest, {
    name: 'dbench',
    packageName: 'dbench',
    versionArgument: '',
    version: /^dbench version (4\.\d[\w.]{0,20})/,
  });
  const { stdout } = await guest.executor.exec({ argv: ['sh', `${guest.dir}/find-load.sh`, dbench.path] });
  const load = /^load (\/[\x21-\x7e]{1,400})$/m.exec(stdout)?.[1];
  const lines = /^lines +(\d{1,9})$/m.exec(stdout)?.[1];
  if (load === undefined || lines === undefined || Number(lines) <= CUT_OPERATIONS) {
    throw new Error(
      `the load file client.txt of more than ${CUT_OPERATIONS} operations is missing; the Debian package dbench has it`,
    );
  }
  return { tools: { dbench }, env: {}, data: { load, loadLines: Number(lines) } };
}

/** A file server's load on the guest's disk, by one client: dbench 4. */
export const dbench = {
  id: 'dbench',
  title: 'dbench',
  version: 2,
  about:
    "The file operations of one client of a file server, replayed as fast as they go. dbench 4 has no fixed number of operations: it repeats its load until a time limit. It runs twice: with the whole load file (458,344 operations in Debian's), and with its first 90,000, as the paper describes, and one more that removes what they made, without which the repetitions would fail. The throughput is the one that dbench prints, in MB of 10^6 bytes: it is of the whole seconds before the limit, without the last one; the operations are of all of it. Any operation that fails leaves no value.",
  caches:
    'Warm: dbench repeats the load for a fifth of the time before it counts. Data of earlier steps are on the disk before it starts; its own flushes (fsync) reach the disk, its other writes may not.',
  metrics,
  profiles: {
    paper: profile(sizes.paper, { trials: 5, expectedSeconds: 160 }),
    quick: profile(sizes.quick, {
      trials: 3,
      expectedSeconds: 32,
      unstable: spreads(
        18,
        'half of the time is spent in flushes to the disk (fsync), whose latency has a long tail, and a time limit that is shorter than one pass measures as much of the load as the machine reaches',
      ),
    }),
  },
  needs: { packages: ['dbench'], files: [...files, findProgramFile, checkRoomFile] },
  install,
  steps: (context) => stepsOf(context, sizes[context.profile]),
  parse: (raw) => parse(raw, sizes[raw.profile]),
  recognize,
} as const satisfies Suite<DbenchMetric>;
