import { journalHost, type Described } from './described.js';
import { controlFacts, setControls, type ControlsInForce } from './controls.js';
import type { HostContext } from './host-context.js';
import type { HostSession } from './session.js';

/** Sets the controls of a host for the targets of the run. */
export function applySettings({ world, run, pending }: HostContext, { host }: HostSession): Promise<ControlsInForce> {
  const targets = run.stored.plan.targets.filter((target) => target.host === host.id);
  const pinned = [...new Set(targets.flatMap(({ shape }) => shape.cpus))].sort((a, b) => a - b);
  return setControls(world, host, { run: run.id, pinned, underWay: pending(host.id).length > 0 });
}

/** Writes into the journal what a host is like in its present boot, and shows controls that differ from the request. */
export async function describeHost(
  { world, run, notify }: HostContext,
  session: HostSession,
  described: Described,
): Promise<void> {
  const { id } = session.host;
  const boot = await journalHost(world, run, session, described);
  const findings = session.controls?.findings;
  if (findings === undefined) return;
  const entry = { at: world.now().toISOString(), event: 'facts', of: `controls of host ${id}` } as const;
  await run.journal({ ...entry, ...(boot === undefined ? {} : { boot }), facts: controlFacts(findings) });
  for (const { check, expected, found, verdict, hint } of findings) {
    if (verdict !== 'differs') continue;
    const why = hint === undefined ? '' : `; ${hint}`;
    notify({ kind: 'preparing', what: `host ${id}: ${check}: expected ${expected}, found ${found}${why}` });
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
