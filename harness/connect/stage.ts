import { BenchError } from '../errors.js';
import type { Executor, Stage } from '../types.js';

/**
 * The same executor, whose errors carry the stage that the caller is in. A lost or refused connection keeps `connect`.
 */
export function atStage(executor: Executor, stage: Stage): Executor {
  const relabel = (thrown: unknown): never => {
    if (!(thrown instanceof BenchError) || thrown.problem.stage === 'connect') throw thrown;
    throw thrown.atStage(stage);
  };
  return {
    where: executor.where,
    exec: (command) => executor.exec(command).catch(relabel),
    put: (file) => executor.put(file).catch(relabel),
    get: (path, maxBytes) => executor.get(path, maxBytes).catch(relabel),
  };
}
