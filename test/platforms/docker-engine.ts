import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectLocal } from '../../harness/connect/local.js';

/** An engine of a test's own: it shares nothing with one that runs on this machine. */
export interface DockerEngine {
  readonly env: Readonly<Record<string, string>>;
  end(): Promise<void>;
}

/** In a network of its own, so that nothing of it can reach the machine's; mounts are its own, too. */
const START = 'ip link set lo up; exec dockerd "$@"';

/** Starts dockerd with all that it keeps in a directory of its own; rejects with its log when it does not answer. */
export async function startDocker(): Promise<DockerEngine> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'bench-dockerd-')));
  const socket = `unix://${directory}/socket`;
  await writeFile(join(directory, 'daemon.json'), '{}');
  const log = await open(join(directory, 'log'), 'w');
  const options = [
    `--config-file=${directory}/daemon.json`,
    `--host=${socket}`,
    `--data-root=${directory}/data`,
    `--exec-root=${directory}/exec`,
    `--pidfile=${directory}/pid`,
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
  ];
  const unshare = ['--net', '--mount', '--propagation', 'private', 'sh', '-c', START, 'sh', ...options];
  const daemon = spawn('unshare', unshare, { stdio: ['ignore', log.fd, log.fd] });
  const ended = new Promise<void>((resolve) => daemon.once('close', () => resolve()));
  await log.close();
  const env = { DOCKER_HOST: socket };
  const end = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const executor = connectLocal();
  for (let tries = 0; tries < 300; tries += 1) {
    const { exit } = await executor.exec({ argv: ['docker', 'version'], env });
    if (exit.kind === 'code' && exit.code === 0) return { env, end };
    if (daemon.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const tail = (await readFile(join(directory, 'log'), 'utf8')).trim().split('\n').slice(-5).join('\n');
  await end();
  throw new Error(`dockerd does not answer: ${tail}`);
}
