import { BenchError } from '../../errors.js';
import { viewCgroups } from '../../host/cgroup.js';
import type { Limit } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, TargetConfig } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { MARKER } from '../guest/names.js';
import { lastLines } from '../guest/script.js';
import { cleanupBy, type Cleanup } from './cleanup.js';
import { readCpuTime, settleLimits, versionIn } from './groups.js';
import { guestsOf, pathsOf, type GuestPaths } from './paths.js';
import { probeConditions } from './probe.js';
import { containerGuest, findRunning, groupsOf } from './running.js';
import type { ContainerTool } from './tool.js';

/** The driver of a container tool: what all of them share. What differs between them is in the tool. */
export function containerDriver<Options, Id extends string>(tool: ContainerTool<Options, Id>): PlatformDriver<Id> {
  const { id, label, traits, packages, options } = tool;
  const cleanup = cleanupBy(id, () => Promise.resolve(tool.cleanup));
  return {
    id,
    ...(tool.aliases === undefined ? {} : { aliases: tool.aliases }),
    label,
    boundary: 'container',
    kin: { family: 'VServer', same: false },
    traits,
    enforces: ['cpus', 'memory', 'weight', 'cap'],
    options,
    packages,
    ...(tool.units === undefined ? {} : { units: tool.units }),
    probe: (host, target) => probe(tool, host.executor, target),
    start: (host, spec) => start(tool, cleanup, host, spec),

    async attach(host, spec) {
      const paths = pathsOf(host, id, spec.name);
      if ((await printed(host.executor, ['test', '-f', paths.marker])) === undefined) return undefined;
      const running = await findRunning(tool, host.executor, paths);
      return running === undefined ? undefined : containerGuest(tool, cleanup, host, spec, paths, running);
    },

    async cpuTime({ executor, workDir }, guest) {
      const paths = pathsOf({ workDir }, id, guest.name);
      return readCpuTime(executor, await groupsOf(tool, executor, paths, 'measure'), paths.name);
    },

    reap: (host, keep = []) => cleanup.reap(host.executor, guestsOf(host, id), keep),
  };
}

function probe<Options>(
  tool: ContainerTool<Options>,
  host: Executor,
  target?: TargetConfig,
): Promise<readonly Finding[]> {
  const { script, conditions } = tool.probe;
  const options = target === undefined ? undefined : optionsOf(tool.options, target);
  return probeConditions(host, script, conditions, tool.probe.argv(options));
}

async function start<Options>(
  tool: ContainerTool<Options>,
  cleanup: Cleanup,
  host: Host,
  spec: GuestSpec,
): Promise<Guest> {
  const { executor } = host;
  const { shape } = spec.target;
  const paths = pathsOf(host, tool.id, spec.name);
  const options = optionsOf(tool.options, spec.target);
  requireAble(tool.label, await probe(tool, executor, spec.target));
  await cleanup.end(executor, paths, 'start');
  await makeDirectories(executor, paths);
  const own = await viewCgroups(executor, 'self');
  const versionOf = (controller: Limit['controller']) => versionIn(own, controller) ?? 1;
  await tool.start(executor, { paths, options, shape, versionOf });
  const running = await findRunning(tool, executor, paths);
  if (running === undefined) throw await endedAtOnce(executor, tool.id, paths);
  await settleLimits(executor, running.view, shape);
  return containerGuest(tool, cleanup, host, spec, paths, running);
}

/** The guest's directories. The marker comes first: a crash from then on leaves what `reap` removes. */
async function makeDirectories(host: Executor, paths: GuestPaths): Promise<void> {
  await host.put({ path: paths.marker, content: `${MARKER}\n` });
  const made = await host.exec({ argv: ['mkdir', '-p', '--', paths.disk] });
  if (made.exit.kind === 'code' && made.exit.code === 0) return;
  throw new BenchError({ stage: 'start', message: `cannot make the guest's directories: ${made.stderr.trim()}` });
}

async function endedAtOnce(host: Executor, id: string, paths: GuestPaths): Promise<BenchError> {
  const log = (await printed(host, ['tail', '-n', '20', '--', paths.log])) ?? '';
  const reason = lastLines(log);
  const message = `the guest ${paths.name} of ${id} on ${host.where} ended right after its start`;
  return new BenchError({ stage: 'start', message: reason === '' ? message : `${message}: ${reason}` });
}
