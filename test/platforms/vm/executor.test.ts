import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { guestExecutor, loginExecutor, readLeft } from '../../../harness/platforms/vm/executor.js';
import { pathsOf, type GuestPaths } from '../../../harness/platforms/vm/paths.js';
import { dropSession, openSession } from '../../../harness/platforms/vm/session.js';
import type { ExecResult } from '../../../harness/types.js';
import { killIfRunning } from '../../processes.js';
import { conformance, refused } from '../../connect/conformance.js';
import { makeKey, sshdMissing, startSshd, type Sshd } from '../../connect/sshd.js';

const missing = sshdMissing() ?? (userInfo().username === 'root' ? null : 'needs root, whom guests let in');
const host = connectLocal();

interface Login {
  readonly paths: GuestPaths;
  readonly sshd: Sshd;
  readonly ssh: { readonly address: string; readonly port: number };
  readonly dir: string;
  close(): Promise<void>;
}

/** An SSH server on this machine in the place of a guest's. */
async function makeLogin(name: string): Promise<Login> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-vm-'));
  const paths = pathsOf('kvm', { workDir: dir }, name);
  await mkdir(paths.dir, { recursive: true });
  const sshd = await startSshd({ authorized: [await makeKey(paths.key)], hostKeys: ['ed25519'] });
  await writeFile(paths.knownHosts, `${name} ${sshd.hostKey()}\n`);
  return {
    paths,
    sshd,
    dir,
    ssh: { address: sshd.address, port: sshd.port },
    async close() {
      await dropSession(host, paths);
      await sshd.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const running = { isRunning: () => Promise.resolve(true) };
const ended = { isRunning: () => Promise.resolve(false) };

describe.skipIf(missing !== null)(`a guest's login${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  conformance(
    'over a shared connection',
    async () => {
      const login = await makeLogin('bench-shared');
      expect(await openSession(host, login.paths, login.ssh)).toBe(true);
      const scratch = join(login.dir, 'scratch');
      await mkdir(scratch);
      const executor = loginExecutor(host, login.paths, login.ssh, running, 'kvm');
      return { executor, scratch, close: () => login.close() };
    },
    { signals: 'as code' },
  );

  describe('in addition to what every executor does', () => {
    let login: Login;
    beforeAll(async () => {
      login = await makeLogin('bench-login');
    });
    afterAll(() => login.close());

    it('opens one connection, and finds it open', async () => {
      expect(await openSession(host, login.paths, login.ssh)).toBe(true);
      expect(await openSession(host, login.paths, login.ssh)).toBe(true);
      const executor = guestExecutor(host, login.paths, login.ssh, running, 'kvm');
      for (let count = 0; count < 3; count += 1) await executor.exec({ argv: ['true'] });
      expect(login.sshd.connections()).toHaveLength(1);
    });

    it('knows a death by signal, and adds no output about it', async () => {
      const executor = guestExecutor(host, login.paths, login.ssh, running, 'kvm');
      const result = await executor.exec({ argv: ['sh', '-c', 'echo mine >&2; kill -KILL $$'] });
      expect(result).toMatchObject({ exit: { kind: 'signal', signal: 'SIGKILL' }, stderr: 'mine\n' });
    });

    it('works without the shared connection, more slowly', async () => {
      await dropSession(host, login.paths);
      const executor = guestExecutor(host, login.paths, login.ssh, running, 'kvm');
      expect((await executor.exec({ argv: ['echo', "it's"] })).stdout).toBe("it's\n");
    });

    it.each([
      ['goes on', running, /connection to .* was lost while a command ran/, true],
      ['has ended', ended, /bench-login of local is not running/, false],
    ] as const)(
      'does not take the end of the connection for that of a command when the guest %s',
      async (_, machine, message, transport) => {
        expect(await openSession(host, login.paths, login.ssh)).toBe(true);
        const executor = guestExecutor(host, login.paths, login.ssh, machine, 'kvm');
        const pending = refused(executor.exec({ argv: ['sh', '-c', 'echo begun >&2; sleep 60'] }));
        await new Promise((resolve) => setTimeout(resolve, 500));
        for (const pid of login.sshd.connections()) killIfRunning(pid);
        const error = await pending;
        expect(error.message).toMatch(message);
        expect([error.problem.stage, error.transport]).toEqual(['connect', transport]);
      },
    );

    it('refuses a server with another key', async () => {
      const other = await makeKey(join(login.dir, 'other'));
      await dropSession(host, login.paths);
      await writeFile(login.paths.knownHosts, `bench-login ${other.split(' ').slice(0, 2).join(' ')}\n`);
      expect(await openSession(host, login.paths, login.ssh)).toBe(false);
      const executor = guestExecutor(host, login.paths, login.ssh, running, 'kvm');
      const error = await refused(executor.exec({ argv: ['true'] }));
      expect(error.message).toMatch(/cannot enter the guest.*IDENTIFICATION HAS CHANGED/);
    });

    it('refuses a command line that no program can be given', async () => {
      const executor = guestExecutor(host, login.paths, login.ssh, running, 'kvm');
      const error = await refused(executor.exec({ argv: ['echo', 'x'.repeat(140_000)] }));
      expect(error.message).toMatch(/command line is too long/);
    });
  });
});

describe('readLeft', () => {
  const result = (stderr: string): ExecResult => ({
    exit: { kind: 'code', code: 255 },
    stdout: '',
    stderr,
    stdoutBytes: new Uint8Array(),
    durationMs: 1,
  });
  it.each([
    ['bench-arrived\nx\nbench-left 7\n', 7, 'bench-arrived\nx'],
    ['\nbench-left 0\n', 0, ''],
    ['\nbench-left 9\n a lie\nbench-left 3\n', 3, '\nbench-left 9\n a lie'],
    ['\nbench-left 3\nlate output of a child', 3, 'late output of a child'],
  ])('of %j', (stderr, code, rest) => {
    expect(readLeft(result(stderr))).toMatchObject({ exit: { kind: 'code', code }, stderr: rest });
  });
  it.each(['', 'bench-arrived\n', 'bench-left 0\n', '\nbench-left 1234\n', '\nbench-left 0'])('of %j', (stderr) => {
    expect(readLeft(result(stderr))).toBeUndefined();
  });
});
