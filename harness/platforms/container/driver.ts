import { BenchError } from '../../errors.js';
import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import type { Limit } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, Stage, TargetConfig } from '../../types.js';
import type { PlatformDriver } from '../driver.js';
import { guestExecutor } from './executor.js';
import { cutAtGuest, noGroups, readCpuTime, readLimits, settleLimits, versionIn } from './groups.js';
import { optionsOf } from './options.js';
import { GUEST_WORK_DIR, guestsOf, MARKER, placeFor, type Place } from './place.js';
import { probeConditions } from './probe.js';
import { lastLines, runScript, scriptAt } from './script.js';
import type { ContainerTool } from './tool.js';

interface Running {
  readonly pid: number;
  /** The groups that its first process is in. */
  readonly own: CgroupView;
  /** The guest's groups, of which the former may be further down. */
  readonly view: CgroupView;
}

/** The driver of a container tool: what all of them have in common is here, what tells them apart in the tool. */
export function containerDriver<Options, Id extends string>(tool: ContainerTool<Options, Id>): PlatformDriver<Id> {
  const { id, label, traits, packages, options } = tool;

  const probe = (host: Executor, target?: TargetConfig): Promise<readonly Finding[]> => {
    const asked = target === undefined ? undefined : optionsOf(options, target);
    const { script, conditions } = tool.probe;
    return probeConditions(host, script, conditions, tool.probe.argv(asked));
  };

  const find = async (host: Executor, place: Place): Promise<Running | undefined> => {
    const pid = await tool.pidOf(host, place);
    const own = pid === undefined ? undefined : await viewCgroups(host, pid);
    const view = own === undefined ? undefined : cutAtGuest(own, place.group);
    return pid === undefined || own === undefined || view === undefined ? undefined : { pid, own, view };
  };

  const mustFind = async (host: Executor, place: Place, stage: Stage): Promise<Running> => {
    const running = await find(host, place);
    if (running === undefined) throw noGroups(host, place.name, stage);
    return running;
  };

  const cleanUp = async (host: Executor, argv: readonly string[], stage: Stage): Promise<string> => {
    const script = `${tool.cleanup}\n${await scriptAt(new URL('./cleanup.sh', import.meta.url))}`;
    const message = `cannot clean up guests of ${id} on ${host.where}`;
    const hint = 'try again when the cause is mended; processes in uninterruptible sleep need a reboot of the host';
    return runScript(host, script, argv, { stage, message, hint });
  };

  const guestOf = (host: Host, spec: GuestSpec, place: Place, { pid, own }: Running): Guest => ({
    name: spec.name,
    executor: guestExecutor(host.executor, {
      where: `${host.executor.where} ${id}:${place.name}`,
      name: place.name,
      enter: tool.enter(place, pid, own),
      log: place.log,
      isRunning: async () => (await find(host.executor, place)) !== undefined,
    }),
    workDir: GUEST_WORK_DIR,
    cpus: spec.target.shape.cpus,
    async readBack() {
      const now = await mustFind(host.executor, place, 'verify');
      return readLimits(host.executor, now.view, spec.target.shape);
    },
    async stop() {
      await cleanUp(host.executor, ['end', place.guests, place.group, place.name], 'stop');
    },
  });

  return {
    id,
    label,
    boundary: 'container',
    kin: { family: 'VServer', same: false },
    traits,
    enforces: ['cpus', 'memory', 'weight', 'cap'],
    options,
    packages,
    probe: (host, target) => probe(host.executor, target),

    async start(host, spec) {
      const { executor } = host;
      const place = placeFor(host, id, spec.name);
      const asked = optionsOf(options, spec.target);
      requireAble(label, await probe(executor, spec.target));
      await cleanUp(executor, ['end', place.guests, place.group, place.name], 'start');
      await lay(executor, place);
      const own = await viewCgroups(executor, 'self');
      const { shape } = spec.target;
      const versionOf = (controller: Limit['controller']) => versionIn(own, controller) ?? 1;
      await tool.start(executor, { place, options: asked, shape, versionOf });
      const running = await find(executor, place);
      if (running === undefined) throw await endedAtOnce(executor, id, place);
      await settleLimits(executor, running.view, shape);
      return guestOf(host, spec, place, running);
    },

    async attach(host, spec) {
      const place = placeFor(host, id, spec.name);
      if ((await printed(host.executor, ['test', '-f', place.marker])) === undefined) return undefined;
      const running = await find(host.executor, place);
      return running === undefined ? undefined : guestOf(host, spec, place, running);
    },

    async cpuTime(host, guest) {
      const place = placeFor(host, id, guest.name);
      const { view } = await mustFind(host.executor, place, 'measure');
      return readCpuTime(host.executor, view, place.name);
    },

    async reap(host, keep = []) {
      const { guests, group } = guestsOf(host, id);
      const removed = await cleanUp(host.executor, ['reap', guests, group, ...keep], 'stop');
      return removed.split('\n').filter((name) => name !== '');
    },
  };
}

/** Throws the first reason why a guest of this target cannot start here. */
function requireAble(label: string, findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const advice = hint === undefined ? {} : { hint };
  throw new BenchError({ stage: 'start', message: `${label} cannot run here: ${check}`, expected, found, ...advice });
}

/** The guest's directories. The marker comes first: a crash from then on leaves what `reap` removes. */
async function lay(host: Executor, place: Place): Promise<void> {
  await host.put({ path: place.marker, content: `${MARKER}\n` });
  const made = await host.exec({ argv: ['mkdir', '-p', '--', place.disk] });
  if (made.exit.kind === 'code' && made.exit.code === 0) return;
  throw new BenchError({ stage: 'start', message: `cannot make the guest's directories: ${made.stderr.trim()}` });
}

async function endedAtOnce(host: Executor, id: string, place: Place): Promise<BenchError> {
  const log = (await printed(host, ['tail', '-n', '20', '--', place.log])) ?? '';
  const said = lastLines(log);
  const message = `the guest ${place.name} of ${id} on ${host.where} ended right after its start`;
  return new BenchError({ stage: 'start', message: said === '' ? message : `${message}: ${said}` });
}
