import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnknownHostKey } from '../../connect/host-key.js';
import { BenchError } from '../../errors.js';
import type { Connection, HostConfig } from '../../types.js';

/** What a login needs from outside. */
export interface Login {
  connect(host: HostConfig): Promise<Connection>;
  /** Whether a key is the host's own: a person has compared its fingerprint. */
  accepts(key: UnknownHostKey): Promise<boolean>;
  report(line: string): void;
}

/** A host and each machine that it is reached through may have a key that is not known. */
const MAX_KEYS = 8;

/**
 * Logs in to a host once, and resolves to its number of CPUs. A host key that is not known is added to known_hosts when it
 * is accepted, and checked there by the next login like any other. Rejects with a `BenchError` when there is no login.
 */
export async function tryLogin(host: HostConfig, login: Login): Promise<number> {
  for (let keys = 0; ; keys += 1) {
    try {
      return await countCpus(await login.connect(host));
    } catch (error) {
      const key = error instanceof BenchError ? error.cause : undefined;
      if (!(key instanceof UnknownHostKey) || keys === MAX_KEYS || !(await login.accepts(key))) throw error;
      await pin(key);
      login.report(`added the key of ${key.host} to ${key.file}`);
    }
  }
}

async function countCpus(connection: Connection): Promise<number> {
  try {
    const { stdout } = await connection.exec({ argv: ['nproc', '--all'], timeoutMs: 60_000 });
    const count = Number(stdout.trim());
    return Number.isInteger(count) && count > 0 ? count : 1;
  } finally {
    await connection.close();
  }
}

async function pin({ file, line }: UnknownHostKey): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file, 'utf8').catch(() => '');
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await appendFile(file, `${separator}${line}\n`, { mode: 0o600 });
}
