import { gatherFacts } from '../../host/facts/index.js';
import type { Finding, HostId } from '../../types.js';
import { controlFacts, setControls, type ControlsInForce } from './controls.js';
import type { HostContext } from './host-context.js';
import type { HostSession } from './session.js';

/** Sets the controls of a host for the targets of the run. */
export function applySettings({ world, run, pending }: HostContext, { host }: HostSession): Promise<ControlsInForce> {
  const targets = run.stored.plan.targets.filter((target) => target.host === host.id);
  const pinned = [...new Set(targets.flatMap(({ shape }) => shape.cpus))].sort((a, b) => a - b);
  return setControls(world, host, { run: run.id, pinned, underWay: pending(host.id).length > 0 });
}

/** Writes into the journal what a host is like while it is measured, and shows controls that differ from the request. */
export async function describeHost(context: HostContext, session: HostSession): Promise<void> {
  const { id, workDir } = session.host;
  const facts = await gatherFacts(session.connection, workDir);
  await context.run.journal({ at: context.world.now().toISOString(), event: 'facts', of: `host ${id}`, facts });
  if (session.controls !== undefined) await describeControls(context, id, session.controls.findings);
}

async function describeControls({ world, run, notify }: HostContext, id: HostId, findings: readonly Finding[]) {
  const facts = controlFacts(findings);
  await run.journal({ at: world.now().toISOString(), event: 'facts', of: `controls of host ${id}`, facts });
  for (const { check, expected, found, verdict, hint } of findings) {
    if (verdict !== 'differs') continue;
    const why = hint === undefined ? '' : `; ${hint}`;
    notify({ kind: 'preparing', what: `host ${id}: ${check}: asked ${expected}, is ${found}${why}` });
  }
}

/** Restores what the controls changed, unless a pending trial still runs under them: the host has a journal of its own. */
export async function restoreSettings({ pending, notify }: HostContext, session: HostSession): Promise<void> {
  const { host, controls } = session;
  if (pending(host.id).length > 0) return;
  for (const { check, expected, found, hint } of (await controls?.restore()) ?? []) {
    const problem = { stage: 'stop', host: host.id, message: `not ${check}`, expected, found } as const;
    notify({ kind: 'problem', problem: hint === undefined ? problem : { ...problem, hint } });
  }
}
