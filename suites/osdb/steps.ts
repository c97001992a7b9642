import type { Step, StepContext } from '../../harness/types.js';
import { percentiles, rates } from './metrics.js';
import { SEED, sizes, type Size } from './sizes.js';

/**
 * How every cluster is set, beyond PostgreSQL's own defaults: the whole database fits its cache; nothing runs in the
 * background while it reads; nothing is kept outside its directory; nobody but its owner and root can reach it. What has
 * to do with writing shortens the load and touches no read.
 */
export function settings({ users }: Size): string[] {
  return [
    'listen_addresses=',
    'unix_socket_directories=.',
    'port=5432',
    `max_connections=${users + 10}`,
    'shared_buffers=160MB',
    'huge_pages=off',
    'dynamic_shared_memory_type=mmap',
    'autovacuum=off',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'wal_level=minimal',
    'max_wal_senders=0',
    'checkpoint_timeout=1d',
    'max_wal_size=4GB',
  ];
}

/** Pure: what a trial of a profile runs. */
export function steps(context: StepContext): Step[] {
  return stepsOf(context, sizes[context.profile]);
}

/**
 * Pure: a cluster made, filled, checked and warmed; the users' queries, and the server's count of them; more queries
 * with the time of each. Each user has a connection and a thread, as it has a process in the Open Source Database
 * Benchmark.
 */
export function stepsOf({ installation, dir }: StepContext, size: Size): Step[] {
  const { bindir, owner } = installation.data;
  if (typeof bindir !== 'string' || typeof owner !== 'string') throw new Error('this is not an installation of osdb');
  const psql = (name: string, phase: Step['phase'], limitSeconds: number, file = `${name}.sql`): Step => ({
    name,
    phase,
    argv: [`${bindir}/psql`, '-X', '-q', ...connection, ...variables(size), '-f', `${dir}/${file}`, DATABASE],
    limitSeconds,
  });
  const pgbench = (
    name: string,
    each: number,
    more: Pick<Step, 'phase'> & Partial<Step>,
    log: readonly string[] = [],
  ): Step => ({
    name,
    argv: [`${bindir}/pgbench`, ...questions(dir, size), '-t', String(each), seedOf(name), ...log, DATABASE],
    limitSeconds: 60 + (size.users * each) / SLOWEST,
    ...more,
  });
  return [
    {
      name: 'start-cluster',
      phase: 'prepare',
      argv: ['sh', `${dir}/start-cluster.sh`, bindir, owner, ...settings(size)],
      limitSeconds: 180,
      keep: true,
    },
    psql('load', 'prepare', 900),
    psql('check', 'prepare', 600),
    psql('warm', 'prepare', 300),
    pgbench('warm-up', size.warmUpPerUser, { phase: 'prepare' }),
    psql('served-before', 'prepare', 60, 'served.sql'),
    pgbench('read-rows', size.transactionsPerUser, { phase: 'measure', yields: rates }),
    psql('served-after', 'measure', 60, 'served.sql'),
    pgbench(
      'time-rows',
      size.timedPerUser,
      { phase: 'measure', onFailure: 'continue', yields: percentiles.map(([metric]) => metric) },
      ['-l', `--log-prefix=${LOG}`],
    ),
    { name: 'latencies', phase: 'cleanup', argv: ['sh', `${dir}/latencies.sh`, LOG], limitSeconds: 300 },
    { name: 'stop-cluster', phase: 'cleanup', argv: ['sh', `${dir}/stop-cluster.sh`], limitSeconds: 60 },
  ];
}

const DATABASE = 'osdb';
/** Rows a second; a system that reads fewer hangs. */
const SLOWEST = 100;
/** What the names of pgbench's transaction logs begin with. */
const LOG = 'transactions';

/** The server's socket is in its directory. A path to it may be longer than a socket's 107 bytes; this one is not. */
const connection = ['-h', '/proc/self/cwd/cluster', '-p', '5432', '-U', 'osdb'];

const variables = ({ rows }: Size): string[] =>
  ['ON_ERROR_STOP=1', 'VERBOSITY=terse', `n=${rows}`, `seed=${SEED}`].flatMap((setting) => ['-v', setting]);

/** The warm-up runs other queries than the run after it. */
const seedOf = (run: string): string => `--random-seed=${run === 'warm-up' ? SEED + 1 : SEED}`;

/** pgbench without its own vacuum, each query with the simple protocol, as the Open Source Database Benchmark sends them. */
function questions(dir: string, { rows, users }: Size): string[] {
  return [
    ...['-n', ...connection, '-M', 'simple', '-D', `n=${rows}`, '-f', `${dir}/ir.sql`],
    ...['-c', String(users), '-j', String(users)],
  ];
}
