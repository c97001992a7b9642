import { BenchError } from '../errors.js';
import type { Command, Executor } from '../types.js';

/**
 * What a command printed on stdout when it exited 0; `undefined` when it failed or its program does not exist. Rejects
 * only when the machine could not be asked: a lost connection, a guest that is gone.
 */
export async function printed(executor: Executor, argv: Command['argv'], stdin?: string): Promise<string | undefined> {
  try {
    const { exit, stdout } = await executor.exec({ argv, ...(stdin === undefined ? {} : { stdin }) });
    return exit.kind === 'code' && exit.code === 0 ? stdout : undefined;
  } catch (error) {
    if (error instanceof BenchError && !error.transport && error.problem.stage === 'launch') return undefined;
    throw error;
  }
}
