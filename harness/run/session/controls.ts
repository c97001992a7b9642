import { applyControls, type AppliedControls } from '../../host/controls/apply.js';
import { wantedControls } from '../../host/controls/wanted.js';
import type { Facts, Finding, Host, RunId } from '../../types.js';
import type { World } from './world.js';

/** The settings of a host for as long as a run uses it. */
export interface ControlsInForce {
  /** One for each control, as they were when they were set. */
  readonly findings: readonly Finding[];
  /**
   * Call it before each trial that is not under way already, with the host locked. Sets controls again that have changed
   * (the host was restarted, or somebody changed them), and drops the page cache if the hosts file requests it. Resolves
   * to findings on what had changed, what could not be set again, and the page cache.
   */
  beforeTrial(): Promise<readonly Finding[]>;
  /**
   * Call it after a trial has ended. Resolves to the controls that have changed, in one round trip; for a trial that was
   * under way when they were set, also to a finding on that.
   */
  drift(): Promise<readonly Finding[]>;
  /** Restores everything; resolves to findings on what could not be restored. */
  restore(): Promise<readonly Finding[]>;
}

/**
 * Sets the controls of a host that this process has locked, for targets pinned to these CPUs. `underWay`: a trial of an
 * earlier process of the run is still running there.
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
      const drifted = await applied.drift();
      if (drifted.length > 0) applied = await apply();
      lapsed = false;
      const again = drifted.map((finding) => ({ ...finding, hint: 'it is set again' }));
      const without = drifted.length > 0 ? applied.findings.filter(({ verdict }) => verdict === 'differs') : [];
      return [...again, ...without, ...(await applied.beforeTrial())];
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
  found: 'other settings when the run was resumed',
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
