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
import { guestsOf, placeFor, type Place } from './place.js';
import { probeHost } from './probe.js';

/**
 * Linux-VServer through util-vserver, the containers of Soltesz et al., on both kinds of its kernels: those with the
 * token bucket scheduler, and the later ones that leave limits to control groups. Written from transcripts of
 * 2.6.22.19-vs2.3.0.33 and 4.9.154-vs2.3.9.8 with one CPU; where those are silent, from util-vserver's own help and
 * configuration.html. No live kernel has run it.
 */
export const vserver: PlatformDriver<'vserver'> = {
  id: 'vserver',
  label: 'Linux-VServer',
  boundary: 'container',
  kin: { family: 'VServer', same: true },
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
  // No current Debian has util-vserver; the probe says what is missing.
  packages: [],

  probe: (host, target) => probeHost(host.executor, target),

  async start(host, spec) {
    const place = placeFor(host, spec.name);
    const options = optionsOf(vserverOptions, spec.target);
    requireAble('Linux-VServer', await probeHost(host.executor, spec.target));
    await manage(host.executor, ['end', place.guests, place.name], 'start');
    const { rootfs, device, addresses } = options;
    const made = await manage(
      host.executor,
      ['make', place.guests, place.name, rootfs, device ?? '', ...addresses],
      'start',
    );
    const context = contextIn(made, place);
    await configure(host.executor, place, spec);
    await launch(host.executor, place);
    await setBucket(host.executor, context, spec.target.shape);
    return guestOf(host, spec, place, context);
  },

  async attach(host, spec) {
    const place = placeFor(host, spec.name);
    const context = await printed(host.executor, ['cat', place.context]);
    if (context === undefined || (await printed(host.executor, ['test', '-f', place.marker])) === undefined) {
      return undefined;
    }
    const runs = await isRunning(host.executor, place);
    return runs ? guestOf(host, spec, place, contextIn(context, place)) : undefined;
  },

  async cpuTime(host, guest) {
    const place = placeFor(host, guest.name);
    const context = contextIn((await printed(host.executor, ['cat', place.context])) ?? '', place);
    return readCpuTime(host.executor, place, context);
  },

  reap: async (host, keep = []) => namesIn(await manage(host.executor, ['reap', guestsOf(host), ...keep], 'stop')),
};

function guestOf(host: Host, spec: GuestSpec, place: Place, context: number): Guest {
  const { shape } = spec.target;
  return {
    name: spec.name,
    executor: enteredGuest(host.executor, entranceOf(host.executor, place)),
    workDir: GUEST_WORK_DIR,
    cpus: shape.cpus,
    readBack: () => readLimits(host.executor, place, context, shape),
    async stop() {
      await manage(host.executor, ['end', place.guests, place.name], 'stop');
    },
  };
}

function contextIn(text: string, { name }: Place): number {
  const context = /^(\d{1,5})$/m.exec(text.trim())?.[1];
  if (context !== undefined) return Number(context);
  throw new BenchError({ stage: 'start', message: `the context of ${name} is not known` });
}

/** The limits of this start instead of those of an earlier one. */
async function configure(host: Executor, place: Place, spec: GuestSpec): Promise<void> {
  const { config } = place;
  const cleared = await host.exec({
    argv: ['rm', '-rf', '--', `${config}/cgroup`, `${config}/cpuset`, `${config}/sched`],
  });
  if (cleared.exit.kind !== 'code' || cleared.exit.code !== 0) {
    throw new BenchError({ stage: 'start', message: `cannot write ${config}: ${cleared.stderr.trim()}` });
  }
  for (const file of startFiles(place, spec.target.shape, await viewMounts(host))) await host.put(file);
}

/** The guest's first process inherits all three streams: a connection that waits for their end would wait for ever. */
const LAUNCH = 'log=$1 name=$2; exec vserver "$name" start </dev/null >"$log" 2>&1';

async function launch(host: Executor, place: Place): Promise<void> {
  const { exit } = await host.exec({ argv: ['sh', '-c', LAUNCH, 'sh', place.log, place.name], timeoutMs: 120_000 });
  if (exit.kind === 'code' && exit.code === 0 && (await isRunning(host, place))) return;
  const log = (await printed(host, ['head', '-n', '3', '--', place.log])) ?? '';
  throw new BenchError({
    stage: 'start',
    message: `vserver ${place.name} start on ${host.where} failed: ${log.trim().replaceAll(/\s+/g, ' ')}`,
    hint: `the whole log is ${place.log} on the host`,
  });
}

/** Runs `vserver/guests.sh`: its usage describes the actions. Rejects with its reason. */
async function manage(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const own = await scriptAt(new URL('./guests.sh', import.meta.url));
  const script = await guestsScript(await claimsScript(), own);
  return runScript(host, script, argv, { stage, message: `guests of Linux-VServer on ${host.where}` });
}
