import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, Stage, TargetConfig } from '../../types.js';
import type { PlatformDriver } from '../driver.js';
import { enteredGuest } from '../entered.js';
import { judgeJail, rulesOf } from './limits.js';

const jailOptions = z.strictObject({
  rootfs: z
    .string()
    .regex(/^(\/[A-Za-z0-9_@%+=~-][A-Za-z0-9._@%+=~-]*)+$/, 'an absolute path without blanks, colons or commas')
    .describe('Directory on the host with a FreeBSD base system. Each jail gets a copy of its own.'),
});

/**
 * FreeBSD jails by jail(8), jexec(8), jls(8), cpuset(1) and rctl(8), as documented. No live kernel has run it; it is
 * tested by a stand-in that checks arguments. Trials cannot run in a jail in this version: the agent and the reading of
 * host facts are for Linux, and the probe says so.
 */
export const jail: PlatformDriver<'jail'> = {
  id: 'jail',
  label: 'FreeBSD jail',
  boundary: 'container',
  kin: { family: 'VServer', same: false },
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
    const { guests, name } = placeFor(host, spec.name);
    const { shape } = spec.target;
    const { rootfs } = optionsOf(spec.target);
    const { pcpu, bytes } = rulesOf(shape);
    await manage(host.executor, ['end', guests, name], 'start');
    await manage(host.executor, ['start', guests, name, rootfs, shape.cpus.join(','), pcpu, bytes], 'start');
    return guestOf(host, spec);
  },

  async attach(host, spec) {
    const { guests, name } = placeFor(host, spec.name);
    const made = await printed(host.executor, ['test', '-f', `${guests}/${name}/made-by-bench`]);
    return made !== undefined && (await isRunning(host.executor, name)) ? guestOf(host, spec) : undefined;
  },

  async cpuTime(host, guest) {
    const usage = await printed(host.executor, ['rctl', '-u', `jail:${guest.name}`]);
    const seconds = /^cputime=(\d+)$/m.exec(usage ?? '')?.[1];
    if (seconds !== undefined) {
      return { seconds: Number(seconds), source: 'rctl -u, cputime of the jail, in whole seconds' };
    }
    const message = `cannot read the CPU time of ${guest.name} on ${host.executor.where}`;
    const hint = 'set kern.racct.enable=1 in /boot/loader.conf and reboot';
    throw new BenchError({ stage: 'measure', message, found: 'rctl does not say', hint });
  },

  async reap(host, keep = []) {
    const removed = await manage(host.executor, ['reap', placeFor(host, 'bench-x').guests, ...keep], 'stop');
    return removed.split('\n').filter((name) => name !== '');
  },
};

const GUEST_NAME = /^bench-[a-z0-9][a-z0-9-]{0,57}$/;

function placeFor(host: Pick<Host, 'workDir'>, name: string): { readonly guests: string; readonly name: string } {
  if (GUEST_NAME.test(name)) return { guests: `${host.workDir}/jails`, name };
  const expected = '`bench-` and at most 58 lower-case letters, digits and dashes';
  throw new BenchError({ stage: 'start', message: 'jail(8) cannot use this guest name', expected, found: name });
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
    workDir: '/var/lib/bench',
    cpus: target.shape.cpus,
    async readBack() {
      const mask = await printed(executor, ['cpuset', '-g', '-j', name]);
      const accounting = (await printed(executor, ['sysctl', '-n', 'kern.racct.enable']))?.trim() === '1';
      const rules = accounting ? ((await printed(executor, ['rctl', `jail:${name}`])) ?? '') : undefined;
      return judgeJail(target.shape, mask ?? '', rules);
    },
    async stop() {
      await manage(executor, ['end', placeFor(host, name).guests, name], 'stop');
    },
  };
}

async function isRunning(host: Executor, name: string): Promise<boolean> {
  return (await printed(host, ['jls', '-j', name, 'jid'])) !== undefined;
}

const PROBE = `
say() { printf '%s\\t%s\\n' "$1" "$2"; }
system=$(uname -s)
if [ "$system" = FreeBSD ]; then say system ''; else say system "$system"; fi
[ "$system" = Linux ] || say agent "$system"
if [ "$(id -u)" = 0 ]; then say root ''; else say root "user $(id -un)"; fi
if [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; then say accounting ''; else say accounting 'off'; fi
if [ -z "$1" ]; then :; elif [ -e "$1/bin/sh" ]; then say rootfs ''; else say rootfs 'has no /bin/sh'; fi
`;

const CONDITIONS: Readonly<Record<string, readonly [check: string, expected: string, hint: string]>> = {
  system: ['system', 'FreeBSD', 'jails are of FreeBSD'],
  agent: [
    'agent',
    'a system that trials can run on (Linux)',
    'in this version the agent, host facts and controls read /proc and /sys of Linux; `bench import` takes results',
  ],
  root: ['root', 'root', 'connect to the host as root'],
  accounting: ['resource accounting', 'on', 'set kern.racct.enable=1 in /boot/loader.conf and reboot'],
  rootfs: ['rootfs', 'a FreeBSD base system', 'correct `options.rootfs` of the target; extract base.txz there'],
};

async function probe(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const rootfs = target === undefined ? '' : optionsOf(target).rootfs;
  const text = (await printed(host, ['sh', '-c', PROBE, 'sh', rootfs])) ?? '';
  return text.split('\n').flatMap((line): Finding[] => {
    const [name = '', why = ''] = line.split('\t');
    const condition = CONDITIONS[name];
    if (condition === undefined) return [];
    const [check, expected, hint] = condition;
    if (why === '') return [{ check, expected, found: expected, verdict: 'ok' }];
    return [{ check, expected, found: why, verdict: 'differs', hint }];
  });
}

function optionsOf(target: TargetConfig): z.infer<typeof jailOptions> {
  const parsed = jailOptions.safeParse(target.options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = ['options', ...(issue?.path ?? [])].join('.');
  const message = `${where} of target ${target.id}: ${issue?.message ?? 'not valid'}`;
  throw new BenchError({ stage: 'config', message });
}

/** Runs `jail/guests.sh`: its usage says what it does. Rejects with its reason. */
async function manage(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const script = await readFile(new URL('./guests.sh', import.meta.url), 'utf8');
  const { exit, stdout, stderr } = await host.exec({ argv: ['sh', '-c', script, 'sh', ...argv] });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  throw new BenchError({ stage, message: `jails on ${host.where}: ${reason}` });
}
