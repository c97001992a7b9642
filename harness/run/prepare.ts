import { BenchError, problemOf } from '../errors.js';
import { rootfsExecutor } from '../host/into-rootfs.js';
import { ensurePackages } from '../host/prepare.js';
import { verifyShape } from '../host/verify.js';
import type {
  Guest,
  HostConfig,
  HostId,
  Platform,
  Problem,
  ProfileId,
  Suite,
  TargetConfig,
  Workload,
} from '../types.js';
import { guestSystemOf, installOrLack, lacksPackages } from './guest-system.js';
import { enterBoot } from './session/boots.js';
import type { RunEvent } from './session/events.js';
import { checkScratch, describeTools, installAgentIn, installSuite, type InstalledSuite } from './trial/install.js';
import { peerGuest } from './trial/peer.js';
import { openSession, type HostSession } from './session/session.js';
import type { World } from './session/world.js';

export interface PrepareOptions {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly targets: readonly TargetConfig[];
  readonly suites: readonly Suite[];
  /** The suites of their guests are prepared, too. */
  readonly workloads?: readonly Workload[];
  readonly profile: ProfileId;
  readonly breakLock?: boolean;
  /** Packages may be installed into the root file systems that guests are copied from. */
  readonly intoRootfs?: boolean;
  readonly signal: AbortSignal;
}

/** What a compiler of the agent and of the suites' own programs needs. */
const BUILD_PACKAGES = ['gcc', 'libc6-dev'] as const;

/**
 * Installs what the targets lack (Debian packages, the agent, the suites' own programs) and tries every target once:
 * guest up, shape verified, suites installed, guest down. Idempotent. What cannot be prepared is reported as a problem and
 * the rest goes on; resolves to whether all went well.
 */
export async function prepareTargets(
  world: World,
  options: PrepareOptions,
  notify: (event: RunEvent) => void,
): Promise<boolean> {
  const failures: Problem[] = [];
  const fail = (error: unknown, context: { host?: string; target?: string }): void => {
    const problem = { ...context, ...problemOf(error, 'prepare') };
    failures.push(problem);
    notify({ kind: 'problem', problem });
  };
  for (const host of new Set(options.targets.map((target) => target.host))) {
    if (isInterrupted(options)) break;
    try {
      const session = await openPrepared(world, host, options, notify);
      try {
        for (const target of options.targets.filter((candidate) => candidate.host === host)) {
          if (isInterrupted(options)) break;
          const what = `target ${target.id}: starting a guest, verifying its shape, installing`;
          notify({ kind: 'preparing', what });
          notify({ kind: 'step', what });
          await prepareTarget(world, session, target, options, notify).catch((error: unknown) => {
            fail(error, { host, target: target.id });
          });
        }
      } finally {
        await session.close();
      }
    } catch (error) {
      fail(error, { host });
    }
  }
  await preparePeers(world, options, notify).catch((error: unknown) => fail(error, {}));
  return failures.length === 0 && !isInterrupted(options);
}

const isInterrupted = ({ signal }: PrepareOptions): boolean => signal.aborted;

async function openPrepared(
  world: World,
  id: HostId,
  options: PrepareOptions,
  notify: (event: RunEvent) => void,
): Promise<HostSession> {
  const config = options.hosts.get(id);
  if (config === undefined) throw new BenchError({ stage: 'config', message: 'no such host', host: id });
  notify({ kind: 'preparing', what: `host ${id}: connecting, installing what is missing` });
  const connection = await world.connect(config);
  try {
    const compiler = await connection.exec({ argv: ['sh', '-c', 'command -v cc || command -v gcc'] });
    if (compiler.stdout.trim() === '') report(await ensurePackages(connection, BUILD_PACKAGES), id, notify);
  } finally {
    await connection.close();
  }
  const { breakLock = false, signal } = options;
  const notice = (what: string): void => notify({ kind: 'preparing', what });
  const step = (what: string): void => notify({ kind: 'step', what });
  return openSession(world, config, { run: 'prepare', breakLock, notice, step, signal });
}

async function prepareTarget(
  world: World,
  session: HostSession,
  target: TargetConfig,
  options: PrepareOptions,
  notify: (event: RunEvent) => void,
): Promise<void> {
  const platform = driverOf(world, target);
  await requireBoot(session, target, options);
  const look = async () => (await platform.probe(session.host, target)).find(({ verdict }) => verdict === 'differs');
  // Nothing is installed where a guest could start: a tool from elsewhere, such as docker-ce, would have to give way.
  let missing = await look();
  if (missing !== undefined) {
    report(await ensurePackages(session.connection, platform.packages, platform.units), session.host.id, notify);
    missing = await look();
  }
  if (missing !== undefined) {
    const { check, expected, found, hint } = missing;
    const message = `${platform.label} cannot run here: ${check}`;
    throw new BenchError({ stage: 'probe', message, expected, found, ...(hint === undefined ? {} : { hint }) });
  }
  const system = guestSystemOf(platform, target);
  const tryOnce = async (): Promise<readonly string[]> => {
    const name = `bench-prepare-${target.id.replaceAll('.', '-')}`;
    const guest = await platform.start(session.host, { name, target });
    try {
      return await installInto(world, session, { guest, isCopy: system !== undefined }, target, options, notify);
    } finally {
      await guest.stop();
      await platform.reap(session.host);
    }
  };
  const lacking = await tryOnce();
  if (system === undefined || lacking.length === 0) return;
  if (options.intoRootfs !== true || system.option !== 'rootfs') throw lacksPackages(target, system, lacking);
  // No guest uses the root file system now: under an overlay it must not change.
  const rootfs = rootfsExecutor(session.connection, system.value);
  report(await ensurePackages(rootfs, lacking), `${session.host.id}: ${system.value}`, notify);
  const still = await tryOnce();
  if (still.length > 0) throw lacksPackages(target, system, still);
}

