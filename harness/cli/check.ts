import { EXIT } from '../errors.js';
import { checkTargets } from '../run/check.js';
import { describeChecks } from './check-text.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { readHosts, chosenTargets, type TargetChoice } from './plan-request.js';
import { makeWorld } from './world.js';

export interface CheckOptions extends TargetChoice {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `bench check`: the verdict on each target, and facts of the hosts. 1 when a finding differs, 3 when a host cannot be used. */
export async function check({ printer }: Context, options: CheckOptions): Promise<number> {
  const config = await readHosts(options.hosts);
  const targets = chosenTargets(options, config);
  const checks = await checkTargets(await makeWorld(), { hosts: config.hosts, targets });
  printer.out(options.json ? jsonText(checks) : describeChecks(checks, options));
  if (checks.some(({ problem, workDir }) => problem !== undefined || workDir !== undefined)) return EXIT.unreachable;
  const findings = checks.flatMap((each) => each.targets.flatMap((target) => target.findings));
  return findings.some(({ verdict }) => verdict === 'differs') ? EXIT.failed : EXIT.done;
}
