import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../../harness/connect/index.js';
import { fingerprint } from '../../harness/connect/known-hosts.js';
import type { ConnectOptions } from '../../harness/connect/ssh.js';
import type { HostConfig } from '../../harness/types.js';
import { killIfRunning } from '../processes.js';
import { refused } from './conformance.js';
import { freePort, hostBehind, makeKey, sshdMissing, startSshd, type Sshd } from './sshd.js';

const missing = sshdMissing();
const user = userInfo().username;

describe.skipIf(missing !== null)(
  `host keys and authentication${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    let dir = '';
    let sshd: Sshd;
    let stranger = '';
    const at = (name: string): string => join(dir, name);
    const name = (): string => `[127.0.0.1]:${sshd.port}`;

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'bench-connect-'));
      sshd = await startSshd({
        authorized: [await makeKey(at('key')), await makeKey(at('locked'), 'ed25519', 'secret')],
        hostKeys: ['ed25519', 'rsa'],
      });
      await makeKey(at('other'));
      stranger = (await readFile(at('other.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
      await writeFile(at('config'), '');
      await writeFile(at('right'), `${name()} ${sshd.hostKey()}\n`);
    });
    afterAll(async () => {
      await sshd.stop();
      await rm(dir, { recursive: true, force: true });
    });

    const host = (knownHosts: string, identity: readonly string[] = [at('key')]): HostConfig =>
      hostBehind(sshd, { identity, knownHosts, configFile: at('config') });
    /** Connects, runs a command and closes; without an agent unless the test brings one. */
    const reach = async (config: HostConfig, options: ConnectOptions = {}): Promise<string> => {
      const connection = await connect(config, { environment: {}, ...options });
      try {
        return (await connection.exec({ argv: ['echo', 'reached'] })).stdout;
      } finally {
        await connection.close();
      }
    };
    const knownAs = async (file: string, text: string): Promise<string> => {
      await writeFile(at(file), text);
      return at(file);
    };
    const blob = (key: string): Buffer => Buffer.from(key.split(' ')[1] ?? '', 'base64');

    it('accepts a key in a hashed file', async () => {
      await execa('ssh-keygen', ['-H', '-f', await knownAs('hashed', await readFile(at('right'), 'utf8'))]);
      expect(await readFile(at('hashed'), 'utf8')).toMatch(/^\|1\|/);
      expect(await reach(host(at('hashed')))).toBe('reached\n');
    });

    it('requests the type of key that is known, also when the host prefers another', async () => {
      expect(await reach(host(await knownAs('rsa', `${name()} ${sshd.hostKey('rsa')}\n`)))).toBe('reached\n');
    });

    it('accepts a key that is known under the name without the port, as ssh does', async () => {
      expect(await reach(host(await knownAs('bare', `127.0.0.1 ${sshd.hostKey()}\n`)))).toBe('reached\n');
    });

    it('accepts a key that one of two lines knows', async () => {
      const both = `${name()} ${stranger}\n${name()} ${sshd.hostKey()}\n`;
      expect(await reach(host(await knownAs('both', both)))).toBe('reached\n');
    });

    it('looks a key up under HostKeyAlias', async () => {
      const config = await knownAs('alias-config', 'HostKeyAlias the-alias\n');
      const known = await knownAs('alias', `the-alias ${sshd.hostKey()}\n`);
      const aliased = hostBehind(sshd, { identity: [at('key')], knownHosts: known, configFile: config });
      expect(await reach(aliased)).toBe('reached\n');
      const error = await refused(reach(hostBehind(sshd, { knownHosts: at('right'), configFile: config })));
      expect(error.problem.hint).toContain(`echo 'the-alias ${sshd.hostKey()}' >> `);
    });

    it('refuses an unknown key with its fingerprint and a command that accepts it', async () => {
      const file = at('new folder/known');
      const error = await refused(reach(host(file)));
      expect(error.problem).toMatchObject({ stage: 'connect', host: 'alpha' });
      expect(error.transport).toBe(false);
      expect(error.problem.message).toContain('is not known');
      const { stdout } = await execa('ssh-keygen', ['-lf', join(sshd.dir, 'host_ed25519.pub')]);
      expect(error.problem.found).toContain(stdout.split(' ')[1]);
      const command = error.problem.hint?.split('accept it: ')[1] ?? '';
      expect(command).toContain(`ssh-keyscan -p ${sshd.port} -t ed25519 127.0.0.1 >> '${file}'`);
      await execa('sh', ['-c', command]);
      expect(await reach(host(file))).toBe('reached\n');
    });

    it('refuses a key that has changed, naming the line and the command that forgets it', async () => {
      const file = await knownAs('changed', `# a comment\n${name()} ${stranger}\n`);
      const error = await refused(reach(host(file)));
      expect(error.transport).toBe(false);
      expect(error.problem.message).toContain('has changed');
      expect(error.problem.expected).toBe(`${fingerprint(blob(stranger))} (${file}:2)`);
      expect(error.problem.found).toContain(fingerprint(blob(sshd.hostKey())));
      const command = error.problem.hint?.split('old key: ')[1] ?? '';
      expect(command).toBe(`ssh-keygen -R '${name()}' -f ${file}`);
      await execa('sh', ['-c', command]);
      expect((await refused(reach(host(file)))).problem.message).toContain('is not known');
    });

    it('refuses a revoked key even when another line knows it', async () => {
      const text = `${name()} ${sshd.hostKey()}\n@revoked * ${sshd.hostKey()}\n`;
      const error = await refused(reach(host(await knownAs('revoked', text))));
      expect(error.problem.message).toContain('is revoked');
      expect(error.problem.expected).toContain(':2');
    });

    it('trusts no certificate authority, and reports that', async () => {
      const error = await refused(reach(host(await knownAs('authority', `@cert-authority * ${sshd.hostKey()}\n`))));
      expect(error.problem.message).toContain('is not known');
      expect(error.problem.message).toContain('certificate authority, which is not supported');
    });

    it('reports when the host has no key of the type that is known', async () => {
      const key = await makeKey(at('ecdsa-ish'), 'rsa');
      const only = await startSshd({ authorized: [] });
      onTestFinished(() => only.stop());
      const text = `[127.0.0.1]:${only.port} ${key.split(' ').slice(0, 2).join(' ')}\n`;
      const files = { knownHosts: await knownAs('other-type', text), configFile: at('config') };
      const error = await refused(reach(hostBehind(only, files)));
      expect(error.problem.message).toContain('no host key of a known type');
      expect(error.problem.expected).toContain('ssh-rsa');
    });

    it('refuses a known_hosts that is a directory', async () => {
      await mkdir(at('folder'));
      expect((await refused(reach(host(at('folder'))))).problem.message).toContain('cannot be read');
    });

    it('names the keys that a host did not accept', async () => {
      const error = await refused(reach(host(at('right'), [at('other')])));
      expect(error.problem.message).toBe(`authentication as ${user} at ${name()} failed`);
      expect(error.problem.found).toContain(`tried ${at('other')}`);
      expect(error.problem.found).toContain('the host accepts publickey');
      expect(error.transport).toBe(false);
    });

    it('reports that a key file is missing', async () => {
      const error = await refused(reach(host(at('right'), [at('nowhere')])));
      expect(error.problem.found).toContain(`${at('nowhere')}: no such file`);
    });

    it('suggests ssh-add when a key is encrypted', async () => {
      const error = await refused(reach(host(at('right'), [at('locked')])));
      expect(error.problem.found).toContain(`${at('locked')}: encrypted`);
      expect(error.problem.hint).toContain(`ssh-add ${at('locked')}`);
    });

    it('reports that an agent does not answer, and does not wait for one that hangs', async () => {
      const hung = createServer().listen(at('hung'));
      onTestFinished(() => void hung.close());
      await new Promise((resolve) => hung.once('listening', resolve));
      expect(await reach(host(at('right')), { environment: { SSH_AUTH_SOCK: at('hung') } })).toBe('reached\n');
      const error = await refused(reach(host(at('right'), []), { environment: { SSH_AUTH_SOCK: at('no-socket') } }));
      expect(error.problem.found).toContain(`agent ${at('no-socket')}: does not answer`);
    });

    describe('with an agent', () => {
      let socket = '';
      let pid = 0;
      beforeAll(async () => {
        socket = at('agent');
        const { stdout } = await execa('ssh-agent', ['-s', '-a', socket]);
        pid = Number(/SSH_AGENT_PID=(\d+)/.exec(stdout)?.[1]);
        await writeFile(at('askpass'), '#!/bin/sh\necho secret\n', { mode: 0o700 });
        const env = { SSH_AUTH_SOCK: socket, SSH_ASKPASS: at('askpass'), SSH_ASKPASS_REQUIRE: 'force' };
        await execa('ssh-add', [at('other')], { env });
        await execa('ssh-add', [at('locked')], { env });
      });
      afterAll(() => {
        if (pid > 0) killIfRunning(pid, 'SIGTERM');
      });

      it('tries the keys of the agent', async () => {
        expect(await reach(host(at('right'), []), { environment: { SSH_AUTH_SOCK: socket } })).toBe('reached\n');
      });

      it('uses an encrypted key file through the agent that holds it, with IdentitiesOnly', async () => {
        await rm(at('locked.pub'));
        const configFile = await knownAs('only-config', `IdentitiesOnly yes\nIdentityAgent ${socket}\n`);
        const only = (identity: string): HostConfig =>
          hostBehind(sshd, { identity: [identity], knownHosts: at('right'), configFile });
        expect(await reach(only(at('locked')))).toBe('reached\n');
        const error = await refused(reach(only(at('nowhere'))));
        expect(error.problem.found).toContain('no key was offered');
      });

      it('names the agent and the number of its keys when none is accepted', async () => {
        const strict = await startSshd({ authorized: [] });
        onTestFinished(() => strict.stop());
        const known = await knownAs('strict', `[127.0.0.1]:${strict.port} ${strict.hostKey()}\n`);
        const config = hostBehind(strict, { knownHosts: known, configFile: at('config') });
        const error = await refused(reach(config, { environment: { SSH_AUTH_SOCK: socket } }));
        expect(error.problem.found).toContain(`tried agent ${socket} (2 keys)`);
      });
    });

    describe('hosts that cannot be reached', () => {
      const to = (connectTo: Extract<HostConfig['connect'], { via: 'ssh' }>): HostConfig => ({
        id: 'gone',
        connect: connectTo,
      });

      it('connection refused', async () => {
        const port = await freePort();
        const error = await refused(
          reach(to({ via: 'ssh', destination: '127.0.0.1', port, configFile: at('config') })),
        );
        expect(error.problem).toMatchObject({ stage: 'connect', host: 'gone', found: 'connection refused' });
        expect(error.problem.message).toBe(`cannot reach 127.0.0.1 port ${port}`);
        expect(error.transport).toBe(true);
      });

      it('name not found', async () => {
        const error = await refused(reach(to({ via: 'ssh', destination: 'bench.invalid', configFile: at('config') })));
        expect(error.problem.found).toMatch(/^name (not found|service does not answer)$/);
      });

      it('nobody speaks SSH there', async () => {
        const silent = createServer().listen(0, '127.0.0.1');
        const { port } = await new Promise<{ port: number }>((resolve) =>
          silent.once('listening', () => resolve(silent.address() as { port: number })),
        );
        const config = to({ via: 'ssh', destination: '127.0.0.1', port, configFile: at('config') });
        onTestFinished(() => void silent.close());
        const error = await refused(reach(config, { connectTimeoutMs: 300 }));
        expect(error.problem.found).toBe('no answer');
        expect(error.transport).toBe(true);
      });

      it.each(['-oProxyCommand=touch${IFS}/tmp/x', 'ssh://'])('the destination %s', async (destination) => {
        expect((await refused(reach(to({ via: 'ssh', destination, configFile: at('config') })))).problem.stage).toBe(
          'connect',
        );
      });

      it('the ssh configuration is missing or wrong', async () => {
        const wrong = await knownAs('wrong-config', 'NoSuchKeyword yes\n');
        for (const configFile of [at('no-config'), wrong]) {
          const error = await refused(reach(to({ via: 'ssh', destination: '127.0.0.1', configFile })));
          expect(error.problem.message).toBe('the ssh configuration of 127.0.0.1 cannot be read');
          expect(error.problem.found).toContain(configFile);
        }
      });
    });
  },
);
