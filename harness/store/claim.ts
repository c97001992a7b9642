import { lstat, open, readdir, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../errors.js';
import { fateOf, thisProcess } from '../process-identity.js';

/**
 * Processes that claim in the same instant see each other and both withdraw; each then tries again after another pause.
 */
const TRIES = 4;

/** `claim.SCOPE.PID.START`, see `ProcessIdentity`. Claims of earlier versions have no scope, and are of this machine. */
const CLAIM = /^claim\.(?:([0-9a-f]*-[0-9a-f]*-\d*)\.)?(\d+)\.(\d*)$/;

/** A run directory that this process alone writes to. */
export interface Claim {
  /** Throws a `BenchError` of stage `store` when another process has broken the claim. */
  check(): Promise<void>;
  release(): Promise<void>;
}

export interface ClaimOptions {
  /** Breaks the claim of a process that cannot be looked up from here: `--break-lock`. Default: false. */
  readonly breakLock?: boolean;
}

/**
 * Claims a run directory for this process, so that two `bench` cannot write one run. A claim is an empty file whose name
 * has the process and where it runs: one left behind by a kill is recognized and removed. Throws a `BenchError` of stage
 * `store` when a living process holds one, or one of another machine, boot or container, whose fate is unknown here.
 *
 * A process creates its claim first and then looks for others. Of two processes, the later one sees the claim of the
 * earlier one, so they never both continue. Names of claims are never reused, so removing the claim of a process that has
 * ended cannot remove a living one.
 */
export async function claimRun(directory: string, options: ClaimOptions = {}): Promise<Claim> {
  const owner = await thisProcess();
  const name = `claim.${owner.scope}.${owner.pid}.${owner.pidStart}`;
  const path = join(directory, name);
  for (let tries = 1; ; tries += 1) {
    await putClaim(directory, path);
    const other = await otherClaim(directory, name, owner.scope, options.breakLock ?? false).catch(
      async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      },
    );
    if (other === undefined) {
      return { release: () => rm(path, { force: true }), check: () => checkClaim(directory, path) };
    }
    await rm(path, { force: true });
    if (tries === TRIES || other.fate !== 'running') throw taken(directory, other);
    await delay(tries * (5 + (process.pid % 23)));
  }
}

async function putClaim(directory: string, path: string): Promise<void> {
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw taken(directory, { pid: process.pid, fate: 'running' });
    }
    throw error;
  }
}

async function checkClaim(directory: string, path: string): Promise<void> {
  const there = await lstat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  });
  if (there !== undefined) return;
  throw new BenchError({
    stage: 'store',
    message: `another process took over the run in ${directory}`,
    hint: 'this one writes nothing more to it',
  });
}

interface Other {
  readonly pid: number;
  readonly fate: 'running' | 'unknown';
  readonly since?: Date;
}

/** Another process that claims the directory and may be running. Claims of processes that have ended are removed. */
async function otherClaim(
  directory: string,
  mine: string,
  scope: string,
  breakLock: boolean,
): Promise<Other | undefined> {
  const claims = (await readdir(directory)).filter((name) => /^claim(\.|$)/.test(name) && name !== mine);
  for (const name of claims) {
    const other = await judge(join(directory, name), CLAIM.exec(name), scope);
    if (other !== undefined && !(breakLock && other.fate === 'unknown')) return other;
    await rm(join(directory, name), { force: true, recursive: true });
  }
  return undefined;
}

/** Undefined when no process holds the claim. The file is not opened: it may be a FIFO or a link. */
async function judge(path: string, name: RegExpExecArray | null, scope: string): Promise<Other | undefined> {
  const [, where = scope, pid, pidStart = ''] = name ?? [];
  if (pid === undefined) return undefined;
  const fate = await fateOf({ scope: where, pid: Number(pid), pidStart }, scope);
  if (fate === 'ended') return undefined;
  if (fate === 'running') return { pid: Number(pid), fate };
  const since = (await lstat(path).catch(() => undefined))?.mtime;
  const booted = Date.now() - uptime() * 1000;
  if (since === undefined || (fate === 'restarted' && since.getTime() < booted)) return undefined;
  return { pid: Number(pid), fate: 'unknown', since };
}

function taken(directory: string, { pid, fate, since }: Other): BenchError {
  if (fate === 'running') {
    return new BenchError({
      stage: 'store',
      message: `the run in ${directory} is being written by process ${pid} on this machine`,
      hint: 'wait for it, or end it',
    });
  }
  const when = since === undefined ? '' : ` since ${since.toISOString().slice(0, 19)}Z`;
  return new BenchError({
    stage: 'store',
    message: `the run in ${directory} is claimed${when} by process ${pid} of another machine or container`,
    hint: 'wait for it; when it has surely ended, take the run from it with --break-lock',
  });
}
