import { describe, expect, it, vi } from 'vitest';
import { fakeConnection } from '../../harness/connect/fake.js';
import { printable, transportLost } from '../../harness/connect/failure.js';
import { hostKeyAlgorithms, isTrusted } from '../../harness/connect/host-key.js';
import { keyName, parseFound, type KnownKey } from '../../harness/connect/known-hosts.js';
import { parseJump } from '../../harness/connect/route.js';
import { parseConfiguration, resolveHop } from '../../harness/connect/ssh-configuration.js';
import { atStage } from '../../harness/connect/stage.js';
import { refused } from './conformance.js';

describe('ssh -G', () => {
  // Real output (OpenSSH 9.2), shortened.
  const output = `host x
user operator
hostname example.org
port 2222
addressfamily inet
identitiesonly yes
hostkeyalgorithms ssh-ed25519,rsa-sha2-512
identityagent $BENCH_AGENT
identityfile ~/.ssh/%h-key
identityfile /tmp/a b/key
globalknownhostsfile /etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2
userknownhostsfile /root/.ssh/known_hosts
connecttimeout 5
proxycommand nc %h %p
`;
  const place = { where: 'x' };

  it('keeps values that repeat and values with spaces', () => {
    expect(parseConfiguration(output).get('identityfile')).toEqual(['~/.ssh/%h-key', '/tmp/a b/key']);
  });

  it('becomes a hop', async () => {
    const local = fakeConnection([{ when: ['ssh', '-G'], answer: { stdout: output } }]);
    const target = { via: 'ssh', destination: 'x', identityFiles: ['/own'], configFile: '/cfg' } as const;
    const hop = await resolveHop(local, place, 'x', { target, environment: { BENCH_AGENT: '/sock' } }, ['-p', '1']);
    expect(local.commands[0]?.argv).toEqual(['ssh', '-G', '-F', '/cfg', '-p', '1', '--', 'x']);
    expect(hop).toMatchObject({
      hostName: 'example.org',
      port: 2222,
      user: 'operator',
      identitiesOnly: true,
      agentSocket: '/sock',
      family: 'inet',
      connectTimeoutMs: 5000,
      proxyCommand: 'nc example.org 2222',
      proxyJump: null,
      knownHosts: ['/root/.ssh/known_hosts', '/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2'],
      hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-512'],
    });
    expect(hop.identities.map(({ named }) => named)).toEqual([true, false, false]);
    expect(hop.identities[1]?.path).toMatch(/^\/.*\/\.ssh\/example\.org-key$/);
  });

  it('names a token that it does not know', async () => {
    const local = fakeConnection([{ when: ['ssh'], answer: { stdout: 'hostname a\nproxycommand nc %T\n' } }]);
    const target = { via: 'ssh', destination: 'a' } as const;
    const error = await refused(resolveHop(local, place, 'a', { target, environment: {} }));
    expect(error.problem).toMatchObject({ stage: 'connect', found: 'nc %T' });
  });

  it('reports that ssh is missing', async () => {
    const target = { via: 'ssh', destination: 'a' } as const;
    const local = fakeConnection([]);
    await expect(resolveHop(local, place, 'a', { target, environment: {} })).rejects.toThrow('OpenSSH client');
  });
});

describe('a jump', () => {
  it.each([
    ['h', 'h', []],
    ['u@h:22', 'h', ['-l', 'u', '-p', '22']],
    ['ssh://u@h:22', 'h', ['-l', 'u', '-p', '22']],
    ['[::1]:2222', '::1', ['-p', '2222']],
    ['u@[fe80::1%eth0]', 'fe80::1%eth0', ['-l', 'u']],
  ])('%s', (text, host, options) => {
    expect(parseJump(text)).toEqual({ host, options });
  });

  it.each(['', '-oProxyCommand=x', 'u@', 'a b@c@d', 'h:p', '::1'])('is not %j', (text) => {
    expect(parseJump(text)).toBeNull();
  });
});

