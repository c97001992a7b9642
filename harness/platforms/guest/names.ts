import { BenchError } from '../../errors.js';

/** The harness's directory inside every guest. */
export const GUEST_WORK_DIR = '/var/lib/bench';

/** The file that marks a guest's directory on the host as made by `bench`. Nothing without it is ever removed. */
export const MARKER_FILE = 'made-by-bench';

/** The first line of that file. */
export const MARKER = 'bench-guest/1';

/**
 * A path that needs no quoting in any tool's configuration: mount options, volume arguments and configuration files
 * split values at blanks, quotes, `:`, `,` and `\`.
 */
export const PLAIN_PATH = /^(\/[A-Za-z0-9_@%+=~-][A-Za-z0-9._@%+=~-]*)+$/;

const GUEST_NAME = /^bench-[a-z0-9][a-z0-9-]{0,57}$/;

/** Throws a `BenchError` of stage `start` for a name that not every tool accepts. `platform` begins the message. */
export function requireGuestName(platform: string, name: string): void {
  if (GUEST_NAME.test(name)) return;
  throw unfit(platform, 'guest name', name, '`bench-` and at most 58 lower-case letters, digits and dashes');
}

/** Throws a `BenchError` of stage `start` for a work directory that is not a `PLAIN_PATH`. */
export function requireWorkDir(platform: string, workDir: string): void {
  if (PLAIN_PATH.test(workDir)) return;
  throw unfit(platform, 'work directory', workDir, 'an absolute path without blanks, colons or commas');
}

function unfit(platform: string, what: string, found: string, expected: string): BenchError {
  return new BenchError({ stage: 'start', message: `${platform} cannot use this ${what}`, expected, found });
}
