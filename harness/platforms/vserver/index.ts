import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor, Guest, GuestSpec, Host, Stage } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { enteredGuest } from '../guest/entered.js';
import { GUEST_WORK_DIR } from '../guest/names.js';
import { claimsScript, guestsScript, namesIn, runScript, scriptAt } from '../guest/script.js';
import { readCpuTime } from './accounting.js';
import { entranceOf, isRunning } from './entrance.js';
import { readLimits, setBucket, startFiles, viewMounts } from './limits.js';
import { vserverOptions } from './options.js';
import { guestsOf, pathsOf, type GuestPaths } from './paths.js';
import { probeHost } from './probe.js';

/**
 * Linux-VServer through util-vserver, the containers of Soltesz et al., on both kinds of its kernels: those with the
 * token bucket scheduler, and the later ones that leave limits to control groups. Written from transcripts of
 * 2.6.22.19-vs2.3.0.33 and 4.9.154-vs2.3.9.8 with one CPU, and from util-vserver's own help and configuration.html. The
 * project's tests run it against a stand-in, not against a live kernel.
 */
export const vserver: PlatformDriver<'vserver'> = {
  id: 'vserver',
  aliases: ['vs-'],
  label: 'Linux-VServer',
  boundary: 'container',
  kin: { family: 'VServer', same: true },
  ownKernel: true,
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    // Table 1 of the paper gives these to containers by other systems' work; Linux-VServer has none of its own.
    checkpointResume: false,
    liveMigration: false,
    liveUpdate: false,
    isolation: {
      security: 'kernel objects',
      cpu: 'token buckets over the O(1) scheduler (caps, reservations, fair shares); on later kernels weights and quotas of control groups',
      memory: 'limits of the resident set per context; on later kernels control groups',
      io: 'the block scheduler of Linux (CFQ), and hierarchical token buckets (HTB) for the network',
    },
  },
  enforces: ['cpus', 'memory', 'weight', 'cap', 'reservation'],
  options: vserverOptions,
  // No current Debian has util-vserver; the probe reports what is missing.
  packages: [],

  probe: (host, target) => probeHost(host.executor, target),

  async start(host, spec) {
    const paths = pathsOf(host, spec.name);
    const options = optionsOf(vserverOptions, spec.target);
    requireAble('Linux-VServer', await probeHost(host.executor, spec.target));
    await manage(host.executor, ['end', paths.guests, paths.name], 'start');
    const { rootfs, device, addresses } = options;
    const made = await manage(
      host.executor,
      ['make', paths.guests, paths.name, rootfs, device ?? '', ...addresses],
      'start',
    );
    const context = contextIn(made, paths);
    await configure(host.executor, paths, spec);
    await launch(host.executor, paths);
    await setBucket(host.executor, context, spec.target.shape);
    return guestOf(host, spec, paths, context);
  },

  async attach(host, spec) {
    const paths = pathsOf(host, spec.name);
    const context = await printed(host.executor, ['cat', paths.context]);
    if (context === undefined || (await printed(host.executor, ['test', '-f', paths.marker])) === undefined) {
      return undefined;
    }
    const runs = await isRunning(host.executor, paths);
    return runs ? guestOf(host, spec, paths, contextIn(context, paths)) : undefined;
  },

  async cpuTime(host, guest) {
    const paths = pathsOf(host, guest.name);
    const context = contextIn((await printed(host.executor, ['cat', paths.context])) ?? '', paths);
    return readCpuTime(host.executor, paths, context);
  },

  reap: async (host, keep = []) => namesIn(await manage(host.executor, ['reap', guestsOf(host), ...keep], 'stop')),
};

function guestOf(host: Host, spec: GuestSpec, paths: GuestPaths, context: number): Guest {
  const { shape } = spec.target;
  return {
    name: spec.name,
    executor: enteredGuest(host.executor, entranceOf(host.executor, paths)),
    workDir: GUEST_WORK_DIR,
    cpus: shape.cpus,
    readBack: () => readLimits(host.executor, paths, context, shape),
    async stop() {
      await manage(host.executor, ['end', paths.guests, paths.name], 'stop');
    },
  };
}

function contextIn(text: string, { name }: GuestPaths): number {
  const context = /^(\d{1,5})$/m.exec(text.trim())?.[1];
  if (context !== undefined) return Number(context);
  throw new BenchError({ stage: 'start', message: `the context of ${name} is not known` });
}

/** The limits of this start instead of those of an earlier one. */
async function configure(host: Executor, paths: GuestPaths, spec: GuestSpec): Promise<void> {
  const { config } = paths;
  const cleared = await host.exec({
    argv: ['rm', '-rf', '--', `${config}/cgroup`, `${config}/cpuset`, `${config}/sched`],
  });
  if (cleared.exit.kind !== 'code' || cleared.exit.code !== 0) {
    throw new BenchError({ stage: 'start', message: `cannot write ${config}: ${cleared.stderr.trim()}` });
  }
  for (const file of startFiles(paths, spec.target.shape, await viewMounts(host))) await host.put(file);
}

/** The guest's first process inherits all three streams: a connection that waits for their end would never close. */
const LAUNCH = 'log=$1 name=$2; exec vserver "$name" start </dev/null >"$log" 2>&1';

async function launch(host: Executor, paths: GuestPaths): Promise<void> {
  const { exit } = await host.exec({ argv: ['sh', '-c', LAUNCH, 'sh', paths.log, paths.name], timeoutMs: 120_000 });
  if (exit.kind === 'code' && exit.code === 0 && (await isRunning(host, paths))) return;
  const log = (await printed(host, ['head', '-n', '3', '--', paths.log])) ?? '';
  throw new BenchError({
    stage: 'start',
    message: `vserver ${paths.name} start on ${host.where} failed: ${log.trim().replaceAll(/\s+/g, ' ')}`,
    hint: `the whole log is ${paths.log} on the host`,
  });
}

/** Runs `vserver/guests.sh`: its usage describes the actions. Rejects with its reason. */
async function manage(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const own = await scriptAt(new URL('./guests.sh', import.meta.url));
  const script = await guestsScript(await claimsScript(), own);
  return runScript(host, script, argv, { stage, message: `guests of Linux-VServer on ${host.where}` });
}
