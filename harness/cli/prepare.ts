import { EXIT } from '../errors.js';
import { prepareTargets } from '../run/prepare.js';
import type { Context } from './context.js';
import { INTERRUPTED } from './exit-code.js';
import { watchInterrupts } from './interrupt.js';
import { readHosts, chosenBenchmarks, chosenTargets, type BenchmarkChoice, type TargetChoice } from './plan-request.js';
import { watchProgress } from './progress/index.js';
import { allSuites } from './registries.js';
import { makeWorld } from './world.js';

export interface PrepareOptions extends TargetChoice, BenchmarkChoice {
  readonly breakLock: boolean;
  readonly intoRootfs: boolean;
}

/** `bench prepare`: makes targets ready for the named suites, or for all. 3 when a host or target is not ready. */
export async function prepare({ printer, process }: Context, options: PrepareOptions): Promise<number> {
  const named = options.suite.length + options.workload.length + options.exhibit.length > 0;
  const { suites, workloads } = named ? chosenBenchmarks(options) : { suites: allSuites, workloads: [] };
  const config = await readHosts(options.hosts);
  const targets = chosenTargets(options, config);
  const world = await makeWorld();
  const progress = watchProgress(printer, () => world.now().getTime());
  const { signal, stop } = watchInterrupts(process, printer);
  signal.addEventListener('abort', () => progress.show({ kind: 'interrupted' }));
  const { profile, breakLock, intoRootfs } = options;
  try {
    const request = { hosts: config.hosts, targets, suites, workloads, profile, breakLock, intoRootfs, signal };
    const ready = await prepareTargets(world, request, (event) => progress.show(event));
    if (signal.aborted) return INTERRUPTED;
    return ready ? EXIT.done : EXIT.unreachable;
  } finally {
    progress.stop();
    stop();
  }
}