/** In another boot than its own, what a target lacks is no finding, and packages cannot supply it. */
async function requireBoot(session: HostSession, target: TargetConfig, { signal }: PrepareOptions): Promise<void> {
  if (target.boot === undefined) return;
  const nothing = (): void => undefined;
  await enterBoot(session, target, { mayReboot: false, signal, notify: nothing, leave: () => Promise.resolve() });
}

/** Returns the packages that a guest lacks for the suites, where it is a copy in which they are of no use. */
async function installInto(
  world: World,
  session: HostSession,
  { guest, isCopy }: { readonly guest: Guest; readonly isCopy: boolean },
  target: TargetConfig,
  options: PrepareOptions,
  notify: (event: RunEvent) => void,
): Promise<readonly string[]> {
  const findings = await verifyShape(guest, target.shape);
  for (const { check, expected, found, verdict } of findings) {
    if (verdict === 'ok') continue;
    notify({
      kind: 'preparing',
      what: `target ${target.id}: ${check}: expected ${expected}, found ${found} (${verdict})`,
    });
  }
  await installAgentIn(session, guest);
  const lacking = new Set<string>();
  for (const suite of suitesFor(world, target, options)) {
    await checkScratch(guest, suite, options.profile);
    const installed = isCopy
      ? await installOrLack(session, guest, suite)
      : await installWithPackages(session, guest, suite, target.id, notify);
    if ('lacking' in installed) {
      for (const name of installed.lacking) lacking.add(name);
      continue;
    }
    const tools = describeTools(installed.installation);
    notify({ kind: 'preparing', what: `target ${target.id}: suite ${suite.id} is ready (${tools})` });
  }
  return [...lacking];
}

/** The requested suites, and those that workloads run in guests of this target. */
function suitesFor(
  world: World,
  { shape }: TargetConfig,
  { suites, workloads = [] }: PrepareOptions,
): readonly Suite[] {
  const ids = new Set(workloads.flatMap((workload) => workload.assign(shape).map(({ suite }) => suite)));
  const assigned = [...ids].map((id) => world.suites.get(id)).filter((suite) => suite !== undefined);
  return [...new Set([...suites, ...assigned])];
}

/** Packages only when the suite cannot do without: its tools may be there and come from somewhere else. */
async function installWithPackages(
  session: HostSession,
  guest: Guest,
  suite: Suite,
  where: string,
  notify: (event: RunEvent) => void,
): Promise<InstalledSuite> {
  try {
    return await installSuite(session, guest, suite);
  } catch (error) {
    if (suite.needs.packages.length === 0 || (error instanceof BenchError && error.transport)) throw error;
    report(await ensurePackages(guest.executor, suite.needs.packages), where, notify);
    return installSuite(session, guest, suite);
  }
}

/** What serves at the other end is installed there too. */
async function preparePeers(world: World, options: PrepareOptions, notify: (event: RunEvent) => void): Promise<void> {
  const suites = new Set(options.targets.flatMap((target) => suitesFor(world, target, options)));
  const networked = [...suites].filter((suite) => suite.needs.peer === true);
  const peers = networked.length === 0 ? [] : options.targets.flatMap(({ peer }) => peer ?? []);
  for (const id of new Set(peers)) {
    const session = await openPrepared(world, id, options, notify);
    try {
      for (const suite of networked) await installWithPackages(session, peerGuest(session), suite, id, notify);
    } finally {
      await session.close();
    }
  }
}

function driverOf(world: World, target: TargetConfig): Platform {
  const platform = world.platforms.get(target.platform);
  if (platform !== undefined) return platform;
  const message = `this version has no driver for platform ${target.platform}`;
  throw new BenchError({
    stage: 'config',
    message,
    target: target.id,
    hint: '`bench import` takes results measured elsewhere',
  });
}

function report(
  done: { readonly installed: readonly string[] },
  where: string,
  notify: (event: RunEvent) => void,
): void {
  if (done.installed.length === 0) return;
  notify({ kind: 'preparing', what: `${where}: installed ${done.installed.join(', ')}` });
}
