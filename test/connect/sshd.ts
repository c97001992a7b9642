import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { HostConfig } from '../../harness/types.js';
import { killIfRunning } from '../processes.js';

/** A real sshd on the loopback interface with files of its own, for tests. */
export interface Sshd {
  readonly port: number;
  readonly address: string;
  /** Holds everything; removed by `stop`. Tests may put files here. */
  readonly dir: string;
  /** `TYPE BASE64` of a host key. */
  hostKey(type?: 'ed25519' | 'rsa'): string;
  /** Process ids of the children that serve connections at the moment. */
  connections(): readonly number[];
  /** Ends it with every connection and removes its files; may be called again. */
  stop(): Promise<void>;
}

/** Why no sshd can be started here, or null. Put it into the title of a suite that is skipped for it. */
export function sshdMissing(): string | null {
  const absent = ['/usr/sbin/sshd', '/usr/bin/ssh', '/usr/bin/ssh-keygen'].filter((path) => !existsSync(path));
  return absent.length === 0 ? null : `needs openssh-server and openssh-client: no ${absent.join(', ')}`;
}

export interface SshdOptions {
  /** Public keys that may log in. */
  readonly authorized: readonly string[];
  readonly address?: string;
  /** Take over the port of one that was stopped. */
  readonly port?: number;
  /** Default: ed25519. Making an RSA key takes long. */
  readonly hostKeys?: readonly ('ed25519' | 'rsa')[];
  readonly config?: readonly string[];
}

export async function startSshd(options: SshdOptions): Promise<Sshd> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-sshd-'));
  const address = options.address ?? '127.0.0.1';
  const port = options.port ?? (await freePort(address));
  const types = options.hostKeys ?? ['ed25519'];
  for (const type of types) await makeKey(join(dir, `host_${type}`), type);
  await writeFile(join(dir, 'authorized_keys'), options.authorized.map((key) => `${key}\n`).join(''), { mode: 0o600 });
  const lines = [
    `ListenAddress ${address}`,
    `Port ${port}`,
    ...types.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
    `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
    `PidFile ${join(dir, 'pid')}`,
    'StrictModes no',
    'UsePAM no',
    'UseDNS no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    // Bash then takes itself for a shell in a shell and leaves out ~/.bashrc, which may cost 300 ms a command.
    'SetEnv SHLVL=2',
    ...(options.config ?? []),
  ];
  await writeFile(join(dir, 'config'), `${lines.join('\n')}\n`);
  // The directory that sshd as root changes into before a login; without root it does not look for one.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', join(dir, 'config'), '-E', join(dir, 'log')], { stdio: 'ignore' });
  const { pid } = child;
  if (pid === undefined) throw new Error('sshd could not be started');
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await listening(address, port).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    await exited;
    const log = await readFile(join(dir, 'log'), 'utf8').catch(() => '');
    await rm(dir, { recursive: true, force: true });
    throw new Error(`sshd does not listen: ${log}`, { cause: error });
  });
  return {
    port,
    address,
    dir,
    hostKey: (type = 'ed25519') => {
      const [name, key] = readFileSync(join(dir, `host_${type}.pub`), 'utf8').split(' ');
      return `${name ?? ''} ${key ?? ''}`;
    },
    connections: () => childrenOf(pid),
    async stop() {
      // The id of a process that has ended may by now belong to another.
      const running = child.exitCode === null && child.signalCode === null;
      for (const served of running ? [...childrenOf(pid).flatMap(childrenOf), ...childrenOf(pid)] : []) {
        killIfRunning(served);
      }
      child.kill('SIGKILL');
      await exited;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The configuration of a host behind a test's sshd; everything else of the user's ssh configuration is kept out. */
export function hostBehind(
  sshd: Sshd,
  files: { readonly identity?: readonly string[]; readonly knownHosts: string; readonly configFile: string },
  id = 'alpha',
): HostConfig {
  return {
    id,
    connect: {
      via: 'ssh',
      destination: sshd.address,
      user: userInfo().username,
      port: sshd.port,
      knownHostsFiles: [files.knownHosts],
      configFile: files.configFile,
      ...(files.identity === undefined ? {} : { identityFiles: files.identity }),
    },
  };
}

export async function makeKey(path: string, type: 'ed25519' | 'rsa' = 'ed25519', passphrase = ''): Promise<string> {
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  await execa('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-C', 'bench-test', '-f', path]);
  return (await readFile(`${path}.pub`, 'utf8')).trim();
}

export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Processes whose parent is this one, from field 4 of /proc/PID/stat (proc(5)). */
export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

async function listening(address: string, port: number): Promise<void> {
  for (let attempt = 0; attempt < 800; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: address, port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on ${address} port ${port}`);
}
