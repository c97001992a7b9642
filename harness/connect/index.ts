import type { Connection, HostConfig } from '../types.js';
import { connectLocal } from './local.js';
import type { ConnectOptions } from './ssh.js';

/** Connects to a host by its configuration. The SSH client is loaded only for hosts over SSH. */
export async function connect(config: HostConfig, options: ConnectOptions = {}): Promise<Connection> {
  if (config.connect.via === 'local') return connectLocal(config.id);
  const { connectSsh } = await import('./ssh.js');
  return connectSsh(config, options);
}
