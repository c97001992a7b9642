import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import type { Liveness } from './executor.js';
import { sshArgv } from './login.js';
import type { Addressing } from './network.js';
import type { GuestPaths } from './paths.js';

/** `sh -c OPEN sh SOCKET ARGV...`: streams closed, because the connection stays and would keep the caller's open. */
const OPEN = 'rm -f -- "$1"; shift; exec "$@" </dev/null >/dev/null 2>&1';

/** A machine while its start is awaited. */
export interface Booting extends Liveness {
  /** The end of what the guest printed on its console. */
  console(): Promise<string>;
}

const TRY_MS = 20_000;
const PAUSE_MS = 300;

/** Opens the connection that all commands in a guest share, unless it is open. Resolves to whether it is. */
export async function openSession(host: Executor, paths: GuestPaths, ssh: Addressing['ssh']): Promise<boolean> {
  const login = sshArgv(paths, ssh);
  if ((await printed(host, [...login, '-O', 'check', ssh.address])) !== undefined) return true;
  const master = [...login, '-o', 'ControlMaster=yes', '-N', '-f', ssh.address];
  const argv = ['sh', '-c', OPEN, 'sh', paths.socket, ...master] as const;
  try {
    const { exit } = await host.exec({ argv, timeoutMs: TRY_MS });
    return exit.kind === 'code' && exit.code === 0;
  } catch (error) {
    if (error instanceof BenchError && !error.transport && error.problem.stage === 'launch') return false;
    throw error;
  }
}

/** Ends that connection; no error when there is none. ssh(1) ignores the address but requires one. */
export async function dropSession(host: Executor, paths: GuestPaths): Promise<void> {
  await printed(host, ['ssh', '-F', 'none', '-S', paths.socket, '-O', 'exit', paths.name]);
  await printed(host, ['rm', '-f', '--', paths.socket]);
}

/**
 * Waits until a command can run in a guest that was started. Rejects when the guest ends before, or after the seconds
 * given, with the last lines of its console.
 */
export async function awaitSession(
  host: Executor,
  paths: GuestPaths,
  ssh: Addressing['ssh'],
  booting: Booting,
  limitSeconds: number,
): Promise<void> {
  const deadline = performance.now() + 1000 * limitSeconds;
  for (;;) {
    if (await openSession(host, paths, ssh)) return;
    const alive = await booting.isRunning();
    if (alive && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      continue;
    }
    throw await notUp(host, paths, ssh, booting, alive, limitSeconds);
  }
}

async function notUp(
  host: Executor,
  paths: GuestPaths,
  ssh: Addressing['ssh'],
  booting: Booting,
  alive: boolean,
  limitSeconds: number,
): Promise<BenchError> {
  const last = printable((await booting.console()).split('\n').slice(-6).join('\n'), 400);
  const why = alive ? `its SSH server did not answer within ${limitSeconds} s` : 'it ended while it booted';
  const refusal = alive ? await refusalOf(host, paths, ssh) : '';
  return new BenchError({
    stage: 'start',
    message: `the guest ${paths.name} on ${host.where} did not come up: ${why}${refusal === '' ? '' : ` (ssh: ${refusal})`}`,
    found: last === '' ? 'nothing on its console' : `on its console: ${last}`,
    hint: 'check that the image fits `options.image` and has cloud-init, and that `commandLine` names its root file system',
  });
}

/** The error of ssh when the guest cannot be reached. */
async function refusalOf(host: Executor, paths: GuestPaths, ssh: Addressing['ssh']): Promise<string> {
  const argv = [...sshArgv(paths, ssh), '-o', 'ControlMaster=no', '-n', ssh.address, 'exit'] as const;
  const tried = await host.exec({ argv, timeoutMs: TRY_MS }).catch(() => undefined);
  return printable(tried?.stderr ?? 'no answer', 200);
}
