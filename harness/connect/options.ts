import type { Executor } from '../types.js';

/** What a caller may set about connections; every field has a default. */
export interface ConnectOptions {
  /** How long a hop may take to come up, unless the ssh configuration has a ConnectTimeout. Default 20 000 ms. */
  readonly connectTimeoutMs?: number;
  /** How often a silent connection is probed. Default 15 000 ms. */
  readonly keepaliveMs?: number;
  /** Unanswered probes after which a connection counts as lost. Default 4. */
  readonly keepaliveCount?: number;
  /** Where `ssh -G` and `ssh-keygen -F` run. Default: this machine. */
  readonly local?: Executor;
  /** For SSH_AUTH_SOCK and variables that the ssh configuration names. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}
