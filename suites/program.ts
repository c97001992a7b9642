import type { SuiteFile, SuiteGuest, Tool } from '../harness/types.js';
import { quote } from './parsing.js';

/** Which program a suite needs, and how to ask for its version. */
export interface Wanted {
  readonly name: string;
  /** The Debian package that has it. */
  readonly packageName: string;
  /** Makes it print its version and end; empty for a program that does so when called with no argument and no input. */
  readonly versionArgument: string;
  /** What its first line must look like; the first group is the version. */
  readonly version: RegExp;
}

/** What a suite that calls `findProgram` has among its files. */
export const findProgramFile: SuiteFile = {
  name: 'find-program.sh',
  source: new URL('find-program.sh', import.meta.url),
};

/** What a suite has among its files that runs `check-room.sh` before it fills a disk. */
export const checkRoomFile: SuiteFile = { name: 'check-room.sh', source: new URL('check-room.sh', import.meta.url) };

/** The program on a guest. Throws an `Error` that names it and its Debian package when it is missing or another one. */
export async function findProgram(guest: SuiteGuest, wanted: Wanted): Promise<Tool> {
  const { name, versionArgument } = wanted;
  const { stdout } = await guest.executor.exec({
    argv: ['sh', `${guest.dir}/${findProgramFile.name}`, name, versionArgument, ...guest.toolDirs],
    timeoutMs: 30_000,
  });
  return readProgram(stdout, wanted);
}

/** Pure: what `find-program.sh` printed. Throws as `findProgram`. */
export function readProgram(text: string, { name, packageName, version }: Wanted): Tool {
  const found = new Map(text.split('\n').map(splitAtSpace));
  const path = found.get('path');
  if (path === undefined || !/^\/[\x21-\x7e]{1,400}$/.test(path)) {
    throw new Error(`${name} is missing; the Debian package is ${packageName}`);
  }
  const printed = found.get('printed') ?? '';
  const release = version.exec(printed)?.[1];
  if (release === undefined) {
    throw new Error(
      `${path} is not the ${name} of the Debian package ${packageName}: expected its version, found ${quote(printed)}`,
    );
  }
  const owner = found.get('package') ?? '';
  const libraries = found.get('libraries') ?? '';
  return {
    path,
    origin: 'target',
    version: /^[a-z0-9][a-z0-9+.-]{0,80} [\w.+:~-]{1,80}$/.test(owner) ? `${release} (${owner})` : release,
    ...(/^\d{1,4}$/.test(libraries) ? { linkage: libraries === '0' ? 'static' : libraries } : {}),
  };
}

function splitAtSpace(line: string): [string, string] {
  const space = line.indexOf(' ');
  return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}
