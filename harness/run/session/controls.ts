import { applyControls, type AppliedControls } from '../../host/controls/apply.js';
import { wantedControls } from '../../host/controls/wanted.js';
import type { Facts, Finding, Host, RunId } from '../../types.js';
import type { World } from './world.js';

/** The settings of a host for as long as a run uses it. */
export interface ControlsInForce {
  /** One for each control, as they were when they were set. */
  readonly findings: readonly Finding[];
  /**
   * To be called before each trial that is not under way already, with the host locked: sets again what reads otherwise
   * than it was set (the host was restarted, or somebody changed it), and drops the page cache where the hosts file asks
   * for that. Findings of what was done.
   */
  beforeTrial(): Promise<readonly Finding[]>;
  /**
   * To be called after a trial, once it does not disturb: what reads otherwise than it was set; one round trip. Of a trial
   * that was under way when they were set, also that they had to be.
   */
  drift(): Promise<readonly Finding[]>;
  /** Puts everything back; findings of what could not be. */
  restore(): Promise<readonly Finding[]>;
}

/**
 * Sets the controls of a host that this process has locked, for targets pinned to these CPUs. `underWay`: an earlier
 * process of the run left a trial there, which goes on.
 */
export async function setControls(
  world: World,
  host: Host,
  { underWay = false, ...options }: { readonly run: RunId; readonly pinned: readonly number[]; underWay?: boolean },
): Promise<ControlsInForce> {
  const wanted = wantedControls(host.config);
  const apply = (): Promise<AppliedControls> =>
    applyControls(host, wanted, { ...options, who: world.operator.who, since: world.now().toISOString() });
  let applied = await apply();
  let lapsed = underWay && applied.wrote;
  return {
    findings: applied.findings,
    async beforeTrial() {
      const again = (await applied.drift()).length > 0;
      if (again) applied = await apply();
      lapsed = false;
      const dropped = await applied.beforeTrial();
      return again ? [...applied.findings, ...dropped] : dropped;
    },
    async drift() {
      const found = await applied.drift();
      return lapsed ? [LAPSED, ...found] : found;
    },
    restore: () => applied.restore(),
  };
}

const LAPSED: Finding = {
  check: 'controls of the host',
  expected: 'in force since the trial began',
  found: 'other settings when its run went on',
  verdict: 'differs',
};

/** Findings as facts for the journal of a run: by control, what was found, and the verdict where it is not `ok`. */
export function controlFacts(findings: readonly Finding[]): Facts {
  return Object.fromEntries(
    findings.map(({ check, expected, found, verdict, hint }) => {
      const name = check.replace(/^control /, '');
      return [name, { expected, found, verdict, ...(hint === undefined ? {} : { hint }) }];
    }),
  );
}
