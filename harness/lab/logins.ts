import { access, copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostId } from '../types.js';
import { command } from './command.js';
import type { LabPaths } from './paths.js';
import { hostDirectory, writeWhole, type LabHost } from './state.js';

/** Files with which a client logs in to the hosts of a lab; all absolute. */
export interface Logins {
  /** An ssh_config(5) that knows every host by its name: `ssh -F FILE alpha`. */
  readonly configFile: string;
  readonly identityFile: string;
  readonly knownHostsFile: string;
}

/** sshd_config(5): one key, no passwords, nothing that asks the network for names. */
export const SSHD_CONFIG = `HostKey /etc/ssh/ssh_host_ed25519_key
AuthorizedKeysFile /etc/ssh/lab_authorized_keys .ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
Subsystem sftp internal-sftp
`;

export function labLogins(paths: LabPaths): Logins {
  const folder = join(paths.state, 'ssh');
  return {
    configFile: join(folder, 'config'),
    identityFile: join(folder, 'id_ed25519'),
    knownHostsFile: join(folder, 'known_hosts'),
  };
}

/** Makes the client's key pair when there is none. */
export async function makeClientKey(paths: LabPaths): Promise<void> {
  await mkdir(join(paths.state, 'ssh'), { recursive: true, mode: 0o700 });
  await makeKey(labLogins(paths).identityFile, `bench-lab ${paths.name}`);
}

/**
 * The files that are copied over a host's root at every start: its name, host key, who may log in, the login shell.
 * The host key stays for as long as the lab does.
 */
export async function seedHost(paths: LabPaths, id: HostId, shell: string): Promise<void> {
  const seed = join(hostDirectory(paths, id), 'seed');
  await mkdir(join(seed, 'etc/ssh'), { recursive: true });
  await mkdir(join(seed, 'usr/lib/bench-lab'), { recursive: true });
  await makeKey(join(seed, 'etc/ssh/ssh_host_ed25519_key'), `root@${id}`);
  await copyFile(`${labLogins(paths).identityFile}.pub`, join(seed, 'etc/ssh/lab_authorized_keys'));
  await writeWhole(join(seed, 'etc/ssh/sshd_lab'), SSHD_CONFIG);
  await writeWhole(join(seed, 'etc/hostname'), `${id}\n`);
  await copyFile(shell, join(seed, 'usr/lib/bench-lab/lab-shell'));
}

/** Writes the client's configuration and the host keys to expect. */
export async function writeLogins(paths: LabPaths, hosts: readonly LabHost[]): Promise<void> {
  const logins = labLogins(paths);
  const known: string[] = [];
  for (const { id, port } of hosts) {
    const key = await readFile(join(hostDirectory(paths, id), 'seed/etc/ssh/ssh_host_ed25519_key.pub'), 'utf8');
    known.push(`[127.0.0.1]:${port} ${key.split(' ').slice(0, 2).join(' ')}\n`);
  }
  await writeWhole(logins.knownHostsFile, known.join(''));
  await writeWhole(logins.configFile, hosts.map((host) => clientConfig(host, logins)).join('\n'));
}

function clientConfig({ id, port }: LabHost, logins: Logins): string {
  return `Host ${id}
  HostName 127.0.0.1
  Port ${port}
  User root
  IdentityFile ${logins.identityFile}
  IdentitiesOnly yes
  UserKnownHostsFile ${logins.knownHostsFile}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`;
}

async function makeKey(path: string, comment: string): Promise<void> {
  const there = await access(`${path}.pub`).then(
    () => true,
    () => false,
  );
  if (there) return;
  // The public half is written last: without it, a kill came in between.
  await command(['rm', '-f', path]);
  await command(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
}
