import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectLocal } from '../../../harness/connect/local.js';
import type { Installation } from '../../../harness/types.js';
import { install } from '../../../suites/osdb/install.js';
import { settings } from '../../../suites/osdb/steps.js';
import type { Size } from '../../../suites/osdb/sizes.js';
import { roomInMemory } from '../../in-memory.js';

/** Where the suite's scripts are in the source tree. */
export const suiteDir = fileURLToPath(new URL('../../../suites/osdb', import.meta.url));

export const tiny: Size = {
  megabytes: 4,
  rows: 10_000,
  users: 10,
  warmUpPerUser: 20,
  transactionsPerUser: 200,
  timedPerUser: 100,
};

/** What the suite finds on this machine, or why it cannot run here. */
export async function findHere(): Promise<{ installation: Installation } | { missing: string }> {
  try {
    const executor = connectLocal();
    return { installation: await install({ executor, dir: suiteDir, cpus: [0], toolDirs: [] }) };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** A cluster as the suite makes one, for SQL. */
export interface Server {
  /** The rows of a query, a line each, columns divided by `|`. */
  ask(query: string, database?: string): string;
  /** Runs a script of the suite; throws with its standard error when it fails. */
  run(script: string, variables: Readonly<Record<string, number>>, database?: string): string;
  close(): void;
}

/** Starts a server in a directory of its own; it must be closed. */
export function openServer({ data }: Installation): Server {
  const { bindir, owner } = data as { bindir: string; owner: string };
  const cwd = mkdtempSync(join(roomInMemory(), 'bench-osdb-test-'));
  const env = { PATH: process.env['PATH'], HOME: cwd, LANG: 'C' };
  const call = (program: string, ...argv: string[]): string =>
    execFileSync(program, argv, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const psql = (database: string, ...argv: string[]): string =>
    call(
      `${bindir}/psql`,
      ...['-X', '-q', '-A', '-t', '-h', '/proc/self/cwd/cluster', '-p', '5432', '-U', 'osdb'],
      ...['-v', 'ON_ERROR_STOP=1', '-v', 'VERBOSITY=terse', ...argv, database],
    ).trim();
  call('sh', `${suiteDir}/start-cluster.sh`, bindir, owner, ...settings(tiny));
  return {
    ask: (query, database = 'osdb') => psql(database, '-c', query),
    run: (script, variables, database = 'osdb') =>
      psql(
        database,
        ...Object.entries(variables).flatMap(([name, value]) => ['-v', `${name}=${value}`]),
        ...['-f', `${suiteDir}/${script}`],
      ),
    close: () => {
      call('sh', `${suiteDir}/stop-cluster.sh`);
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
