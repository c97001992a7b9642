import type { ExecResult, Installation, SuiteGuest, Tool } from '../../harness/types.js';
import { quote } from '../parsing.js';

/** Which Debian package has a program or a header that a kernel's build needs. */
const packageOf: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  perl: 'perl',
  xz: 'xz-utils',
  tar: 'tar',
  ld: 'binutils',
  sha256sum: 'coreutils',
};
const headers: Readonly<Record<string, string>> = { 'libelf.h': 'libelf-dev', 'openssl/ssl.h': 'libssl-dev' };

/** Debian packages: the sources and all that builds them. */
export const packages: readonly string[] = [
  ...['bc', 'bison', 'flex', 'gcc', 'libc6-dev', 'libelf-dev', 'libssl-dev'],
  ...['linux-source-6.1', 'make', 'perl', 'xz-utils'],
];

/**
 * Finds the sources, the compiler and a RAM file system; the first time in a guest it also unpacks and configures the
 * part of the sources that the quick profile builds, which takes about 20 seconds of CPU time. Throws an `Error` that
 * names what is missing and its Debian package.
 */
export async function install(guest: SuiteGuest): Promise<Installation> {
  const { executor, dir } = guest;
  const inspected = await executor.exec({ argv: ['sh', `${dir}/inspect.sh`, ...guest.toolDirs] });
  const found = readInspection(inspected.stdout);
  const prepared = await executor.exec({
    argv: ['sh', `${dir}/prepare-part.sh`, dir, found.archive, found.stamp, found.gcc.path, found.ram ?? dir],
  });
  const { part, version } = readPart(prepared, found.archive);
  return {
    tools: {
      gcc: found.gcc,
      make: found.make,
      'linux-source': { path: found.archive, origin: 'target', version },
      'file-system': { path: found.ram ?? dir, origin: 'target', version: found.ram === undefined ? 'disk' : 'tmpfs' },
    },
    env: {
      // The same bytes whenever and wherever it is built, and never those of an earlier build.
      KBUILD_BUILD_TIMESTAMP: '2007-03-21 00:00:00 UTC',
      KBUILD_BUILD_USER: 'bench',
      KBUILD_BUILD_HOST: 'bench',
      KBUILD_BUILD_VERSION: '1',
      CCACHE_DISABLE: '1',
    },
    data: {
      archive: found.archive,
      part,
      compiler: found.gcc.path,
      make: found.make.path,
      ram: found.ram ?? null,
      cpus: guest.cpus.length,
    },
  };
}

/** What `inspect.sh` found. `ram` is absent where no RAM file system can be written to. */
export interface Inspection {
  readonly archive: string;
  /** Size and time of the archive: another archive under its name is noticed. */
  readonly stamp: string;
  readonly gcc: Tool;
  readonly make: Tool;
  readonly ram?: string;
}

const PATH = /^\/[\x21-\x7e]{1,300}$/;

/** Reads what `inspect.sh` printed. Throws an `Error` for what is missing or is a compiler cache. */
export function readInspection(text: string): Inspection {
  const found = new Map(text.split('\n').map(splitAtSpace));
  for (const [program, name] of Object.entries(packageOf)) {
    if (!PATH.test(found.get(`path-${program}`) ?? '')) throw missing(program, name);
  }
  for (const [header, name] of Object.entries(headers)) {
    if (!text.includes(`header ${header}\n`)) throw missing(`the header ${header}`, name);
  }
  const cached = found.get('cached');
  if (cached !== undefined) {
    throw new Error(`${quote(cached)} is a compiler cache; a compiler is expected first in PATH`);
  }
  const archive = found.get('archive');
  if (archive === undefined || !PATH.test(archive)) {
    throw new Error(
      "the kernel's sources (linux-source-*.tar.xz) are neither in /usr/src nor in the host's toolDirs; the Debian package is linux-source-6.1",
    );
  }
  const ram = found.get('ram');
  return {
    archive,
    stamp: found.get('archive-stamp') ?? '',
    gcc: readTool(found, 'gcc'),
    make: readTool(found, 'make'),
    ...(ram !== undefined && PATH.test(ram) ? { ram } : {}),
  };
}

function readTool(found: ReadonlyMap<string, string>, name: string): Tool {
  const banner = found.get(`version-${name}`) ?? '';
  const version = /\d{1,3}\.\d[\w.]{0,20}( \([\w.-]{1,60}\))?/.exec(banner)?.[0];
  if (version === undefined) throw new Error(`${name}: expected its version, found ${quote(banner)}`);
  return { path: found.get(`path-${name}`) ?? name, origin: 'target', version };
}

/** Reads what `prepare-part.sh` printed. Throws an `Error` with its last line when it failed. */
export function readPart({ exit, stdout, stderr }: ExecResult, archive: string): { part: string; version: string } {
  const part = /^part (\/[\x21-\x7e]{1,300})$/m.exec(stdout)?.[1];
  const version = /^kernel (\d[\w.+-]{1,40})$/m.exec(stdout)?.[1];
  if (exit.kind === 'code' && exit.code === 0 && part !== undefined && version !== undefined) return { part, version };
  const printed = stderr.split('\n').filter((line) => line.trim() !== '');
  throw new Error(`the sources in ${archive} could not be prepared: ${quote(printed.at(-1) ?? 'no reason was given')}`);
}

const missing = (what: string, name: string): Error => new Error(`${what} is missing; the Debian package is ${name}`);

function splitAtSpace(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
