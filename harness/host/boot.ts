import { setTimeout as sleep } from 'node:timers/promises';
import { printable } from '../connect/failure.js';
import { BenchError } from '../errors.js';
import type { BootProfile, Command, ExecResult, Executor, Finding, HostConfig, Problem } from '../types.js';
import { firstMismatch, judgeBoot, LOOK_AT_BOOT, readBootState, type BootState } from './boot-state.js';
import { isThisMachine } from './shared-machine.js';

const DEFAULT_LIMIT_SECONDS = 600;
const LOOK_TIMEOUT_MS = 20_000;
const COMMAND_TIMEOUT_MS = 120_000;
const PAUSE_MS = 1000;

/** A host whose boot is read or changed. Its connection reopens after it was lost. */
export interface Bootable {
  readonly config: HostConfig;
  readonly executor: Executor;
}

export interface BootOptions {
  /** Runs commands here, for profiles whose reboot is `local`. */
  readonly here: Executor;
  /** What is done, a sentence a step. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Called right before the host is restarted, when it can still run commands. */
  readonly beforeRestart?: (limitSeconds: number) => Promise<void>;
  /** Milliseconds; default: those of this machine. */
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<void>;
}

export interface Booted {
  readonly state: BootState;
  readonly findings: readonly Finding[];
  readonly rebooted: boolean;
}

/** Which system a host runs; undefined if it does not report it. Rejects when the connection is lost. */
export async function bootState(executor: Executor): Promise<BootState | undefined> {
  try {
    const { exit, stdout } = await executor.exec({ argv: ['sh', '-c', LOOK_AT_BOOT], timeoutMs: LOOK_TIMEOUT_MS });
    return exit.kind === 'code' && exit.code === 0 ? readBootState(stdout) : undefined;
  } catch (error) {
    if (error instanceof BenchError && !error.transport && error.problem.stage === 'launch') return undefined;
    throw error;
  }
}

/** The profile of this name; a `BenchError` when the host has none. */
export function bootProfile(config: HostConfig, name: string): BootProfile {
  const profile = Object.hasOwn(config.boots ?? {}, name) ? config.boots?.[name] : undefined;
  if (profile !== undefined) return profile;
  const known = Object.keys(config.boots ?? {});
  throw new BenchError({
    stage: 'config',
    host: config.id,
    message: `the host has no boot called ${JSON.stringify(name)}`,
    expected: known.length === 0 ? '"boots" of the host in the hosts file' : known.join(', '),
    found: name,
  });
}

/** Whether the host is in the boot of this name, with what was found; rejects if the host does not report its system. */
export async function lookAtBoot({ config, executor }: Bootable, name: string): Promise<Booted> {
  const { expect } = bootProfile(config, name);
  const state = await bootState(executor);
  if (state === undefined) throw problem(config, { message: 'the host does not report which system it runs' });
  return { state, findings: judgeBoot(expect, state), rebooted: false };
}

/**
 * Makes a host be in the boot of this name. A host in another boot is set to boot this one next, restarted,
 * waited for until SSH answers from another boot, and asked from inside whether it is the right one; a `BenchError` of
 * stage `prepare` when it is not, or does not come back within the limit of the profile.
 */
export async function ensureBoot(host: Bootable, name: string, options: BootOptions): Promise<Booted> {
  const { config } = host;
  const before = await lookAtBoot(host, name);
  if (firstMismatch(before.findings) === undefined) return before;
  if (isThisMachine(config)) {
    throw problem(config, {
      message: CANNOT_RESTART,
      ...contrast(name, before.findings),
      hint: `boot it into ${name} yourself, or run bench on another machine`,
    });
  }
  return bootInto(host, name, before.state, options);
}

/**
 * Restarts a host in any state: into the boot of this name, or without a name into its default system. A `BenchError`
 * of stage `prepare` when it is not that boot afterwards, or does not come back.
 */
export async function freshBoot(host: Bootable, name: string | undefined, options: BootOptions): Promise<Booted> {
  const { config } = host;
  const before = await bootState(host.executor);
  if (before === undefined) throw problem(config, { message: 'the host does not report which system it runs' });
  if (isThisMachine(config)) throw problem(config, { message: CANNOT_RESTART });
  if (name !== undefined) return bootInto(host, name, before, options);
  options.report(`host ${config.id}: rebooting, which may take ${DEFAULT_LIMIT_SECONDS} s`);
  await options.beforeRestart?.(DEFAULT_LIMIT_SECONDS);
  await restart(host, {}, options.here);
  const state = await comeBack(host, before.bootId, DEFAULT_LIMIT_SECONDS, options);
  return { state, findings: [], rebooted: true };
}

