import type { Installation, SuiteGuest, Tool } from '../../harness/types.js';
import { quote } from '../parsing.js';

/** Older ones lack --random-seed, and the function least() in scripts. */
const OLDEST = 11;

/**
 * Finds PostgreSQL's programs and who may run its server. Throws an `Error` that names what is missing and its Debian
 * package has it.
 */
export async function install(guest: SuiteGuest): Promise<Installation> {
  const result = await guest.executor.exec({ argv: ['sh', `${guest.dir}/inspect.sh`, ...guest.toolDirs] });
  if (result.exit.kind !== 'code' || result.exit.code !== 0) {
    throw new Error(`PostgreSQL could not be looked for: ${quote(result.stderr)}`);
  }
  return readInspection(result.stdout);
}

/** What `inspect.sh` printed. */
export function readInspection(text: string): Installation {
  const found = new Map(text.split('\n').map(splitAtSpace));
  const bindir = found.get('bindir');
  if (bindir === undefined || !/^\/[\x21-\x7e]{1,200}$/.test(bindir)) {
    throw new Error('PostgreSQL (postgres, initdb, psql, pgbench) is missing; the Debian package is postgresql');
  }
  const asRoot = found.get('uid') === '0';
  const lacking = ['awk', 'sed', 'sort', ...(asRoot ? ['setpriv'] : [])].find(
    (name) => !text.includes(`has ${name}\n`),
  );
  if (lacking !== undefined)
    throw new Error(`${lacking} is missing; the Debian package is ${packageOf[lacking] ?? lacking}`);
  if (asRoot && found.get('owner') === undefined) {
    throw new Error(
      'the user postgres is missing: the server refuses to run as root; the Debian package postgresql makes it',
    );
  }
  return {
    tools: { pgbench: readTool(found, bindir, 'pgbench'), postgres: readTool(found, bindir, 'postgres') },
    env: {},
    data: { bindir, owner: asRoot ? 'postgres' : '' },
  };
}

const packageOf: Readonly<Record<string, string>> = { awk: 'mawk', sort: 'coreutils', setpriv: 'util-linux' };

function readTool(found: ReadonlyMap<string, string>, bindir: string, name: string): Tool {
  const banner = found.get(`version-${name}`) ?? '';
  const version = /\(PostgreSQL\) (\d{1,3}[\w.]{0,20})/.exec(banner)?.[1];
  if (version === undefined)
    throw new Error(`${bindir}/${name} --version: expected its version, found ${quote(banner)}`);
  if (Number.parseInt(version, 10) < OLDEST) {
    throw new Error(`${bindir}/${name} is version ${version}; version ${OLDEST} or later is needed`);
  }
  const libraries = found.get(`libraries-${name}`);
  return {
    path: `${bindir}/${name}`,
    origin: 'target',
    version,
    ...(libraries !== undefined && /^\d{1,4}$/.test(libraries) ? { linkage: libraries } : {}),
  };
}

function splitAtSpace(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
