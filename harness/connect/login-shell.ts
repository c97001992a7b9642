import type { ExecResult } from '../types.js';
import { connectFailure, printable, type Place } from './failure.js';
import { LONGEST_LINE, quoteArgv } from './quote.js';

/**
 * How the login shell of a host reads a command line: as POSIX describes, or in another way (csh, tcsh, fish), and then a
 * line is handed to sh(1) in base64, without a character that any of them would change.
 */
export type LoginShell = 'posix' | 'other';

/** The command line that runs `line`, which is one for a POSIX shell, through a login shell. */
export function lineThrough(shell: LoginShell, line: string): string {
  return shell === 'posix' ? line : `exec sh -c 'eval "$(echo ${Buffer.from(line).toString('base64')} | base64 -d)"'`;
}

/** What only a POSIX shell passes on as it is: fish changes the backslashes, csh the line feed and the exclamation mark. */
const WORDS = ['bench-shell', 'a\\\\\n!b'] as const;
const LINE = `exec ${quoteArgv(['printf', '%s|', ...WORDS])}`;
const ANSWER = `${WORDS.join('|')}|`;

/**
 * Finds out how the login shell reads a line. Rejects with stage `connect` where it prints something of its own before a
 * command runs, which would be taken for the output of every command, or runs none.
 */
export async function findLoginShell(place: Place, run: (line: string) => Promise<ExecResult>): Promise<LoginShell> {
  const plain = await run(LINE);
  if (plain.stdout === ANSWER) return 'posix';
  const encoded = plain.stdout.endsWith(ANSWER) ? plain : await run(lineThrough('other', LINE));
  if (encoded.stdout === ANSWER) return 'other';
  if (encoded.stdout.endsWith(ANSWER)) throw talkative(place, encoded.stdout.slice(0, -ANSWER.length));
  const { exit, stdout, stderr } = encoded;
  const words = printable(`${stdout}\n${stderr}`, 200);
  throw connectFailure(place, `the login shell of ${place.where} does not run commands`, {
    expected: 'a shell with sh(1) and base64(1) in its PATH: sh, bash, zsh, csh, tcsh or fish',
    found: words === '' ? (exit.kind === 'code' ? `exit code ${exit.code}` : exit.signal) : words,
    hint: `see \`ssh ${place.where} true\`, and the shell of the user in /etc/passwd there`,
  });
}

function talkative(place: Place, printed: string): Error {
  return connectFailure(place, `the login shell of ${place.where} prints at start-up`, {
    expected: 'nothing before the output of a command',
    found: `"${printable(printed, 200)}"`,
    hint: 'let the start-up file there (~/.bashrc, ~/.zshenv, ~/.cshrc, config.fish) print only in interactive shells',
  });
}

/** Bytes of a line for a POSIX shell that fit through a login shell. */
export const longestLine = (shell: LoginShell): number =>
  shell === 'posix' ? LONGEST_LINE : (LONGEST_LINE - 64) * 0.75;
