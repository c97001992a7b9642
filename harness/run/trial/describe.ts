import { gatherFacts } from '../../host/facts/index.js';
import { platformFacts } from '../../platforms/facts.js';
import type { OpenRun } from '../../store/index.js';
import type { Guest, TargetConfig } from '../../types.js';
import type { Attempt } from './attempt.js';
import type { World } from '../session/world.js';

/**
 * Writes into the journal what a guest of a target looks like from inside: once a process, before anything is measured
 * in it. Guests that are the host itself have the host's facts.
 */
export async function describeTarget(attempt: Attempt, guest: Guest): Promise<void> {
  const { described, target, platform, run, world } = attempt;
  if (described === undefined || described.has(target.id) || platform.boundary === 'none') return;
  described.add(target.id);
  const facts = await gatherFacts(guest.executor, guest.workDir);
  await run.journal({ at: world.now().toISOString(), event: 'facts', of: `target ${target.id}`, facts });
}

/** Writes into the journal what kind of system each platform of these targets is, from its driver. */
export async function describePlatforms(world: World, run: OpenRun, targets: readonly TargetConfig[]): Promise<void> {
  for (const id of new Set(targets.map(({ platform }) => platform))) {
    const platform = world.platforms.get(id);
    if (platform === undefined) continue;
    const facts = platformFacts(platform);
    await run.journal({ at: world.now().toISOString(), event: 'facts', of: `platform ${id}`, facts });
  }
}
