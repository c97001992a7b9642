import type { Writable } from 'node:stream';
import process from 'node:process';
import { describeProblem, BenchError, EXIT, messageOf } from '../errors.js';
import type { Problem } from '../types.js';

export type Tone = 'good' | 'bad' | 'quiet';

/** All output of the CLI: results go to stdout, everything else to stderr. */
export interface Printer {
  /** Whether stderr is a terminal: only then `live` shows a line. */
  readonly watched: boolean;
  /** The width of the terminal of stderr; 80 where it is none. */
  columns(): number;
  /** Text for stdout, unchanged. It must not hold output of a host. */
  out(text: string): void;
  /** Output of a host for stdout: unchanged in a pipe or file, with control characters escaped on a terminal. */
  raw(bytes: Uint8Array): void;
  /** A line for stderr. */
  line(text: string, tone?: Tone): void;
  /** Replaces the line at the bottom of a terminal. Does nothing elsewhere. */
  live(text: string): void;
  /** `bench: ...` on stderr, with a stack trace if `verbose` is set. */
  problem(error: unknown): void;
}

/** A stream, and whether it is a terminal. */
export interface Outlet extends Pick<Writable, 'write' | 'on'> {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface PrinterOptions {
  readonly stdout: Outlet;
  readonly stderr: Outlet;
  readonly verbose: boolean;
  /** False when NO_COLOR (no-color.org) is set or the terminal is dumb. */
  readonly color: boolean;
}

const CLEAR_LINE = '\r\u001b[2K';
const TONES: Readonly<Record<Tone, string>> = { good: '32', bad: '31', quiet: '2' };

export function makePrinter({ stdout, stderr, verbose, color }: PrinterOptions): Printer {
  const onTerminal = stderr.isTTY === true;
  const toStderr = quietly(stderr);
  const toStdout = quietly(stdout, (error) => {
    printer.problem(new Error(`cannot write to stdout: ${error.message}`, { cause: error }));
    // The result is not written, so the verb has failed.
    process.once('exit', (code) => {
      if (code === EXIT.done) process.exitCode = EXIT.failed;
    });
  });
  let live = '';

  /** Keeps the live line below what is written. */
  const above = (write: () => void): void => {
    if (live !== '') toStderr(CLEAR_LINE);
    write();
    if (live !== '') toStderr(live);
  };
  const line = (text: string, tone?: Tone): void => {
    const plain = harmless(text);
    const painted = tone === undefined || !color || !onTerminal ? plain : `\u001b[${TONES[tone]}m${plain}\u001b[0m`;
    above(() => toStderr(`${painted}\n`));
  };
  const printer: Printer = {
    watched: onTerminal,
    columns: () => stderr.columns ?? 80,
    line,
    out: (text) => above(() => toStdout(text)),
    raw: (bytes) => above(() => toStdout(stdout.isTTY === true ? harmless(new TextDecoder().decode(bytes)) : bytes)),
    live(text) {
      if (!onTerminal) return;
      // Cut to the width: a line that wraps cannot be cleared.
      const fitting = harmless(text)
        .replaceAll('\n', ' ')
        .slice(0, Math.max(0, (stderr.columns ?? 80) - 1));
      if (live !== '' || fitting !== '') toStderr(`${CLEAR_LINE}${fitting}`);
      live = fitting;
    },
    problem(error) {
      for (const each of describeError(error).split('\n')) line(`bench: ${each}`, 'bad');
      if (verbose) for (const each of traceOf(error)) line(each, 'quiet');
    },
  };
  return printer;
}

/**
 * Writes until the reader has closed the pipe: `bench report | head` is no failure, and a run continues without a reader.
 * `failed` gets the first other error, such as a full disk.
 */
function quietly(outlet: Outlet, failed?: (error: Error) => void): (chunk: string | Uint8Array) => void {
  let gone = false;
  outlet.on('error', (error: NodeJS.ErrnoException) => {
    if (!gone && error.code !== 'EPIPE') failed?.(error);
    gone = true;
  });
  return (chunk) => {
    if (!gone) outlet.write(chunk);
  };
}

/** Escapes control characters of terminals and of text direction: names and output of hosts may contain any. */
export function harmless(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** One line for each problem. Messages of stage `config` are clear without the stage. */
export function describeError(error: unknown): string {
  if (error instanceof BenchError) return describeForUser(error.problem);
  return messageOf(error);
}

export function describeForUser(problem: Problem): string {
  const text = describeProblem(problem);
  if (problem.stage !== 'config') return text;
  return text.replace(/(^|, )stage config: /, (_all, before: string) => (before === '' ? '' : ': '));
}

function traceOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').filter((each) => each.startsWith('    at '));
  const cause = error.cause instanceof Error ? [`  caused by ${error.cause.message}`, ...traceOf(error.cause)] : [];
  return [...own, ...cause];
}
