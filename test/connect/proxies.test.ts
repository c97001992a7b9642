import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../harness/connect/index.js';
import type { HostConfig } from '../../harness/types.js';
import { refused } from './conformance.js';
import { childrenOf, makeKey, sshdMissing, startSshd, type Sshd } from './sshd.js';

const missing = sshdMissing();
const user = userInfo().username;

describe.skipIf(missing !== null)(`jump hosts and proxies${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let dir = '';
  let sshds: Sshd[] = [];
  const at = (name: string): string => join(dir, name);
  const port = (index: number): number => sshds[index]?.port ?? 0;
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(at(name), text);
    return at(name);
  };
  const line = (index: number): string => `[127.0.0.1]:${port(index)} ${sshds[index]?.hostKey() ?? ''}\n`;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bench-connect-'));
    const authorized = [await makeKey(at('key'))];
    const config = ['AllowTcpForwarding no'];
    sshds = await Promise.all([
      startSshd({ authorized }),
      startSshd({ authorized }),
      startSshd({ authorized }),
      startSshd({ authorized, config }),
    ]);
    await write('known', [0, 1, 2, 3].map(line).join(''));
  });
  afterAll(async () => {
    await Promise.all(sshds.map((sshd) => sshd.stop()));
    await rm(dir, { recursive: true, force: true });
  });

  /** Hosts h0 to h3 in a client configuration, with more lines for some. */
  const configured = async (name: string, extra: Readonly<Record<number, string>>): Promise<string> => {
    const hosts = [0, 1, 2, 3].map((index) =>
      [
        `Host h${index}`,
        // The first value of a keyword counts.
        extra[index] ?? '',
        `HostName 127.0.0.1`,
        `Port ${port(index)}`,
        `User ${user}`,
        `IdentityFile ${at('key')}`,
        `UserKnownHostsFile ${at('known')}`,
      ].join('\n  '),
    );
    return write(name, `${hosts.join('\n')}\n`);
  };
  const reach = async (configFile: string, destination: string, jump?: string): Promise<string> => {
    const config: HostConfig = {
      id: destination,
      connect: { via: 'ssh', destination, configFile, ...(jump === undefined ? {} : { jump }) },
    };
    const connection = await connect(config, { environment: {}, connectTimeoutMs: 10_000 });
    try {
      return (await connection.exec({ argv: ['sh', '-c', 'echo "${SSH_CONNECTION##* }"'] })).stdout.trim();
    } finally {
      await connection.close();
    }
  };

  it('follows a chain of ProxyJump, each jump with its own configuration', async () => {
    const file = await configured('chain', { 2: 'ProxyJump h0,h1' });
    expect(await reach(file, 'h2')).toBe(String(port(2)));
  });

  it("follows a jump's own ProxyJump, and jump of the host's configuration before the file's", async () => {
    const file = await configured('nested', { 1: 'ProxyJump h0', 2: 'ProxyJump nowhere.invalid' });
    expect(await reach(file, 'h2', 'h1')).toBe(String(port(2)));
  });

  it('reaches a bastion that a pattern would send through itself', async () => {
    const file = await configured('self', { 0: 'ProxyJump h0' });
    expect(await reach(file, 'h0')).toBe(String(port(0)));
  });

  it('gives up on jumps that lead in a circle', async () => {
    const file = await configured('circle', { 0: 'ProxyJump h1', 1: 'ProxyJump h0', 2: 'ProxyJump h0' });
    expect((await refused(reach(file, 'h2'))).problem.message).toContain('more than 8 hosts');
  });

  it('checks the key of every hop', async () => {
    const other = await write('known-one', line(2));
    const file = await configured('strict', { 2: `UserKnownHostsFile ${other}`, 0: `UserKnownHostsFile ${other}` });
    const error = await refused(reach(file, 'h2', 'h0'));
    expect(error.problem.message).toContain(`[127.0.0.1]:${port(0)} is not known`);
    const target = await configured('strict-target', { 2: `UserKnownHostsFile ${await write('none', '')}` });
    const behind = await refused(reach(target, 'h2', 'h0'));
    expect(behind.problem.message).toContain(`[127.0.0.1]:${port(2)} is not known`);
    expect(behind.problem.hint).toContain(`echo '${line(2).trim()}' >> ${at('none')}`);
  });

  it('reports when a jump host does not forward', async () => {
    const file = await configured('closed', { 2: 'ProxyJump h3' });
    const error = await refused(reach(file, 'h2'));
    expect(error.problem.message).toBe(`cannot reach 127.0.0.1 port ${port(2)} from 127.0.0.1`);
    expect(error.problem.hint).toContain('AllowTcpForwarding');
  });

  it('reports when nothing listens behind a jump host', async () => {
    const file = await configured('empty', { 2: 'ProxyJump h0\n  Port 1' });
    const error = await refused(reach(file, 'h2'));
    expect(error.problem.message).toBe('cannot reach 127.0.0.1 port 1 from 127.0.0.1');
    expect(error.transport).toBe(true);
  });

  it('goes through a ProxyCommand, puts its tokens in and ends it afterwards', async () => {
    const command = `ssh -F ${at('proxied')} -W %h:%p h0`;
    const file = await configured('proxied', { 2: `ProxyCommand ${command}` });
    const before = childrenOf(process.pid).length;
    expect(await reach(file, 'h2')).toBe(String(port(2)));
    await expect.poll(() => childrenOf(process.pid).length).toBe(before);
  });

  it('takes a ProxyCommand of none for no proxy', async () => {
    expect(await reach(await configured('no-proxy', { 2: 'ProxyCommand none' }), 'h2')).toBe(String(port(2)));
  });

  it('shows what a failed ProxyCommand printed', async () => {
    const file = await configured('broken', { 2: `ProxyCommand sh -c 'echo "no way to %%h" >&2; exit 3'` });
    const error = await refused(reach(file, 'h2'));
    expect(error.problem.found).toContain('no way to %h');
    expect(error.problem.found).toContain('exit code 3');
  });

  it('puts no name into a ProxyCommand that a shell could misread', async () => {
    const file = await write('evil', 'Host evil\n  HostName a;touch\n  ProxyCommand echo %h\n');
    const { message } = (await refused(reach(file, 'evil'))).problem;
    // Newer versions of ssh refuse such a name before we do.
    expect(message).toMatch(/^(%h cannot be put into "echo %h"|the ssh configuration of evil cannot be read)$/);
  });
});
