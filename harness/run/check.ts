import { kernelFindings } from '../agent/kernel.js';
import { BenchError, problemOf } from '../errors.js';
import { controlFiles } from '../host/controls/control-files.js';
import { allPaths } from '../host/controls/decide.js';
import { controlStates, type HostControls } from '../host/controls/state.js';
import { wantedControls } from '../host/controls/wanted.js';
import { lookAtBoot } from '../host/boot.js';
import { gatherFacts } from '../host/facts/index.js';
import { asReached, sharedWithBench } from '../host/shared-machine.js';
import { checkWorkDir } from '../host/work-dir.js';
import type { Connection, Facts, Finding, Host, HostConfig, HostId, Problem, TargetConfig } from '../types.js';
import type { World } from './session/world.js';

/** What `bench check` found on one host. */
export interface HostCheck {
  readonly host: HostId;
  /** Set when the host could not be read. */
  readonly problem?: Problem;
  /** It is the machine that runs `bench`, or a part of it. */
  readonly sharesKernel?: true;
  readonly facts: Facts;
  /** Settings of the host, what a run would set, and what an earlier run left set; or why they cannot be read. */
  readonly controls?: HostControls | { readonly problem: Problem };
  /** Why a run would refuse its work directory. */
  readonly workDir?: { readonly problem: Problem };
  readonly targets: readonly { readonly target: string; readonly findings: readonly Finding[] }[];
}

/** Checks hosts and whether each target could run there. Read-only: nothing is installed, locked or started. */
export async function checkTargets(
  world: World,
  options: { readonly hosts: ReadonlyMap<HostId, HostConfig>; readonly targets: readonly TargetConfig[] },
): Promise<readonly HostCheck[]> {
  const checks: HostCheck[] = [];
  for (const host of new Set(options.targets.map((target) => target.host))) {
    const targets = options.targets.filter((target) => target.host === host);
    checks.push(await checkHost(world, host, options.hosts.get(host), targets));
  }
  return checks;
}

async function checkHost(
  world: World,
  id: HostId,
  config: HostConfig | undefined,
  targets: readonly TargetConfig[],
): Promise<HostCheck> {
  try {
    if (config === undefined) throw new BenchError({ stage: 'config', message: 'no such host', host: id });
    const connection = await world.connect(config);
    try {
      return await checkConnected(world, connection, config, targets);
    } finally {
      await connection.close();
    }
  } catch (error) {
    return { host: id, problem: { host: id, ...problemOf(error, 'connect') }, facts: {}, targets: [] };
  }
}

async function checkConnected(
  world: World,
  connection: Connection,
  config: HostConfig,
  targets: readonly TargetConfig[],
): Promise<HostCheck> {
  const workDir = config.workDir ?? '/var/lib/bench';
  const reached = await asReached(connection, config, world.operator);
  const host: Host = { id: config.id, config: reached, executor: connection, workDir };
  const facts = await gatherFacts(connection, '/');
  const controls = await readControls(host, targets);
  const lacking = await kernelFindings(connection);
  const checked: { target: string; findings: readonly Finding[] }[] = [];
  for (const target of targets) {
    const platform = world.platforms.get(target.platform);
    const findings = platform === undefined ? [noDriver(target)] : await platform.probe(host, target);
    const boot = target.boot === undefined ? [] : await bootFindings(host, target.boot);
    // A virtual machine has a kernel of its own.
    const kernel = platform === undefined || platform.boundary === 'hypervisor' ? [] : lacking;
    checked.push({ target: target.id, findings: [...boot, ...findings, ...kernel] });
  }
  const problem = await workDirProblem(connection, config);
  return {
    host: config.id,
    ...(sharedWithBench(reached) === 'kernel' ? { sharesKernel: true } : {}),
    facts,
    controls,
    ...(problem === undefined ? {} : { workDir: { problem } }),
    targets: checked,
  };
}

async function workDirProblem(connection: Connection, config: HostConfig): Promise<Problem | undefined> {
  try {
    await checkWorkDir(connection, config);
    return undefined;
  } catch (error) {
    if (!(error instanceof BenchError) || error.transport) throw error;
    return { host: config.id, ...error.problem };
  }
}

/** Compares the present boot of a host with the one that a target names. */
async function bootFindings(host: Host, name: string): Promise<readonly Finding[]> {
  const { findings } = await lookAtBoot(host, name);
  const hint = `\`bench boot\`, and \`bench run --reboot\`, reboot the host into ${name}`;
  return findings.map((finding) => ({
    ...finding,
    check: `boot ${name}: ${finding.check}`,
    ...(finding.verdict === 'ok' ? {} : { hint }),
  }));
}

async function readControls(
  host: Host,
  targets: readonly TargetConfig[],
): Promise<HostControls | { readonly problem: Problem }> {
  const pinned = [...new Set(targets.flatMap(({ shape }) => shape.cpus))].sort((a, b) => a - b);
  try {
    return controlStates(await controlFiles(host).look(allPaths), wantedControls(host.config), pinned);
  } catch (error) {
    if (error instanceof BenchError && error.transport) throw error;
    return { problem: { host: host.id, ...problemOf(error, 'probe') } };
  }
}

const noDriver = (target: TargetConfig): Finding => ({
  check: `driver for ${target.platform}`,
  expected: 'one in this version',
  found: 'none',
  verdict: 'differs',
  hint: '`bench import` takes results measured elsewhere',
});
