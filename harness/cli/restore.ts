import { EXIT, describeProblem } from '../errors.js';
import { restoreHosts, type HostRestored } from '../run/restore.js';
import type { HostConfig } from '../types.js';
import type { Config } from '../config/load.js';
import { describeFindings } from './check-text.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { readHosts, chosenTargets, type TargetChoice } from './plan-request.js';
import { byId } from './select.js';
import { makeWorld } from './world.js';

export interface RestoreOptions extends TargetChoice {
  readonly host: readonly string[];
  readonly breakLock: boolean;
  readonly json: boolean;
}

/** `bench restore`: 0 when hosts are as they were, 1 when a setting is not restored, 3 when a host cannot be reached. */
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

/** The named hosts and the hosts of the named targets; every host of the file if none is named. */
function hostsOf(options: RestoreOptions, config: Config): readonly HostConfig[] {
  const named = options.host.map((id) => byId('host', id, config.hosts.values()));
  if (options.target.length === 0) return named.length > 0 ? named : [...config.hosts.values()];
  const targets = chosenTargets(options, config);
  const hosts = targets.flatMap(({ host }) => config.hosts.get(host) ?? []);
  return [...new Set([...named, ...hosts])];
}

function describe(result: HostRestored): string {
  if ('problem' in result) {
    return alignColumns([[`host ${result.host}: cannot be restored: ${describeProblem(result.problem)}`]]);
  }
  const { journal, findings } = result.restored;
  const notices = alignColumns(result.notices.map((what) => [what]));
  if (journal === undefined) return `${notices}${alignColumns([[`host ${result.host}: nothing to restore`]])}`;
  const whose = `settings of run ${journal.run} of ${journal.who}, since ${journal.since}`;
  return `${notices}${alignColumns([[`host ${result.host}: ${whose}`]])}${describeFindings(findings)}`;
}
