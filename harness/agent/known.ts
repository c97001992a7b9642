import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Checksums of the agents that `bench` built, kept on the machine that runs it: a program on a host is run only if it is
 * one of them, whoever put it there.
 */
export interface KnownAgents {
  /** SHA-256, in hexadecimal, of the program that was built on `host` as `path`. */
  recall(host: string, path: string): Promise<string | undefined>;
  remember(host: string, path: string, sha256: string): Promise<void>;
}

/**
 * Remembers in memory and, where a directory is given, in a file for each program there. Neither an unreadable nor an
 * unwritable directory is an error: the agent is then built again.
 */
export function knownAgents(directory?: string): KnownAgents {
  const memory = new Map<string, string>();
  const nameOf = (host: string, path: string): string =>
    createHash('sha256')
      .update(JSON.stringify([host, path]))
      .digest('hex')
      .slice(0, 32);
  return {
    async recall(host, path) {
      const name = nameOf(host, path);
      const known = memory.get(name);
      if (known !== undefined || directory === undefined) return known;
      const text = await readFile(join(directory, name), 'utf8').catch(() => '');
      return /^([0-9a-f]{64})\n$/.exec(text)?.[1];
    },
    async remember(host, path, sha256) {
      const name = nameOf(host, path);
      memory.set(name, sha256);
      if (directory === undefined) return;
      const temporary = join(directory, `${name}.${process.pid}`);
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await writeFile(temporary, `${sha256}\n`, { mode: 0o600 });
        await rename(temporary, join(directory, name));
      } catch {
        await rm(temporary, { force: true });
      }
    },
  };
}

/** What this process built. */
export const knownHere = knownAgents();
