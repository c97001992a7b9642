import { launch } from '../../agent/client.js';
import type { TrialSpec } from '../../agent/spec.js';
import { BenchError } from '../../errors.js';
import { verifyShape } from '../../host/verify.js';
import type { Finding, HostConfig, Step } from '../../types.js';
import { describeInBoot } from './describe.js';
import { reachAgent, type Attempt, type Running } from './attempt.js';
import { allSettled } from './all-settled.js';
import { checkScratch, installSuite } from './install.js';
import { measuredProfile } from '../../trial/measured-profile.js';
import { sharedWithBench } from '../../host/shared-machine.js';
import { serviceCpus, type ServiceCpus } from './peer-cpus.js';
import { startService } from './peer.js';
import type { Launched } from './unfinished.js';

/** A guest or host may reboot; a connection lost for longer than this ends the trials of the host. */
export const RECONNECT_SECONDS = 300;
/** Added to the sum of the steps' limits: starting, killing, removing the scratch directory. */
const SLACK_SECONDS = 60;
/** How long a guest waits for its start instant once it is ready. */
const READY_LIMIT_SECONDS = 600;

/** A guest in which everything is installed, before its agent starts. */
interface PreparedGuest {
  readonly running: Running;
  readonly agent: string;
  readonly spec: TrialSpec;
  readonly launched: Launched;
  /** Where the service of its peer runs. */
  readonly service: ServiceCpus | undefined;
}

/**
 * Prepares every guest of a trial (verifies its shape, checks its free space, installs the suite) and starts the agents.
 * The journal has an entry for each agent before it starts, so that a later process can resume the trial after a crash.
 */
export async function beginTrial(attempt: Attempt, all: readonly Running[]): Promise<void> {
  const [first] = all;
  if (first !== undefined) await describeInBoot(attempt, first.guest);
  const prepared = await prepareAll(attempt, all);
  const { session, peer } = attempt;
  for (const { lock } of new Set(peer === undefined ? [session] : [session, peer])) {
    await lock.extend(Math.max(...prepared.map(({ spec }) => leaseSeconds(spec.steps))));
  }
  for (const { running, launched } of prepared) {
    await attempt.run.journal(launched);
    running.task.launched = launched;
  }
  for (const { running, launched, service } of prepared) {
    const { task } = running;
    if (attempt.peer === undefined || task.suite.needs.peer !== true) continue;
    await startService(attempt, task, attempt.peer, { limitSeconds: launched.limitSeconds, cpus: service?.cpus ?? [] });
  }
  await allSettled(prepared, ({ running, agent, spec }) =>
    launch(running.guest.executor, agent, { ...spec, ...waitsForOthers(prepared) }),
  );
}

/** Limits with which a guest that is ready, or has measured, waits for the others for as long as they may take. */
function waitsForOthers(
  prepared: readonly PreparedGuest[],
): Partial<Pick<TrialSpec, 'readyLimitSeconds' | 'holdSeconds'>> {
  if (prepared.length < 2) return {};
  const longest = Math.max(...prepared.map(({ launched }) => launched.limitSeconds));
  return { readyLimitSeconds: READY_LIMIT_SECONDS + longest, holdSeconds: longest };
}

/** Guests that are the host itself are prepared one after the other: they install into the same directories. */
async function prepareAll(attempt: Attempt, all: readonly Running[]): Promise<readonly PreparedGuest[]> {
  if (attempt.platform.boundary !== 'none') return allSettled(all, (running) => prepareGuest(attempt, running));
  const prepared: PreparedGuest[] = [];
  for (const running of all) prepared.push(await prepareGuest(attempt, running));
  return prepared;
}

async function prepareGuest(attempt: Attempt, running: Running): Promise<PreparedGuest> {
  const { session, run, trial, number } = attempt;
  const { task, guest } = running;
  const { suite, assignment } = task;
  const { shape } = task.spec.target;
  const findings = await verifyShape(guest, shape);
  refuseOtherShape(findings);
  const profile = measuredProfile(run.stored.plan.profile);
  await checkScratch(guest, suite, profile);
  const agent = await reachAgent(attempt, running);
  const { installation, dir: suiteDir } = await installSuite(session, guest, suite);
  const dir = `${guest.workDir}/trials/${run.id}/${trial.id}.${number}${task.suffix}`;
  const scratch = `${dir}/scratch`;
  const steps = suite.steps({
    profile,
    installation,
    scratch,
    dir: suiteDir,
    cpus: guest.cpus,
    ...(shape.memoryBytes === undefined ? {} : { memoryBytes: shape.memoryBytes }),
    ...(attempt.peer === undefined ? {} : { peer: { address: addressOf(attempt.peer.host.config) } }),
  });
  const service = await serviceOf(attempt, running);
  const found = service === undefined ? findings : [...findings, service.finding];
  const home = typeof task.waits === 'number' ? guest.cpus[task.waits] : undefined;
  const spec: TrialSpec = {
    dir,
    scratch,
    cpus: guest.cpus,
    env: installation.env,
    steps,
    readyLimitSeconds: READY_LIMIT_SECONDS,
    ...(home === undefined ? {} : { home }),
    spin: task.waits !== 'among others',
  };
  const launched: Launched = {
    at: attempt.world.now().toISOString(),
    event: 'launched',
    trial: trial.id,
    attempt: number,
    guest: guest.name,
    ...(assignment.guest === 0 ? {} : { guestNumber: assignment.guest }),
    dir,
    installation,
    expects: steps.flatMap((step) => step.yields ?? []),
    findings: assignment.guest === 0 ? [...(attempt.beforehand ?? []), ...found] : found,
    limitSeconds: totalSeconds(steps),
  };
  return { running, agent, spec, launched, service };
}

async function serviceOf({ peer, session, boot }: Attempt, { task }: Running): Promise<ServiceCpus | undefined> {
  if (peer === undefined || task.suite.needs.peer !== true) return undefined;
  const ends = [session.host, peer.host];
  const isOneMachine =
    session.host.id === peer.host.id || ends.every(({ config }) => sharedWithBench(config) === 'kernel');
  // A guest of a hypervisor numbers its CPUs itself; the shape has those of the host.
  const { cpus } = task.spec.target.shape;
  return serviceCpus({ id: peer.host.id, executor: peer.connection }, { isOneMachine, boot, cpus });
}

/** The address at which guests reach a host. */
function addressOf(config: HostConfig): string {
  if (config.address !== undefined) return config.address;
  return config.connect.via === 'local' ? '127.0.0.1' : config.connect.destination.replace(/^.*@/, '');
}

/** Enough for every step to run into its own limit. */
function totalSeconds(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.limitSeconds, SLACK_SECONDS);
}

const leaseSeconds = (steps: readonly Step[]): number => totalSeconds(steps) + 2 * RECONNECT_SECONDS;

function refuseOtherShape(findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const message = `the guest does not have the requested shape: ${check}`;
  throw new BenchError({ stage: 'verify', message, expected, found, ...(hint === undefined ? {} : { hint }) });
}
