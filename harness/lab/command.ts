import { basename } from 'node:path';
import { execa } from 'execa';
import { BenchError } from '../errors.js';

interface CommandOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
}

/** Runs a program of this machine and returns what it printed; a program that is missing or fails is a `BenchError`. */
export async function command(argv: readonly [string, ...string[]], options: CommandOptions = {}): Promise<string> {
  const [file, ...args] = argv;
  const child = execa(file, args, {
    reject: false,
    stripFinalNewline: false,
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    env: { ...options.env, LC_ALL: 'C.UTF-8' },
  });
  const { onErrorLine } = options;
  if (onErrorLine !== undefined) {
    for await (const line of child.iterable({ from: 'stderr' })) onErrorLine(line);
  }
  const result = await child;
  if (result.failed) {
    const stderr = result.stderr.trim().split('\n').slice(-5).join(' / ');
    throw new BenchError({
      stage: 'prepare',
      message: `${shortened(argv)} failed on this machine`,
      expected: 'exit code 0',
      found:
        stderr === '' ? (result.shortMessage ?? 'no message') : `${stderr} (exit code ${result.exitCode ?? 'none'})`,
      ...hintFor(file, result.code, stderr),
    });
  }
  return result.stdout;
}

/** The program and how it was called, as far as a line can hold it. */
function shortened([file, ...args]: readonly [string, ...string[]]): string {
  const text = [basename(file), ...args].join(' ');
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function hintFor(file: string, code: string | undefined, stderr: string): { readonly hint?: string } {
  if (code === 'ENOENT') return { hint: `install the program ${file}` };
  if (!/Operation not permitted|Permission denied/.test(stderr)) return {};
  return {
    hint: 'this root lacks rights of its machine, as in a container: run it on the machine itself, or --privileged',
  };
}