const CANNOT_RESTART = 'this machine cannot be restarted by the bench that runs on it';

async function bootInto(host: Bootable, name: string, before: BootState, options: BootOptions): Promise<Booted> {
  const { config } = host;
  const profile = bootProfile(config, name);
  const limitSeconds = profile.limitSeconds ?? DEFAULT_LIMIT_SECONDS;
  options.report(`host ${config.id}: rebooting into ${name}, which may take ${limitSeconds} s`);
  await select(host, profile);
  await options.beforeRestart?.(limitSeconds);
  await restart(host, profile, options.here);
  const state = await comeBack(host, before.bootId, limitSeconds, options);
  const findings = judgeBoot(profile.expect, state);
  if (firstMismatch(findings) === undefined) return { state, findings, rebooted: true };
  throw problem(config, {
    message: `the host was rebooted into ${name} and is another system`,
    ...contrast(name, findings),
    hint: `see what its boot menu has as ${describeSelect(profile)}`,
  });
}

/** Expected and found, in words, of the first thing that differs. */
export function contrast(name: string, findings: readonly Finding[]): Pick<Problem, 'expected' | 'found'> {
  const wrong = firstMismatch(findings);
  if (wrong === undefined) return {};
  return { expected: `boot ${name}: ${wrong.check} ${wrong.expected}`, found: wrong.found };
}

async function select({ config, executor }: Bootable, profile: BootProfile): Promise<void> {
  if ('command' in profile.select) {
    await succeed(config, executor, profile.select.command, 'the command that selects the next boot failed');
    return;
  }
  const { grub } = profile.select;
  // Red Hat and SUSE call it grub2-reboot. The script is constant, the entry its parameter.
  const script =
    'for name in grub-reboot grub2-reboot; do ! command -v "$name" >/dev/null || exec "$name" "$1"; done; exit 127';
  const message = `GRUB cannot be set to boot ${JSON.stringify(grub)} next`;
  await succeed(config, executor, ['sh', '-c', script, 'sh', grub], message);
}

async function succeed(config: HostConfig, executor: Executor, argv: Command['argv'], message: string): Promise<void> {
  const result = await executor.exec({ argv, timeoutMs: COMMAND_TIMEOUT_MS });
  if (result.exit.kind === 'code' && result.exit.code === 0) return;
  throw problem(config, { message, found: describeExit(result) });
}

/** A host that goes down takes the connection, and the answer, with it. */
async function restart(
  { config, executor }: Bootable,
  { reboot }: Pick<BootProfile, 'reboot'>,
  here: Executor,
): Promise<void> {
  const argv: Command['argv'] = reboot?.command ?? ['reboot'];
  const local = reboot?.local === true;
  try {
    await succeed(config, local ? here : executor, argv, `${argv[0]} failed: the host was not restarted`);
  } catch (error) {
    if (local || !(error instanceof BenchError && error.transport)) throw error;
  }
}

async function comeBack(
  { config, executor }: Bootable,
  oldId: string,
  limitSeconds: number,
  options: BootOptions,
): Promise<BootState> {
  const now = options.now ?? Date.now;
  const pause = options.pause ?? ((ms: number) => sleep(ms));
  const end = now() + limitSeconds * 1000;
  let last = 'it still runs: it has not gone down';
  while (now() < end) {
    options.signal?.throwIfAborted();
    try {
      const state = await bootState(executor);
      if (state !== undefined && state.bootId !== oldId) return state;
      last = 'it still runs: it has not gone down';
    } catch (error) {
      last = error instanceof BenchError ? error.problem.message : String(error);
    }
    await pause(PAUSE_MS);
  }
  throw problem(config, {
    message: `the host did not come back from its reboot within ${limitSeconds} s`,
    expected: 'SSH that answers from a new boot',
    found: last,
    hint: 'look at its console; when it is back, resume with bench run --resume',
  });
}

function problem(config: HostConfig, rest: Omit<Problem, 'stage' | 'host'>): BenchError {
  return new BenchError({ stage: 'prepare', host: config.id, ...rest });
}

function describeSelect({ select }: BootProfile): string {
  return 'grub' in select ? JSON.stringify(select.grub) : select.command.join(' ');
}

function describeExit({ exit, stderr }: ExecResult): string {
  const how = exit.kind === 'code' ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return `${how} ${printable(stderr)}`.trim();
}
