import { z } from 'zod';
import { quoteArgv } from '../../connect/quote.js';
import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host, Stage, TargetConfig } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { readConditions, REPORT, type Condition } from '../guest/conditions.js';
import { enteredGuest, type Entrance } from '../guest/entered.js';
import { pageBytes, ticksPerSecond } from '../guest/kernel.js';
import { GUEST_WORK_DIR, requireGuestName } from '../guest/names.js';
import { claimsScript, guestsScript, namesIn, runScript, scriptAt } from '../guest/script.js';
import { judgeLimits, LIST_FIELDS, setArgv, ticksOf } from './limits.js';

const openvzOptions = z.strictObject({
  ostemplate: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'the name of a template, without directory and ending')
    .describe('OS template on the host (in /vz/template/cache) that containers are created from.'),
  addresses: z
    .array(z.ipv4())
    .min(1)
    .describe('Addresses for containers: each takes one that is free. Without it a container has a loopback interface.')
    .optional(),
});

/**
 * OpenVZ through vzctl, by its documented interface: vzctl(8), vzlist(8) and wiki.openvz.org. It is
 * tested by a stand-in that checks arguments, not on a live kernel.
 */
export const openvz: PlatformDriver<'openvz'> = {
  id: 'openvz',
  aliases: ['vz'],
  label: 'OpenVZ container',
  boundary: 'container',
  kin: { family: 'VServer', same: false },
  ownKernel: true,
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: {
      security: 'kernel objects',
      cpu: 'a fair scheduler of two levels: units and limits of each container',
      memory: 'user beancounters; on later kernels VSwap (physpages, swappages)',
      io: 'I/O priorities of each container in the block scheduler of Linux (CFQ)',
    },
  },
  enforces: ['cpus', 'memory', 'weight', 'cap', 'disk'],
  options: openvzOptions,
  // An OpenVZ kernel comes with its own vzctl; the probe reports what is missing.
  packages: [],

  probe: (host, target) => probe(host.executor, target),

  async start(host, spec) {
    const { guests, name } = pathsOf(host, spec.name);
    const { ostemplate, addresses = [] } = optionsOf(openvzOptions, spec.target);
    requireAble('OpenVZ', await probe(host.executor, spec.target));
    await manage(host.executor, ['end', guests, name], 'start');
    const made = await manage(host.executor, ['make', guests, name, ostemplate, ...addresses], 'start');
    const container = containerIn(made, name);
    const page = await pageBytes(host.executor);
    await succeed(host.executor, setArgv(container, spec.target.shape, page), '');
    await succeed(host.executor, ['sh', '-c', LAUNCH, 'sh', String(container)], 'vzctl start');
    const guest = guestOf(host, spec, container);
    await guest.executor.exec({ argv: ['mkdir', '-p', '--', guest.workDir] });
    return guest;
  },

  async attach(host, spec) {
    const { guests, name } = pathsOf(host, spec.name);
    if ((await printed(host.executor, ['test', '-f', `${guests}/${name}/made`])) === undefined) return undefined;
    const container = await containerOf(host, name);
    return (await isRunning(host.executor, container)) ? guestOf(host, spec, container) : undefined;
  },

  async cpuTime(host, guest) {
    const container = await containerOf(host, guest.name);
    const vestat = (await printed(host.executor, ['cat', '/proc/vz/vestat'])) ?? '';
    const hertz = await ticksPerSecond(host.executor);
    const ticks = ticksOf(vestat, container);
    if (ticks === undefined || hertz === undefined) {
      const found =
        ticks === undefined ? 'it is not in /proc/vz/vestat' : "the kernel's configuration has no CONFIG_HZ";
      const message = `cannot read the CPU time of ${guest.name} on ${host.executor.where}`;
      throw new BenchError({ stage: 'measure', message, found });
    }
    const words = `/proc/vz/vestat, user, nice and system ticks of 1/${hertz} s`;
    return { seconds: ticks / hertz, stepSeconds: 1 / hertz, source: { kind: 'context-ticks', words } };
  },

  reap: async (host, keep = []) => namesIn(await manage(host.executor, ['reap', guestsOf(host), ...keep], 'stop')),
};

/** The container's first process must not hold the connection's streams. With --wait its runlevel has been reached. */
const LAUNCH = 'exec vzctl start "$1" --wait </dev/null >/dev/null 2>&1';

