import type { Connection, HostConfig } from '../types.js';
import { connectLocal } from './local.js';
import type { ConnectOptions } from './ssh.js';

/** A connection to a host as its configuration says. The SSH client is loaded when a host needs it. */
export async function connect(config: HostConfig, options: ConnectOptions = {}): Promise<Connection> {
  if (config.connect.via === 'local') return connectLocal(config.id);
  const { connectSsh } = await import('./ssh.js');
  return connectSsh(config, options);
}
