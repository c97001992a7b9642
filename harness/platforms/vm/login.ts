import type { Addressing } from './network.js';
import type { Place } from './place.js';

/**
 * The OpenSSH client of a host, into one of its guests: with the key that was made for it, to the host key that was put
 * into the guest, and with nothing of the user's own configuration. Never asks anything.
 */
export function sshArgv(place: Place, ssh: Addressing['ssh']): readonly [string, ...string[]] {
  const settings: Readonly<Record<string, string | number>> = {
    BatchMode: 'yes',
    CheckHostIP: 'no',
    ConnectTimeout: 10,
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: place.name,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    LogLevel: 'ERROR',
    // While a trial measures, these probes are all that crosses the connection, as on that to the host.
    ServerAliveCountMax: 4,
    ServerAliveInterval: 15,
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: place.knownHosts,
  };
  return [
    'ssh',
    ...['-F', 'none', '-T', '-a', '-x', '-i', place.key, '-p', String(ssh.port), '-l', 'root', '-S', place.socket],
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}
