import { BenchError } from '../../errors.js';
import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { limitsOf, type Limit } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, TargetConfig } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { lxcConfig, lxcOptions, type LxcOptions } from './config.js';
import { ON_ANY_CPU } from '../container/executor.js';
import { settleLimits, versionIn } from '../container/groups.js';
import { ISOLATION } from '../container/isolation.js';
import { probeConditions } from '../container/probe.js';
import { INIT } from '../container/start.js';
import type { Condition } from '../guest/conditions.js';
import { GUEST_WORK_DIR, MARKER } from '../guest/names.js';
import { cleanup, guestExecutor, guestGroups, isRunning, readCpuTime, readLimits } from './control.js';
import { guestsOf, pathsOf, type GuestPaths } from './paths.js';

/** LXC containers from a configuration of the harness's own: the host's own LXC configuration is neither read nor changed. */
export const lxc: PlatformDriver<'lxc'> = {
  id: 'lxc',
  label: 'LXC container',
  boundary: 'container',
  kin: { family: 'VServer', same: false },
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: ISOLATION,
  },
  enforces: ['cpus', 'memory', 'weight', 'cap'],
  options: lxcOptions,
  packages: ['lxc'],

  probe: (host, target) => probe(host.executor, target),

  async start(host, spec) {
    const paths = pathsOf(host, spec.name);
    const options = optionsOf(lxcOptions, spec.target);
    requireAble('LXC', await probe(host.executor, spec.target));
    const view = await viewCgroups(host.executor, 'self');
    if (view === undefined) throw new BenchError({ stage: 'start', message: 'LXC cannot run here: no control groups' });
    await cleanup.end(host.executor, paths, 'start');
    await writeFiles(host.executor, paths, spec, options, view);
    await launch(host.executor, paths);
    await settleLimits(host.executor, await guestGroups(host.executor, paths, 'start'), spec.target.shape);
    return guestOf(host, spec, paths);
  },

  async attach(host, spec) {
    const paths = pathsOf(host, spec.name);
    const made = await printed(host.executor, ['test', '-f', paths.marker]);
    return made !== undefined && (await isRunning(host.executor, paths)) ? guestOf(host, spec, paths) : undefined;
  },

  cpuTime: (host, guest) => readCpuTime(host.executor, pathsOf(host, guest.name)),

  reap: (host, keep = []) => cleanup.reap(host.executor, guestsOf(host), keep),
};

function guestOf(host: Host, spec: GuestSpec, paths: GuestPaths): Guest {
  return {
    name: spec.name,
    executor: guestExecutor(host.executor, paths),
    workDir: GUEST_WORK_DIR,
    cpus: spec.target.shape.cpus,
    readBack: () => readLimits(host.executor, paths, spec.target.shape),
    stop: () => cleanup.end(host.executor, paths, 'stop'),
  };
}

const PROBE = `
if command -v lxc-start >/dev/null && command -v lxc-attach >/dev/null; then report lxc ''; else report lxc 'not installed'; fi
look_for_overlay
look_at_root "$1"
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  lxc: { expected: 'lxc-start and lxc-attach', hint: 'install the package lxc, or let `bench prepare` do it' },
};

async function probe(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const rootfs = target === undefined ? '' : optionsOf(lxcOptions, target).rootfs;
  return probeConditions(host, PROBE, CONDITIONS, [rootfs]);
}

/** The guest's directories and configuration. The marker comes first: a crash from then on leaves what `reap` removes. */
async function writeFiles(
  host: Executor,
  paths: GuestPaths,
  spec: GuestSpec,
  options: LxcOptions,
  view: CgroupView,
): Promise<void> {
  const versionOf = (controller: Limit['controller']) => versionIn(view, controller) ?? 1;
  const content = lxcConfig(paths, options, limitsOf(spec.target.shape, versionOf), versionOf);
  await host.put({ path: paths.marker, content: `${MARKER}\n` });
  await host.put({ path: paths.config, content });
  const made = await host.exec({ argv: ['mkdir', '-p', '--', paths.upper, paths.disk] });
  if (made.exit.kind === 'code' && made.exit.code === 0) return;
  throw new BenchError({ stage: 'start', message: `cannot make the guest's directories: ${made.stderr.trim()}` });
}

/** Standard streams closed: a guest that held the command's pipes would keep the connection's channel open. */
const LAUNCH = 'log=$1; shift; rm -f -- "$log"; exec "$@" </dev/null >/dev/null 2>&1';

async function launch(host: Executor, paths: GuestPaths): Promise<void> {
  const start = ['lxc-start', '-P', paths.guests, '-n', paths.name, '-o', paths.log, '-l', 'WARN', '-d', '--', ...INIT];
  const argv = ['sh', '-c', LAUNCH, 'sh', paths.log, ...ON_ANY_CPU, ...start] as const;
  const { exit } = await host.exec({ argv, timeoutMs: 60_000 });
  if (exit.kind === 'code' && exit.code === 0 && (await isRunning(host, paths))) return;
  const log = (await printed(host, ['tail', '-n', '40', '--', paths.log])) ?? '';
  throw new BenchError({
    stage: 'start',
    message: `lxc-start of ${paths.name} on ${host.where} failed: ${reasonIn(log)}`,
    hint: `the whole log is ${paths.log} on the host`,
  });
}

/** The errors at the end of a log of LXC's, without its time stamps and source lines: the first is the cause. */
export function reasonIn(log: string): string {
  const errors = log.split('\n').flatMap((line) => /^\S+ .*? ERROR +\S+ - \S+ - (.*)$/.exec(line)?.[1] ?? []);
  return errors.length === 0 ? 'it left no reason in its log' : errors.slice(0, 4).join('; ');
}
