import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connectSsh } from '../../harness/connect/ssh.js';
import type { Connection, HostConfig } from '../../harness/types.js';
import { killIfRunning } from '../processes.js';
import { refused } from './conformance.js';
import { childrenOf, hostBehind, makeKey, sshdMissing, startSshd, type Sshd } from './sshd.js';

const missing = sshdMissing();

describe.skipIf(missing !== null)(`a transport that fails${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let dir = '';
  let key = '';
  let sshd: Sshd;
  const open: Connection[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bench-connect-'));
    key = await makeKey(join(dir, 'key'));
    sshd = await startSshd({ authorized: [key] });
    await writeFile(join(dir, 'config'), '');
  });
  afterAll(async () => {
    await Promise.all(open.map((connection) => connection.close()));
    await sshd.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const hostOf = async (server: Sshd): Promise<HostConfig> => {
    const knownHosts = join(dir, `known-${server.port}`);
    await writeFile(knownHosts, `[127.0.0.1]:${server.port} ${server.hostKey()}\n`);
    return hostBehind(server, { identity: [join(dir, 'key')], knownHosts, configFile: join(dir, 'config') });
  };
  const connected = async (server = sshd, options = {}): Promise<Connection> => {
    const connection = await connectSsh(await hostOf(server), options);
    open.push(connection);
    return connection;
  };
  /** sshd forks for each connection and, where it separates privileges, once more. */
  const served = (server = sshd): readonly number[] =>
    server.connections().flatMap((pid) => [pid, ...childrenOf(pid).filter((child) => isSshd(child))]);
  const signal = (pids: readonly number[], name: NodeJS.Signals): void =>
    pids.forEach((pid) => killIfRunning(pid, name));

  it('rejects every pending call when it is cut, and opens a new connection for the next', async () => {
    const connection = await connected();
    const pending = Array.from({ length: 6 }, () => refused(connection.exec({ argv: ['sleep', '60'] })));
    await expect.poll(() => sleepers(served()).length).toBe(4);
    endAfterTest(sleepers(served()));
    signal(served(), 'SIGKILL');
    for (const error of await Promise.all(pending)) {
      expect(error.problem).toMatchObject({ stage: 'connect', host: 'alpha' });
      expect(error.transport).toBe(true);
    }
    const again = await Promise.all([1, 2, 3].map((n) => connection.exec({ argv: ['echo', String(n)] })));
    expect(again.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
    expect(sshd.connections()).toHaveLength(1);
    await connection.close();
  });

  it('ends its session when it is detached, and opens another for the next call, however many come at once', async () => {
    const own = await startSshd({ authorized: [key] });
    onTestFinished(() => own.stop());
    const connection = await connected(own, { keepaliveMs: 50 });
    await connection.exec({ argv: ['true'] });
    expect(own.connections()).toHaveLength(1);
    await connection.detach?.();
    await connection.detach?.();
    await expect.poll(() => own.connections()).toHaveLength(0);
    const again = await Promise.all([1, 2, 3].map((n) => connection.exec({ argv: ['echo', String(n)] })));
    expect(again.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
    expect(own.connections()).toHaveLength(1);
    await connection.detach?.();
    await connection.close();
    expect((await refused(connection.exec({ argv: ['true'] }))).problem.message).toContain('has been closed');
  });

  it('never takes half of a file for the whole when it is cut in the middle of a put', async () => {
    const connection = await connected();
    const path = join(dir, 'half');
    await connection.put({ path, content: 'whole' });
    const cut = refused(connection.put({ path, content: Buffer.alloc(48 * 1024 * 1024, 'x') }));
    await expect.poll(() => temporaries(dir)).toBeGreaterThan(0);
    signal(served(), 'SIGKILL');
    expect((await cut).transport).toBe(true);
    await expect.poll(() => temporaries(dir)).toBe(0);
    expect(Buffer.from(await connection.get(path)).toString()).toBe('whole');
    await connection.close();
  });

  it('notices a host that has stopped answering', async () => {
    const own = await startSshd({ authorized: [key] });
    onTestFinished(() => own.stop());
    const connection = await connected(own, { keepaliveMs: 200, keepaliveCount: 2 });
    const pending = refused(connection.exec({ argv: ['sleep', '60'] }));
    await expect.poll(() => sleepers(served(own)).length).toBe(1);
    endAfterTest(sleepers(served(own)));
    const stopped = served(own);
    onTestFinished(() => signal(stopped, 'SIGCONT'));
    signal(stopped, 'SIGSTOP');
    const error = await pending;
    expect(error.transport).toBe(true);
    expect(error.problem.message).toContain('Keepalive timeout');
    signal(stopped, 'SIGCONT');
    expect((await connection.exec({ argv: ['echo', 'back'] })).stdout).toBe('back\n');
    await connection.close();
  });

  it('checks the host key again when it reconnects', async () => {
    const own = await startSshd({ authorized: [key] });
    onTestFinished(() => own.stop());
    const connection = await connected(own);
    const { port } = own;
    await own.stop();
    const gone = await refused(connection.exec({ argv: ['true'] }).then(() => connection.exec({ argv: ['true'] })));
    expect(gone.transport).toBe(true);
    const impostor = await startSshd({ authorized: [key], port });
    onTestFinished(() => impostor.stop());
    await expect
      .poll(async () => (await refused(connection.exec({ argv: ['true'] }))).problem.message)
      .toContain('has changed');
    await connection.close();
  });

  it('runs 12 commands at once on one connection', async () => {
    const connection = await connected();
    const numbers = Array.from({ length: 12 }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((n) => connection.exec({ argv: ['sh', '-c', 'sleep 0.1; echo "$1"; exit "$1"', 'sh', String(n)] })),
    );
    expect(results.map(({ stdout, exit }) => [stdout, exit])).toEqual(
      numbers.map((n) => [`${n}\n`, { kind: 'code', code: n }]),
    );
    expect(sshd.connections()).toHaveLength(1);
    await connection.close();
  });

  it('waits for a session where the host allows fewer than are requested', async () => {
    const narrow = await startSshd({ authorized: [key], config: ['MaxSessions 1'] });
    onTestFinished(() => narrow.stop());
    const connection = await connected(narrow);
    const results = await Promise.all(
      [1, 2, 3, 4].map((n) => connection.exec({ argv: ['sh', '-c', 'sleep 0.1; echo "$1"', 'sh', String(n)] })),
    );
    expect(results.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
    await connection.close();
  });

  it('tries again while the host has too many unfinished logins', async () => {
    const busy = await startSshd({ authorized: [key], config: ['MaxStartups 1:100:1'] });
    onTestFinished(() => busy.stop());
    await expect.poll(() => busy.connections().length).toBe(0);
    const begin = (): Socket => createConnection({ host: '127.0.0.1', port: busy.port }).resume();
    let unfinished = begin();
    onTestFinished(() => void unfinished.destroy());
    await expect
      .poll(() => {
        // sshd may not have noticed yet that the login which showed that it runs has ended, and refuses this one.
        if (unfinished.closed) unfinished = begin();
        return busy.connections().length;
      })
      .toBe(1);
    setTimeout(() => unfinished.destroy(), 300);
    const connection = await connected(busy);
    expect((await connection.exec({ argv: ['echo', 'in'] })).stdout).toBe('in\n');
    await connection.close();
  });

  it('rejects a command line that is longer than the host can take, with what to do', async () => {
    const connection = await connected();
    const error = await refused(connection.exec({ argv: ['echo', 'x'.repeat(131_072)] }));
    expect(error.problem.message).toContain('too long');
    expect((await connection.exec({ argv: ['echo', 'x'.repeat(130_000)] })).stdout).toHaveLength(130_001);
    await connection.close();
  });

  it('is closed for good after close, which ends what is pending', async () => {
    const connection = await connected();
    const pending = refused(connection.exec({ argv: ['sleep', '60'] }));
    await expect.poll(() => sleepers(served()).length).toBe(1);
    endAfterTest(sleepers(served()));
    await connection.close();
    expect((await pending).transport).toBe(true);
    expect((await refused(connection.exec({ argv: ['true'] }))).problem.message).toContain('has been closed');
    await connection.close();
    await expect.poll(() => sshd.connections().length).toBe(0);
  });
});

function isSshd(pid: number): boolean {
  return commandOf(pid).startsWith('sshd');
}

/** The commands of the tests; they outlive a connection that is cut, so each test ends its own. */
function sleepers(parents: readonly number[]): readonly number[] {
  return parents.flatMap((pid) => childrenOf(pid)).filter((pid) => commandOf(pid).startsWith('sleep'));
}

function endAfterTest(pids: readonly number[]): void {
  onTestFinished(() => pids.forEach((pid) => killIfRunning(pid)));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

function temporaries(dir: string): number {
  return readdirSync(dir).filter((name) => name.includes('.bench-put.')).length;
}
