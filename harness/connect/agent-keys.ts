import ssh2, { type OpenSSHAgent, type ParsedKey } from 'ssh2';

type Keys = readonly ParsedKey[];

/** The public keys that an agent holds, each as base64 of its blob. Rejects when the agent does not answer. */
export async function keysOf(agent: OpenSSHAgent): Promise<readonly string[]> {
  return (await identitiesOf(agent)).map(blobOf);
}

/**
 * The same agent showing only some of its keys. ssh2 accepts nothing but an instance of its own class as an agent, so
 * this is a subclass.
 */
export function limitedTo(agent: OpenSSHAgent, blobs: readonly string[]): OpenSSHAgent {
  class Limited extends ssh2.OpenSSHAgent {
    override getIdentities(done: Parameters<OpenSSHAgent['getIdentities']>[0]): void {
      identitiesOf(agent).then(
        (keys) => done(null, inOrder(keys, blobs)),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    }
  }
  return new Limited((agent as unknown as { socketPath: string }).socketPath);
}

function inOrder(keys: Keys, blobs: readonly string[]): ParsedKey[] {
  return blobs.flatMap((blob) => keys.find((key) => blobOf(key) === blob) ?? []);
}

function identitiesOf(agent: OpenSSHAgent): Promise<Keys> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error instanceof Error) reject(error);
      else resolve((keys ?? []) as Keys);
    });
  });
}

function blobOf(key: ParsedKey): string {
  return key.getPublicSSH().toString('base64');
}