describe('known hosts', () => {
  it.each([
    [22, null, 'h'],
    [2222, null, '[h]:2222'],
    [2222, 'alias', 'alias'],
  ])('port %d and alias %s are kept under %s', (port, hostKeyAlias, name) => {
    expect(keyName({ hostName: 'h', port, hostKeyAlias })).toBe(name);
  });

  it('reads what ssh-keygen -F prints', () => {
    const text = `# Host a found: line 4 \n*.b,!c ssh-ed25519 AAAA comment\n# Host a found: line 5 REVOKED\n@revoked a ssh-rsa BBBB\n# Host a found: line 6 CA\n@cert-authority *.b ssh-rsa CCCC\n`;
    expect(parseFound(text).map(({ line, mark, type }) => [line, mark, type])).toEqual([
      [4, 'plain', 'ssh-ed25519'],
      [5, 'revoked', 'ssh-rsa'],
      [6, 'authority', 'ssh-rsa'],
    ]);
  });

  const entry = (type: string, mark: KnownKey['mark'] = 'plain', exact = true): KnownKey => ({
    file: 'f',
    line: 1,
    mark,
    type,
    exact,
    key: Buffer.from(type),
  });
  const hop = { hostKeyAlgorithms: ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'] };
  const algorithms = (known: readonly KnownKey[]): readonly string[] => hostKeyAlgorithms(hop, known);

  it('asks for the types that are known, without SHA-1 signatures unless the configuration allows them', () => {
    expect(algorithms([entry('ssh-rsa')])).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
    expect(algorithms([])).toEqual(['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256']);
    expect(algorithms([entry('ssh-rsa', 'revoked')])).toEqual(algorithms([]));
    expect(algorithms([entry('ssh-rsa'), entry('ssh-ed25519', 'plain', false)])).toEqual(
      algorithms([entry('ssh-rsa')]),
    );
  });

  it('trusts the keys of plain lines and none that a line revokes', () => {
    const key = Buffer.from('ssh-rsa');
    expect(isTrusted([entry('ssh-rsa')], key)).toBe(true);
    expect(isTrusted([entry('ssh-rsa'), entry('ssh-rsa', 'revoked')], key)).toBe(false);
    expect(isTrusted([entry('ssh-rsa', 'authority')], key)).toBe(false);
    expect(isTrusted([], key)).toBe(false);
  });
});

describe('messages', () => {
  it('shows no control characters of a host on the terminal', () => {
    expect(printable('a\u001b[31m\rb\n  c\u202ed\n')).toBe('a\\u{1b}[31m\\u{d}b | c\\u{202e}d');
    expect(printable('x'.repeat(600))).toHaveLength(503);
  });

  it('carry the stage of the caller, but for a lost connection', async () => {
    const lost = transportLost({ where: 'fake' }, 'gone');
    const rules = [{ when: ['lose'], answer: { error: lost } }];
    const staged = atStage(fakeConnection(rules), 'install');
    expect((await refused(staged.exec({ argv: ['other'] }))).problem.stage).toBe('install');
    expect((await refused(staged.get('/none'))).problem.stage).toBe('install');
    const error = await refused(staged.exec({ argv: ['lose'] }));
    expect([error.problem.stage, error.transport]).toEqual(['connect', true]);
  });
});

describe('the fake', () => {
  it('answers by table, records, keeps files and loses its transport on request', async () => {
    const fake = fakeConnection([
      { when: ['uname', '-r'], answer: { stdout: '6.1\n' } },
      { when: ({ stdin }) => stdin === 'x', answer: ({ argv }) => ({ code: argv.length, stderr: 'e' }) },
      { when: ['cut'], answer: { lost: true } },
      { when: ['dies'], answer: { signal: 'SIGKILL' } },
    ]);
    expect((await fake.exec({ argv: ['uname', '-r', '-m'] })).stdout).toBe('6.1\n');
    expect(await fake.exec({ argv: ['a', 'b'], stdin: 'x' })).toMatchObject({ exit: { code: 2 }, stderr: 'e' });
    expect((await fake.exec({ argv: ['dies'] })).exit).toEqual({ kind: 'signal', signal: 'SIGKILL' });
    expect((await refused(fake.exec({ argv: ['cut'] }))).transport).toBe(true);
    expect((await refused(fake.exec({ argv: ['unknown'] }))).problem.message).toContain('no answer for ["unknown"]');
    await fake.put({ path: '/a', content: 'b', mode: 0o600 });
    expect(Buffer.from(await fake.get('/a')).toString()).toBe('b');
    expect(fake.files.get('/a')?.mode).toBe(0o600);
    expect(fake.commands).toHaveLength(5);
  });
});

describe('connect', () => {
  it('loads the SSH client for hosts over SSH only', async () => {
    vi.resetModules();
    vi.doMock('../../harness/connect/ssh.js', () => {
      throw new Error('the SSH client was loaded');
    });
    const { connect } = await import('../../harness/connect/index.js');
    const local = await connect({ id: 'here', connect: { via: 'local' } });
    expect((await local.exec({ argv: ['echo', 'here'] })).stdout).toBe('here\n');
    await expect(connect({ id: 'there', connect: { via: 'ssh', destination: 'there' } })).rejects.toThrow();
    vi.doUnmock('../../harness/connect/ssh.js');
  });
});
