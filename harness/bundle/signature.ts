import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { foundInstead } from '../errors.js';
import { noBundle } from './problem.js';

/** The namespace of signatures (ssh-keygen(1), -Y sign): one of a bundle is valid for nothing else. */
export const SIGNATURE_NAMESPACE = 'bench-bundle';

/** What a signature shows. */
export interface SignatureCheck {
  readonly ok: boolean;
  /** In words, with the principal where it is known. */
  readonly detail: string;
}

/** The signature of these bytes by a private key, or by the key of the agent whose public key the file is. */
export async function sign(bytes: Uint8Array, key: string): Promise<Buffer> {
  const { exitCode, stdout, stderr } = await keygen(['-Y', 'sign', '-q', '-n', SIGNATURE_NAMESPACE, '-f', key], bytes);
  if (exitCode === 0) return Buffer.from(stdout);
  throw noBundle(`cannot sign with ${key}`, { expected: 'a private key of SSH', found: lastLine(stderr) });
}

/**
 * Checks a signature. Without `allowedSigners` (ssh-keygen(1), ALLOWED SIGNERS) only that it is of these bytes: by whom is
 * then not known.
 */
export async function checkSignature(
  bytes: Uint8Array,
  signature: Uint8Array,
  allowedSigners: string | undefined,
): Promise<SignatureCheck> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-signature-'));
  try {
    const file = join(folder, 'signature');
    await writeFile(file, signature, { flag: 'wx', mode: 0o600 });
    const about = ['-n', SIGNATURE_NAMESPACE, '-s', file];
    const valid = await keygen(['-Y', 'check-novalidate', ...about], bytes);
    if (valid.exitCode !== 0) return { ok: false, detail: `is not of this manifest (${lastLine(valid.stderr)})` };
    const key = /with (\S+) key (SHA256:\S+)/.exec(valid.stdout.toString());
    const by = key === null ? 'a key' : `${key[1] ?? ''} key ${key[2] ?? ''}`;
    if (allowedSigners === undefined) {
      return { ok: true, detail: `valid, by ${by}; --allowed-signers checks whose key that is` };
    }
    return await checkSigner(bytes, { about, allowedSigners, by, file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkSigner(
  bytes: Uint8Array,
  { about, allowedSigners, by, file }: { about: readonly string[]; allowedSigners: string; by: string; file: string },
): Promise<SignatureCheck> {
  const found = await keygen(['-Y', 'find-principals', '-f', allowedSigners, '-s', file], bytes);
  const principals = found.stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  for (const principal of principals) {
    const args = ['-Y', 'verify', '-f', allowedSigners, '-I', principal, ...about];
    if ((await keygen(args, bytes)).exitCode === 0) return { ok: true, detail: `good, by ${principal} with ${by}` };
  }
  return { ok: false, detail: `by ${by}, which ${allowedSigners} does not allow to sign bundles` };
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

async function keygen(args: readonly string[], input: Uint8Array): Promise<Ended & { readonly stdout: Buffer }> {
  try {
    const { exitCode, stdout, stderr } = await execa('ssh-keygen', args, { input, reject: false, encoding: 'buffer' });
    if (exitCode === undefined) throw new Error('ssh-keygen cannot be started');
    return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString() };
  } catch (error) {
    throw noBundle('signatures need ssh-keygen', { expected: 'OpenSSH 8.1 or later', found: foundInstead(error) });
  }
}

const lastLine = (text: string): string => text.trim().split(/\r?\n/).at(-1) ?? '';
