import { loadConfig } from '../../harness/config/load.js';
import { connect } from '../../harness/connect/index.js';
import type { Host, HostConfig, TargetConfig } from '../../harness/types.js';
import type { Bed } from './conformance.js';
import { print } from './inside.js';

/** The hosts file of machines that can start what this one cannot: see docs/lab.md. */
export const HOSTS = 'BENCH_TEST_HOSTS';
/** Of its targets, the one to be tried, whose boot the host is in. Default: the first of each platform. */
const TARGET = 'BENCH_TEST_TARGET';

/** A target of such a file, and the host that can start it. */
export interface Hosted {
  readonly target: TargetConfig;
  readonly host: HostConfig;
}

/** The targets to be tried, one of each platform; none where no file is named. */
export async function hostedTargets(env = process.env): Promise<readonly Hosted[]> {
  const { [HOSTS]: path, [TARGET]: only } = env;
  if (path === undefined) return [];
  const { hosts, targets } = await loadConfig(path);
  const all = [...targets.values()].flatMap((target) => {
    const host = hosts.get(target.host);
    return host === undefined || (only !== undefined && target.id !== only) ? [] : [{ target, host }];
  });
  if (only !== undefined && all.length === 0) throw new Error(`${path} has no target ${only}`);
  return all.filter(({ target }, index) => all.findIndex((each) => each.target.platform === target.platform) === index);
}

/** The host of a target of containers, with a new work directory, and what guests there get. */
export async function hostedPlace({ target, host: config }: Hosted): Promise<{
  readonly host: Host;
  readonly place: Pick<Bed, 'options' | 'cpu'>;
  readonly close: () => Promise<void>;
}> {
  const executor = await connect(config);
  const workDir = await print(executor, ['mktemp', '-d', '/var/lib/bench-conform-XXXXXX']);
  return {
    host: { id: config.id, config, executor, workDir },
    place: { options: target.options, cpu: target.shape.cpus.at(-1) ?? 0 },
    close: () => executor.close(),
  };
}