function pathsOf(host: Pick<Host, 'workDir'>, name: string): { readonly guests: string; readonly name: string } {
  requireGuestName('OpenVZ', name);
  return { guests: guestsOf(host), name };
}

function guestsOf({ workDir }: Pick<Host, 'workDir'>): string {
  return `${workDir}/openvz`;
}

function guestOf(host: Host, spec: GuestSpec, container: number): Guest {
  const { shape } = spec.target;
  const executor = enteredGuest(host.executor, entranceOf(host.executor, spec.name, container));
  return {
    name: spec.name,
    executor,
    workDir: GUEST_WORK_DIR,
    cpus: shape.cpus,
    async readBack() {
      const listed = await printed(host.executor, ['vzlist', '-H', '-t', '-o', LIST_FIELDS, String(container)]);
      const status = await printed(executor, ['cat', '/proc/1/status']);
      const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? '')?.[1];
      return judgeLimits(shape, listed ?? '', allowed, await pageBytes(host.executor));
    },
    async stop() {
      await manage(host.executor, ['end', pathsOf(host, spec.name).guests, spec.name], 'stop');
    },
  };
}

/**
 * `exec2` gives the command's exit code, which `exec` replaces by 8. Both join their arguments with blanks and hand the
 * line to a shell in the container: it goes as one quoted word. That shell stays, to exit with 128 + n after a death by
 * signal, for which vzctl itself exits with 3.
 */
function entranceOf(host: Executor, name: string, container: number): Entrance {
  return {
    where: `${host.where} openvz:${name}`,
    name,
    hint: 'see /var/log/vzctl.log on the host',
    wrap: (argv) => ['vzctl', 'exec2', String(container), `cd / && (exec ${quoteArgv(argv)}); exit $?`],
    isRunning: () => isRunning(host, container),
  };
}

/** vzctl(8): `CTID 101 exist mounted running`. */
async function isRunning(host: Executor, container: number): Promise<boolean> {
  const status = await printed(host, ['vzctl', 'status', String(container)]);
  return status?.trim().split(/\s+/)[4] === 'running';
}

async function containerOf(host: Host, name: string): Promise<number> {
  const path = `${pathsOf(host, name).guests}/${name}/number`;
  return containerIn((await printed(host.executor, ['cat', path])) ?? '', name);
}

function containerIn(text: string, name: string): number {
  const number = /^(\d{1,10})$/.exec(text.trim())?.[1];
  if (number !== undefined) return Number(number);
  throw new BenchError({ stage: 'start', message: `the container number of ${name} is not known` });
}

const PROBE = `${REPORT}missing=
for tool in vzctl vzlist; do command -v $tool >/dev/null || missing="$missing $tool"; done
report tools "\${missing:+no$missing}"
if [ "$(id -u)" = 0 ]; then report root ''; else report root "user $(id -un)"; fi
if [ -r /proc/vz/vestat ]; then report kernel ''; else report kernel "$(uname -r), without /proc/vz/vestat"; fi
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  tools: { check: 'vzctl', expected: 'vzctl and vzlist', hint: 'install vzctl 4' },
  root: { expected: 'root', hint: 'connect to the host as root' },
  kernel: { expected: 'an OpenVZ kernel', hint: 'boot a kernel of OpenVZ, for example 042stab for CentOS 6' },
};

async function probe(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  if (target !== undefined) optionsOf(openvzOptions, target);
  return readConditions((await printed(host, ['sh', '-c', PROBE])) ?? '', CONDITIONS);
}

async function succeed(host: Executor, argv: readonly [string, ...string[]], what: string): Promise<string> {
  const { exit, stdout, stderr } = await host.exec({ argv });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const end = exit.kind === 'code' ? `exit code ${exit.code}` : exit.signal;
  const message = `${what === '' ? argv.slice(0, 2).join(' ') : what} failed: ${stderr.trim()} (${end})`;
  throw new BenchError({
    stage: 'start',
    message,
    hint: 'exit codes are in vzctl(8), and the log in /var/log/vzctl.log',
  });
}

/** Runs `openvz/guests.sh`: its usage describes the actions. Rejects with its reason. */
async function manage(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const own = await scriptAt(new URL('./guests.sh', import.meta.url));
  const script = await guestsScript(await claimsScript(), own);
  return runScript(host, script, argv, { stage, message: `containers of OpenVZ on ${host.where}` });
}
