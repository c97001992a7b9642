import type { Problem } from './types.js';

/** Exit codes of the CLI, as the README documents them. */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/**
 * The one error of the harness: a `Problem` that becomes one line for the user. `transport` marks a lost connection,
 * after which the same call may succeed on a new one; `killed` a program of the harness that a signal ended, which is no
 * property of the system under test.
 */
export class BenchError extends Error {
  override readonly name = 'BenchError';
  readonly problem: Problem;
  readonly transport: boolean;
  readonly killed: boolean;

  constructor(problem: Problem, options: { transport?: boolean; killed?: boolean; cause?: unknown } = {}) {
    super(describeProblem(problem), { cause: options.cause });
    this.problem = problem;
    this.transport = options.transport ?? false;
    this.killed = options.killed ?? false;
  }

  /** The same error with another stage. */
  atStage(stage: Problem['stage']): BenchError {
    return this.with({ ...this.problem, stage });
  }

  /** The same error, with what an outer layer knows (host, target, suite) filled in where it is not set. */
  within(context: Partial<Problem>): BenchError {
    return this.with({ ...context, ...this.problem });
  }

  private with(problem: Problem): BenchError {
    return new BenchError(problem, { transport: this.transport, killed: this.killed, cause: this.cause });
  }
}

/** `host alpha, target lxc-up, suite lmbench, stage install: message (expected ..., found ...); hint`. */
export function describeProblem(problem: Problem): string {
  const place = [
    problem.host === undefined ? '' : `host ${problem.host}`,
    problem.target === undefined ? '' : `target ${problem.target}`,
    problem.suite === undefined ? '' : `suite ${problem.suite}`,
    `stage ${problem.stage}`,
  ].filter((part) => part !== '');
  const contrast = [
    problem.expected === undefined ? '' : `expected ${problem.expected}`,
    problem.found === undefined ? '' : `found ${problem.found}`,
  ].filter((part) => part !== '');
  const detail = contrast.length === 0 ? '' : ` (${contrast.join(', ')})`;
  const hint = problem.hint === undefined ? '' : `; ${problem.hint}`;
  return `${place.join(', ')}: ${problem.message}${detail}${hint}`;
}

/** The problem inside any thrown value; an unexpected one keeps its message and the stage at hand. */
export function problemOf(thrown: unknown, stage: Problem['stage']): Problem {
  if (thrown instanceof BenchError) return thrown.problem;
  return { stage, message: thrown instanceof Error ? thrown.message : String(thrown) };
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EEXIST: 'a file',
  EISDIR: 'a folder',
  ELOOP: 'a link that leads to itself',
  ENOENT: 'nothing',
  ENOSPC: 'a full disk',
  ENOTDIR: 'a file in the place of a folder',
  EROFS: 'a read-only file system',
};

/** The words of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was found where a file or folder was expected, in words; the message of an error that has no words here. */
export function foundInstead(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return FILE_ERRORS[code] ?? (error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error));
}
