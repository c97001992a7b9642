import { launch } from '../agent/client.js';
import type { TrialSpec } from '../agent/spec.js';
import { BenchError } from '../errors.js';
import { verifyShape } from '../host/verify.js';
import type { Finding, Guest, HostConfig, Step } from '../types.js';
import { reachAgent, type Attempt } from './attempt.js';
import { checkScratch, installSuite } from './install.js';
import { startService } from './peer.js';
import type { Launched } from './unfinished.js';

/** A guest may be gone for a reboot; a connection cut for longer than this ends the host's part of the run. */
export const RECONNECT_SECONDS = 300;
/** Added to the sum of the steps' limits: starting, killing, removing the scratch directory. */
const SLACK_SECONDS = 60;
/** How long a guest waits for its start instant once it is ready. */
const READY_LIMIT_SECONDS = 600;

/**
 * Readies a guest and starts the agent in it: shape verified, room checked, suite installed. What it started is in the
 * journal before it starts, so that whoever comes after a crash can pick it up.
 */
export async function beginTrial(attempt: Attempt, guest: Guest): Promise<{ launched: Launched; agent: string }> {
  const { suite, session, target, run } = attempt;
  const findings = await verifyShape(guest, target.shape);
  refuseOtherShape(findings);
  await checkScratch(guest, suite, run.plan.plan.profile);
  const agent = await reachAgent(attempt, guest);
  const { installation, dir: suiteDir } = await installSuite(session, guest, suite);
  const place = `${run.id}/${attempt.trial.id}.${attempt.number}`;
  const dir = `${guest.workDir}/trials/${place}`;
  const scratch = `${dir}/scratch`;
  const steps = suite.steps({
    profile: run.plan.plan.profile,
    installation,
    scratch,
    dir: suiteDir,
    cpus: guest.cpus,
    ...(target.shape.memoryBytes === undefined ? {} : { memoryBytes: target.shape.memoryBytes }),
    ...(attempt.peer === undefined ? {} : { peer: { address: addressOf(attempt.peer.host.config) } }),
  });
  const spec: TrialSpec = {
    dir,
    scratch,
    cpus: guest.cpus,
    env: installation.env,
    steps,
    readyLimitSeconds: READY_LIMIT_SECONDS,
    spin: true,
  };
  const limitSeconds = totalSeconds(steps);
  await session.lock.extend(limitSeconds + 2 * RECONNECT_SECONDS);
  const launched: Launched = {
    at: attempt.world.now().toISOString(),
    event: 'launched',
    trial: attempt.trial.id,
    attempt: attempt.number,
    guest: guest.name,
    dir: spec.dir,
    installation,
    expects: steps.flatMap((step) => step.yields ?? []),
    findings,
    limitSeconds,
  };
  await run.journal(launched);
  attempt.launched = launched;
  if (attempt.peer !== undefined) await startService(attempt, attempt.peer, limitSeconds);
  await launch(guest.executor, agent, spec);
  return { launched, agent };
}

/** Where guests reach a host. */
function addressOf(config: HostConfig): string {
  if (config.address !== undefined) return config.address;
  return config.connect.via === 'local' ? '127.0.0.1' : config.connect.destination.replace(/^.*@/, '');
}

/** Enough for every step to run into its own limit. */
function totalSeconds(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.limitSeconds, SLACK_SECONDS);
}

function refuseOtherShape(findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const message = `the guest has not the shape that was asked for: ${check}`;
  throw new BenchError({ stage: 'verify', message, expected, found, ...(hint === undefined ? {} : { hint }) });
}
