import { BenchError } from '../errors.js';
import type { Command, HostId, Problem } from '../types.js';

/** Where something failed, for messages. */
export interface Place {
  readonly where: string;
  readonly host?: HostId;
}

type Detail = Pick<Problem, 'expected' | 'found' | 'hint'>;

/** A command or a file failed on a working connection. The stage is a default, which `atStage` replaces. */
export function localFailure(
  place: Place,
  stage: Problem['stage'],
  message: string,
  detail: Detail = {},
  options: { readonly cause?: unknown; readonly killed?: boolean } = {},
): BenchError {
  return new BenchError({ stage, ...host(place), message: `${message} on ${place.where}`, ...detail }, options);
}

/** The connection itself failed: stage `connect`. With `transport` the same call may succeed on a new connection. */
export function connectFailure(
  place: Place,
  message: string,
  detail: Detail & { readonly transport?: boolean; readonly cause?: unknown } = {},
): BenchError {
  const { transport = false, cause, ...rest } = detail;
  return new BenchError({ stage: 'connect', ...host(place), message, ...rest }, { transport, cause });
}

/** The connection ended while something was waiting for it. */
export function transportLost(place: Place, why: string): BenchError {
  return connectFailure(place, `the connection to ${place.where} was lost: ${printable(why)}`, { transport: true });
}

export function timedOut(place: Place, command: Command, timeoutMs: number): BenchError {
  return localFailure(place, 'launch', `${brief(command.argv)} ran longer than ${timeoutMs} ms and was ended`);
}

export function tooMuchOutput(place: Place, command: Command, maxBytes: number): BenchError {
  return localFailure(place, 'launch', `${brief(command.argv)} wrote too much`, {
    expected: `at most ${maxBytes} bytes on a stream`,
    found: 'more',
  });
}

/** `what`: the program does not exist or must not be run, or the directory to run it in cannot be entered. */
export function notStarted(
  place: Place,
  command: Command,
  what: 'program' | 'directory',
  found: string,
  cause?: unknown,
): BenchError {
  const subject =
    what === 'program' ? `cannot run ${brief([command.argv[0]])}` : `cannot enter ${brief([command.cwd ?? ''])}`;
  return localFailure(place, 'launch', subject, { found: printable(found) }, { cause });
}

/** A command that no executor could run, as `checkCommand` found it. */
export function impossible(place: Place, thrown: unknown): BenchError {
  return localFailure(
    place,
    'launch',
    thrown instanceof Error ? thrown.message : String(thrown),
    {},
    { cause: thrown },
  );
}

/** Text from elsewhere, safe for one line on a terminal: no control characters, no line breaks, bounded. */
export function printable(text: string, longest = 500): string {
  const line = text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' | ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return line.length <= longest ? line : `${line.slice(0, longest)}...`;
}

function brief(argv: readonly string[]): string {
  return printable(argv.map((word) => (/^[\w/:.,@%+=-]+$/.test(word) ? word : JSON.stringify(word))).join(' '), 120);
}

function host(place: Place): Pick<Problem, 'host'> {
  return place.host === undefined ? {} : { host: place.host };
}
