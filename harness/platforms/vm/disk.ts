import { readFile } from 'node:fs/promises';
import { BenchError } from '../../errors.js';
import type { Executor, Stage } from '../../types.js';
import { FIRST_PORT, MAX_SLOTS, addressing } from './network.js';
import type { VmOptions } from './options.js';
import type { GuestPaths } from './paths.js';
import { seedImage, type Identity } from './seed.js';

export interface DiskSpec {
  /** `raw` is a copy of the image, `qcow2` an overlay over it. */
  readonly format: 'raw' | 'qcow2';
  /** Size; absent: the image's. */
  readonly bytes?: number;
}

/**
 * Makes what is missing of a guest on its host: directory with marker, key pair, disk. Then writes its seed and the file
 * of known hosts. What a guest was made with (its keys, its address) stays until it is removed.
 */
export async function makeGuest(
  host: Executor,
  paths: GuestPaths,
  options: VmOptions,
  disk: DiskSpec,
  vendor: string,
): Promise<Identity> {
  const first = options.network === undefined ? FIRST_PORT : 0;
  const numbers = [disk.bytes ?? 0, first, MAX_SLOTS].map(String);
  const printed = await runDisk(
    host,
    ['make', paths.root, paths.name, options.image, disk.format, ...numbers],
    'start',
    MAKE_TIMEOUT_MS,
  );
  const made = readMade(printed);
  const identity: Identity = {
    name: paths.name,
    uuid: paths.uuid,
    mac: `${vendor}:${paths.macTail}`,
    addressing: addressing(options.network, made.slot),
    authorizedKey: made.authorizedKey,
    hostKey: made.hostKey,
  };
  await host.put({ path: paths.seed, content: seedImage(identity), mode: 0o600 });
  await host.put({ path: paths.knownHosts, content: `${paths.name} ${made.hostKey.public.trim()}\n` });
  return identity;
}

/** An image may have many gigabytes to copy. */
const MAKE_TIMEOUT_MS = 30 * 60_000;

/** How the host reaches a guest that was made before; `undefined` when there is none. */
export async function slotOf(host: Executor, paths: GuestPaths): Promise<number | undefined> {
  const { exit, stdout } = await host.exec({ argv: ['cat', '--', paths.marker, `${paths.dir}/slot`] });
  const slot = Number(/^bench-guest\/1\n(\d{1,4})\n$/.exec(stdout)?.[1]);
  return exit.kind === 'code' && exit.code === 0 && slot >= 1 ? slot : undefined;
}

/** Removes a guest that does not run. */
export async function removeGuest(host: Executor, { root, name }: GuestPaths): Promise<void> {
  await runDisk(host, ['remove', root, name], 'stop');
}

/** The names of the guests that were made below a root, running or not. */
export async function madeGuests(host: Executor, root: string): Promise<readonly string[]> {
  return (await runDisk(host, ['list', root], 'stop')).split('\n').filter((name) => name !== '');
}

async function runDisk(host: Executor, args: readonly string[], stage: Stage, timeoutMs = 60_000): Promise<string> {
  const script = await readFile(new URL('./disk.sh', import.meta.url), 'utf8');
  const { exit, stdout, stderr } = await host.exec({ argv: ['sh', '-c', script, 'sh', ...args], timeoutMs });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  throw new BenchError({
    stage,
    message: `cannot ${stage === 'start' ? 'make' : 'remove'} the files of a guest on ${host.where}: ${stderr.trim()}`,
  });
}

/** Reads what `disk.sh make` prints; throws a `RangeError` for anything else. */
export function readMade(text: string): {
  readonly slot: number;
  readonly authorizedKey: string;
  readonly hostKey: Identity['hostKey'];
} {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([a-z-]+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (match?.[1] !== undefined) fields.set(match[1], Buffer.from(match[2] ?? '', 'base64').toString('utf8'));
  }
  const slot = Number(fields.get('slot'));
  const [authorizedKey, open, secret] = ['authorized', 'host-public', 'host-private'].map((name) => fields.get(name));
  if (!(slot >= 1 && slot <= MAX_SLOTS) || authorizedKey === undefined || open === undefined || secret === undefined) {
    throw new RangeError('the script that makes guests printed something else');
  }
  return { slot, authorizedKey, hostKey: { public: open, private: secret } };
}
