import { z } from 'zod';
import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, Stage, TargetConfig } from '../../types.js';
import { optionsOf, type PlatformDriver } from '../driver.js';
import { readConditions, REPORT, type Condition } from '../guest/conditions.js';
import { enteredGuest } from '../guest/entered.js';
import { GUEST_WORK_DIR, PLAIN_PATH, requireGuestName } from '../guest/names.js';
import { guestsScript, namesIn, runScript, scriptAt } from '../guest/script.js';
import { judgeJail, RACCT, rulesOf } from './limits.js';

const jailOptions = z.strictObject({
  rootfs: z
    .string()
    .regex(PLAIN_PATH, 'an absolute path without blanks, colons or commas')
    .describe('Directory on the host with a FreeBSD base system. Each jail gets a copy of its own.'),
});

/**
 * FreeBSD jails by jail(8), jexec(8), jls(8), cpuset(1) and rctl(8), as documented. It is tested by a stand-in
 * that checks arguments, not on a live kernel. Trials cannot run in a jail in this version: the agent and host facts
 * need Linux, and the probe reports that.
 */
export const jail: PlatformDriver<'jail'> = {
  id: 'jail',
  label: 'FreeBSD jail',
  boundary: 'container',
  kin: { family: 'VServer', same: false },
  ownKernel: true,
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    checkpointResume: false,
    liveMigration: false,
    liveUpdate: false,
    isolation: {
      security: 'kernel objects',
      cpu: 'CPU sets, and limits of rctl over the ULE scheduler; no shares',
      memory: 'limits of rctl',
      io: 'none between jails but rctl, on later releases',
    },
  },
  enforces: ['cpus', 'memory', 'cap'],
  options: jailOptions,
  packages: [],

  probe: (host, target) => probe(host.executor, target),

  async start(host, spec) {
    const { guests, name } = pathsOf(host, spec.name);
    const { shape } = spec.target;
    const { rootfs } = optionsOf(jailOptions, spec.target);
    const { pcpu, bytes } = rulesOf(shape);
    await manage(host.executor, ['end', guests, name], 'start');
    await manage(host.executor, ['start', guests, name, rootfs, shape.cpus.join(','), pcpu, bytes], 'start');
    return guestOf(host, spec);
  },

  async attach(host, spec) {
    const { guests, name } = pathsOf(host, spec.name);
    const made = await printed(host.executor, ['test', '-f', `${guests}/${name}/made-by-bench`]);
    return made !== undefined && (await isRunning(host.executor, name)) ? guestOf(host, spec) : undefined;
  },

  async cpuTime(host, guest) {
    const usage = await printed(host.executor, ['rctl', '-u', `jail:${guest.name}`]);
    const seconds = /^cputime=(\d+)$/m.exec(usage ?? '')?.[1];
    if (seconds !== undefined) {
      const words = 'rctl -u, cputime of the jail, in whole seconds';
      return { seconds: Number(seconds), stepSeconds: 1, source: { kind: 'racct', words } };
    }
    const message = `cannot read the CPU time of ${guest.name} on ${host.executor.where}`;
    throw new BenchError({ stage: 'measure', message, found: 'rctl reports no cputime', hint: RACCT });
  },

  reap: async (host, keep = []) => namesIn(await manage(host.executor, ['reap', guestsOf(host), ...keep], 'stop')),
};

function pathsOf(host: Pick<Host, 'workDir'>, name: string): { readonly guests: string; readonly name: string } {
  requireGuestName('jail(8)', name);
  return { guests: guestsOf(host), name };
}

function guestsOf({ workDir }: Pick<Host, 'workDir'>): string {
  return `${workDir}/jails`;
}

/** The jail's own environment instead of the connection's. */
const CLEAN = ['env', '-i', 'PATH=/sbin:/bin:/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin', 'HOME=/root'] as const;

function guestOf(host: Host, spec: GuestSpec): Guest {
  const { name, target } = spec;
  const { executor } = host;
  return {
    name,
    executor: enteredGuest(executor, {
      where: `${executor.where} jail:${name}`,
      name,
      hint: 'jls on the host shows what runs',
      wrap: (argv) => ['sh', '-c', 'jexec "$@"; exit $?', 'sh', name, ...CLEAN, ...argv],
      isRunning: () => isRunning(executor, name),
    }),
    workDir: GUEST_WORK_DIR,
    cpus: target.shape.cpus,
    async readBack() {
      const mask = await printed(executor, ['cpuset', '-g', '-j', name]);
      const accounting = (await printed(executor, ['sysctl', '-n', 'kern.racct.enable']))?.trim() === '1';
      const rules = accounting ? ((await printed(executor, ['rctl', `jail:${name}`])) ?? '') : undefined;
      return judgeJail(target.shape, mask ?? '', rules);
    },
    async stop() {
      await manage(executor, ['end', pathsOf(host, name).guests, name], 'stop');
    },
  };
}

async function isRunning(host: Executor, name: string): Promise<boolean> {
  return (await printed(host, ['jls', '-j', name, 'jid'])) !== undefined;
}

const PROBE = `${REPORT}system=$(uname -s)
if [ "$system" = FreeBSD ]; then report system ''; else report system "$system"; fi
[ "$system" = Linux ] || report agent "$system"
if [ "$(id -u)" = 0 ]; then report root ''; else report root "user $(id -un)"; fi
if [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; then report accounting ''; else report accounting 'off'; fi
if [ -z "$1" ]; then :; elif [ -e "$1/bin/sh" ]; then report rootfs ''; else report rootfs 'has no /bin/sh'; fi
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  system: { expected: 'FreeBSD', hint: 'jails are part of FreeBSD' },
  agent: {
    expected: 'a system that trials can run on (Linux)',
    hint: 'in this version the agent, host facts and controls read /proc and /sys of Linux; `bench import` takes results',
  },
  root: { expected: 'root', hint: 'connect to the host as root' },
  accounting: { check: 'resource accounting', expected: 'on', hint: RACCT },
  rootfs: { expected: 'a FreeBSD base system', hint: 'correct `options.rootfs` of the target; extract base.txz there' },
};

async function probe(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const rootfs = target === undefined ? '' : optionsOf(jailOptions, target).rootfs;
  return readConditions((await printed(host, ['sh', '-c', PROBE, 'sh', rootfs])) ?? '', CONDITIONS);
}

/** Runs `jail/guests.sh`: its usage describes the actions. Rejects with its reason. */
async function manage(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const script = await guestsScript(await scriptAt(new URL('./guests.sh', import.meta.url)));
  return runScript(host, script, argv, { stage, message: `jails on ${host.where}` });
}
