import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLoginShell, lineThrough } from '../../harness/connect/login-shell.js';
import { commandLine } from '../../harness/connect/quote.js';
import type { ExecResult } from '../../harness/types.js';

const place = { where: 'ada@alpha', host: 'alpha' };
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What sshd does: the login shell with `-c` and the line; before it, what the start-up file would do. */
function through(shell: string, startUp = '') {
  return (line: string): Promise<ExecResult> => {
    const argv = startUp === '' ? [shell, '-c', line] : ['sh', '-c', `${startUp}; exec "$@"`, 'sh', shell, '-c', line];
    const { stdout, stderr, status, signal } = spawnSync(argv[0] ?? '', argv.slice(1));
    const exit: ExecResult['exit'] =
      status === null ? { kind: 'signal', signal: signal ?? '' } : { kind: 'code', code: status };
    return Promise.resolve({
      exit,
      stdout: stdout.toString(),
      stderr: stderr.toString(),
      stdoutBytes: stdout,
      durationMs: 1,
    });
  };
}

describe.each([
  ['sh', 'posix'],
  ['bash', 'posix'],
  ['zsh', 'posix'],
  ['tcsh', 'other'],
  ['fish', 'other'],
] as const)('a login shell', (shell, kind) => {
  const title = `${shell}${has(shell) ? '' : ` (skipped: there is no ${shell})`}`;
  describe.skipIf(!has(shell))(title, () => {
    it(`is ${kind}`, async () => {
      expect(await findLoginShell(place, through(shell))).toBe(kind);
    });

    it('gets every argument through as it is', async () => {
      const word = fc.oneof(fc.string(), fc.constantFrom("'", '\\', '!x', '\n', '$HOME `id` "', '%^&*~{}[]'));
      await fc.assert(
        fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
          const clean = words.map((text) => text.replaceAll('\0', ''));
          const line = lineThrough(kind, commandLine(['printf', '%s|', ...clean, '.']));
          expect((await through(shell)(line)).stdout).toBe([...clean, '.', ''].join('|'));
        }),
        { numRuns: 15 },
      );
    });

    it('is replaced by the program: its signal is seen', async () => {
      const line = lineThrough(kind, commandLine(['sh', '-c', 'kill -TERM $$']));
      expect((await through(shell)(line)).exit).toEqual({ kind: 'signal', signal: 'SIGTERM' });
    });

    it('is named when it prints at start-up, with what it prints', async () => {
      await expect(
        findLoginShell(place, through(shell, "printf 'Welcome\\033[2J to\\nalpha\\n'")),
      ).rejects.toMatchObject({
        problem: {
          stage: 'connect',
          host: 'alpha',
          message: 'the login shell of ada@alpha prints at start-up',
          expected: 'nothing before the output of a command',
          found: '"Welcome\\u{1b}[2J to | alpha"',
          hint: expect.stringContaining('only in interactive shells') as string,
        },
      });
    });
  });
});

it('is named when it runs no commands', async () => {
  const nologin = (): Promise<ExecResult> => through('sh')('echo "This account is currently not available."; exit 1');
  await expect(findLoginShell(place, nologin)).rejects.toThrow(
    /stage connect: the login shell of ada@alpha does not run commands.*found This account is currently not available/,
  );
});
