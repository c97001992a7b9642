import type { Command } from '../types.js';

/**
 * One word for a POSIX shell (XCU 2.2.2): between single quotes every character is itself, and a single quote is closed,
 * escaped and reopened. Words of harmless characters stay bare, so that command lines in logs can be read.
 * Throws a `RangeError` for what no argv can carry: a NUL byte, or text that is not well-formed Unicode.
 */
export function quote(word: string): string {
  checkWord(word);
  if (/^[A-Za-z0-9_/:.,@%+-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words of an argv, each quoted, with one space between. */
export function quoteArgv(argv: readonly string[]): string {
  return argv.map(quote).join(' ');
}

/**
 * The command line of one hop through a login shell (`sshd` runs `$SHELL -c LINE`). `exec` replaces that shell, so a
 * program that dies of a signal is reported as such and not as 128 + n. For a login shell that is no POSIX one see
 * `lineThrough`.
 */
export function commandLine(argv: readonly string[]): string {
  return `exec ${quoteArgv(argv)}`;
}

/** The longest command line that Linux accepts as one argument (MAX_ARG_STRLEN of execve(2)), with its closing NUL. */
export const LONGEST_LINE = 131_072;

/** Throws a `RangeError` if no executor can run this command. Every executor checks this first. */
export function checkCommand(command: Command): void {
  command.argv.forEach(checkWord);
  const program = command.argv[0];
  if (program === '' || program.startsWith('-')) {
    throw new RangeError(`a program's name must not be empty or begin with "-", found ${JSON.stringify(program)}`);
  }
  if (command.cwd !== undefined) checkAbsolute(command.cwd);
  for (const [name, value] of Object.entries(command.env ?? {})) {
    checkWord(value);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new RangeError(`not a name for an environment variable: ${JSON.stringify(name)}`);
    }
  }
  if (command.timeoutMs !== undefined && !(command.timeoutMs > 0 && command.timeoutMs < 2 ** 31)) {
    throw new RangeError(`a timeout must be between 0 and 2^31 ms, found ${command.timeoutMs}`);
  }
}

/** Throws a `RangeError` unless the path is absolute and can be an argument. */
export function checkAbsolute(path: string): void {
  checkWord(path);
  if (!path.startsWith('/')) throw new RangeError(`expected an absolute path, found ${JSON.stringify(path)}`);
}

function checkWord(word: string): void {
  if (word.includes('\0')) throw new RangeError(`an argument cannot hold a NUL byte: ${JSON.stringify(word)}`);
  if (/\p{Cs}/u.test(word)) throw new RangeError(`an argument must be well-formed Unicode: ${JSON.stringify(word)}`);
}
