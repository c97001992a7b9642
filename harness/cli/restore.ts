import { EXIT, describeProblem } from '../errors.js';
import { restoreHosts, type HostRestored } from '../run/restore.js';
import type { HostConfig } from '../types.js';
import type { Config } from '../config/load.js';
import { describeFindings } from './check.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { readHosts, targetsOf, type TargetChoice } from './plan-request.js';
import { byId } from './select.js';
import { makeWorld } from './world.js';

export interface RestoreOptions extends TargetChoice {
  readonly host: readonly string[];
  readonly breakLock: boolean;
  readonly json: boolean;
}

/** `bench restore`: 0 when hosts are as they were, 1 when something could not be put back, 3 for a host out of reach. */
export async function restore({ printer }: Context, options: RestoreOptions): Promise<number> {
  const config = await readHosts(options.hosts);
  const results = await restoreHosts(await makeWorld(), {
    hosts: hostsOf(options, config),
    breakLock: options.breakLock,
  });
  if (options.json) printer.out(jsonText(results));
  else for (const result of results) printer.out(describe(result));
  if (results.some((result) => 'problem' in result)) return EXIT.unreachable;
  return results.some((result) => 'restored' in result && result.restored.left.length > 0) ? EXIT.failed : EXIT.done;
}

/** Those named, and those of the targets named; all of the file when none is. */
function hostsOf(options: RestoreOptions, config: Config): readonly HostConfig[] {
  const named = options.host.map((id) => byId('host', id, config.hosts.values()));
  if (options.target.length === 0) return named.length > 0 ? named : [...config.hosts.values()];
  const targets = targetsOf(options, config);
  const of = targets.flatMap(({ host }) => config.hosts.get(host) ?? []);
  return [...new Set([...named, ...of])];
}

function describe(result: HostRestored): string {
  if ('problem' in result) {
    return alignColumns([[`host ${result.host}: cannot be restored: ${describeProblem(result.problem)}`]]);
  }
  const { journal, findings } = result.restored;
  if (journal === undefined) return alignColumns([[`host ${result.host}: nothing to restore`]]);
  const whose = `settings of run ${journal.run} of ${journal.who}, since ${journal.since}`;
  return `${alignColumns([[`host ${result.host}: ${whose}`]])}${describeFindings(findings)}`;
}
