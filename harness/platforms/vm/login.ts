import type { Addressing } from './network.js';
import type { GuestPaths } from './paths.js';

/**
 * The OpenSSH client of a host, into one of its guests: with the key that was made for it, the host key that was put
 * into the guest, and without the user's own configuration. It never prompts.
 */
export function sshArgv(paths: GuestPaths, ssh: Addressing['ssh']): readonly [string, ...string[]] {
  const settings: Readonly<Record<string, string | number>> = {
    BatchMode: 'yes',
    CheckHostIP: 'no',
    ConnectTimeout: 10,
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: paths.name,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    LogLevel: 'ERROR',
    // While a trial measures, these probes are all that crosses the connection, as on that to the host.
    ServerAliveCountMax: 4,
    ServerAliveInterval: 15,
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: paths.knownHosts,
  };
  return [
    'ssh',
    ...['-F', 'none', '-T', '-a', '-x', '-i', paths.key, '-p', String(ssh.port), '-l', 'root', '-S', paths.socket],
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}
