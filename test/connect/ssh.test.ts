import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { nested } from '../../harness/connect/nested.js';
import { quoteArgv } from '../../harness/connect/quote.js';
import { connectSsh } from '../../harness/connect/ssh.js';
import type { HostConfig } from '../../harness/types.js';
import { conformance, type Subject } from './conformance.js';
import { hostBehind, makeKey, sshdMissing, startSshd, type Sshd } from './sshd.js';

const missing = sshdMissing();
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe.skipIf(missing !== null)(`hosts over SSH${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let dir = '';
  let first: Sshd;
  let second: Sshd;
  let config: HostConfig;
  let jumping: HostConfig;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bench-connect-'));
    const authorized = [await makeKey(join(dir, 'key'))];
    [first, second] = await Promise.all([startSshd({ authorized }), startSshd({ authorized })]);
    const known = [first, second].map((sshd) => `[127.0.0.1]:${sshd.port} ${sshd.hostKey()}\n`).join('');
    await writeFile(join(dir, 'known_hosts'), known);
    await writeFile(join(dir, 'config'), '');
    const files = {
      identity: [join(dir, 'key')],
      knownHosts: join(dir, 'known_hosts'),
      configFile: join(dir, 'config'),
    };
    config = hostBehind(first, files);
    const behind = hostBehind(second, files, 'behind');
    const jump = `${userInfo().username}@127.0.0.1:${first.port}`;
    jumping = { ...behind, connect: { ...behind.connect, jump } as HostConfig['connect'] };
  });
  afterAll(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await rm(dir, { recursive: true, force: true });
  });

  /** The host, for a user whose login shell is this one. */
  const withShell = async (shell: string): Promise<Subject> => {
    const sshd = await startSshd({
      authorized: [await readFile(join(dir, 'key.pub'), 'utf8')],
      config: [`ForceCommand exec ${shell} -c "$SSH_ORIGINAL_COMMAND"`],
    });
    const known = join(dir, `known_hosts.${shell}`);
    await writeFile(known, `[127.0.0.1]:${sshd.port} ${sshd.hostKey()}\n`);
    const files = { identity: [join(dir, 'key')], knownHosts: known, configFile: join(dir, 'config') };
    const executor = await connectSsh(hostBehind(sshd, files));
    const end = async (): Promise<void> => {
      await executor.close();
      await sshd.stop();
    };
    return { executor, ...(await scratchHere(end)) };
  };

  const over = async (host: HostConfig): Promise<Subject> => {
    const executor = await connectSsh(host);
    return { executor, ...(await scratchHere(executor.close.bind(executor))) };
  };

  conformance('one hop', () => over(config));
  for (const shell of ['tcsh', 'fish'].filter((name) => has(name))) {
    conformance(`a login shell that is ${shell}`, () => withShell(shell));
  }
  conformance('through a jump host', () => over(jumping));
  conformance(
    'a guest on a host, entered through a second ssh',
    async () => {
      const host = await connectSsh(config);
      const options = ['-F', join(dir, 'config'), '-i', join(dir, 'key'), '-p', String(second.port), '-oBatchMode=yes'];
      const known = `-oUserKnownHostsFile=${join(dir, 'known_hosts')}`;
      // One login for all commands.
      const master = [`-oControlPath=${join(dir, 'master')}`, '-oControlMaster=auto', '-oControlPersist=yes'];
      const argv = ['ssh', ...options, known, ...master] as const;
      const guest = nested(
        host,
        (command) => ({ ...command, argv: [...argv, '127.0.0.1', `exec ${quoteArgv(command.argv)}`] }),
        'guest',
      );
      const end = async (): Promise<void> => {
        await host.exec({ argv: [...argv, '-O', 'exit', '127.0.0.1'] });
        await host.close();
      };
      return { executor: guest, ...(await scratchHere(end)) };
    },
    // The second client ends with 255 when what it ran died of a signal.
    { signals: 255 },
  );
});

async function scratchHere(close: () => Promise<void>): Promise<Omit<Subject, 'executor'>> {
  const local = connectLocal();
  const scratch = await mkdtemp(join(tmpdir(), 'bench-connect-'));
  return {
    scratch,
    close: async () => {
      await close();
      await local.exec({ argv: ['rm', '-rf', '--', scratch] });
    },
  };
}
