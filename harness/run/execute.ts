import { keepOff } from '../host/affinity.js';
import { gatherOrchestratorFacts } from '../host/orchestrator.js';
import { sharedWithBench } from '../host/shared-machine.js';
import type { PlannedTrial } from '../types.js';
import { openRunState, type ExecuteOptions, type RunState } from './run-state.js';
import { runTrial, skipIfPrecise } from './run-trial.js';
import type { RunEvent } from './session/events.js';
import type { World } from './session/world.js';
import { describePlatforms } from './trial/describe.js';

/**
 * Executes a plan trial by trial, and notifies of what happens. A record is on the disk before its event. When a host is
 * lost or cannot be prepared, only that host's trials are skipped. When the signal aborts, the current trial is stopped,
 * guests are removed, locks released, and the run can be resumed.
 */
export async function execute(world: World, options: ExecuteOptions, notify: (event: RunEvent) => void): Promise<void> {
  const state = await openRunState(world, options, notify);
  const { run, left, hosts, outcomes, pace } = state;
  const trials = run.stored.plan.trials.length;
  const done = trials - left.todo.length;
  const rest = pace.expected(left.todo);
  notify({ kind: 'opened', run: run.id, directory: run.directory, trials, done, rest });
  try {
    await prepareOrchestrator(state);
    const todo = pendingFirst(state);
    for (const [index, trial] of todo.entries()) {
      if (options.signal.aborted) break;
      if (await skipIfPrecise(state, trial)) continue;
      await runTrial(state, trial, todo.slice(index));
      await betweenTrials(state, trial, todo[index + 1]);
    }
    notify({ kind: 'step', what: 'removing guests, restoring settings, releasing locks' });
    await hosts.closeAll();
    await run.journal({ at: world.now().toISOString(), event: 'closed', by: world.operator.who });
  } finally {
    // Also after an error (a full disk): locks and guests must not stay behind.
    await hosts.closeAll();
    await run.close();
  }
  notify({ kind: 'closed', run: run.id, trials, ...outcomes.tally(), interrupted: options.signal.aborted });
}

async function betweenTrials({ options, run }: RunState, ended: PlannedTrial, next?: PlannedTrial): Promise<void> {
  if (next === undefined || options.signal.aborted) return;
  await options.betweenTrials?.(run.id, { blockEnded: next.block !== ended.block });
}

/** Trials that an earlier process launched come first: they may be measuring right now. */
function pendingFirst({ left }: RunState): readonly PlannedTrial[] {
  const isPending = ({ id }: PlannedTrial): boolean => left.launched.has(id);
  return [...left.todo.filter(isPending), ...left.todo.filter((trial) => !isPending(trial))];
}

/** Keeps this process off the CPUs under test, where it runs on a host, and writes its machine into the journal. */
async function prepareOrchestrator({ world, options, run, notify }: RunState): Promise<void> {
  const shared = run.stored.plan.targets.filter(({ host }) => {
    const config = options.hosts.get(host);
    return config !== undefined && sharedWithBench(config) === 'kernel';
  });
  if (shared.length > 0) {
    const cpus = [...new Set(shared.flatMap((target) => target.shape.cpus))];
    notify({ kind: 'preparing', what: await keepOff(cpus) });
  }
  notify({ kind: 'step', what: 'reading facts of this machine' });
  const facts = await gatherOrchestratorFacts();
  await run.journal({ at: world.now().toISOString(), event: 'facts', of: 'orchestrator', facts });
  await describePlatforms(world, run, run.stored.plan.targets);
}
