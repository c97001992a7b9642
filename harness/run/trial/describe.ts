import { gatherFacts } from '../../host/facts/index.js';
import { platformFacts } from '../../platforms/facts.js';
import type { OpenRun } from '../../store/index.js';
import type { Guest, TargetConfig } from '../../types.js';
import { journalHost, subjectIn } from '../session/described.js';
import type { Attempt } from './attempt.js';
import type { World } from '../session/world.js';

/**
 * Writes into the journal what the host of an attempt, and the guest of its target from inside, are like: once in each
 * boot of the host, before anything is measured in it. Guests that are the host itself have the host's facts.
 */
export async function describeInBoot(attempt: Attempt, guest: Guest): Promise<void> {
  const { described, session, target, platform, run, world, boot } = attempt;
  if (described === undefined) return;
  // The host was described when it was opened; since then it may have been restarted by somebody else.
  const isNew = boot !== undefined && !described.has(subjectIn(`host ${session.host.id}`, boot));
  if (isNew) await journalHost(world, run, session, described);
  const subject = subjectIn(`target ${target.id}`, boot);
  if (described.has(subject) || platform.boundary === 'none') return;
  described.add(subject);
  const facts = await gatherFacts(guest.executor, guest.workDir);
  const at = world.now().toISOString();
  await run.journal({ at, event: 'facts', of: `target ${target.id}`, ...(boot === undefined ? {} : { boot }), facts });
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
