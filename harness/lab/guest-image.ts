import { access, copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../errors.js';
import { command } from './command.js';
import { exclusively } from './exclusive.js';
import { IMAGE_PACKAGES } from './packages.js';
import { labPaths } from './paths.js';
import { requirePlain } from './plain-path.js';
import { needRoot } from './root.js';
import { ensureRootfs, exists } from './rootfs.js';

export interface GuestImageOptions {
  /** The disk; its kernel and initial RAM disk are beside it, FILE.vmlinuz and FILE.initrd. None of them exists. */
  readonly file: string;
  /** A public key that may log in as root, besides those of the harness. Default: the user's own, if there is one. */
  readonly key?: string;
  /** As for the lab. */
  readonly cache?: string;
  readonly report: (line: string) => void;
}

/** The members of `options` of targets on a hypervisor. */
export interface GuestImage {
  readonly image: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly commandLine: string;
}

/** The label that build-image.sh gives the file system: it is found whatever the hypervisor calls the disk. */
const COMMAND_LINE = 'root=LABEL=bench-root rw';

/**
 * Makes a raw disk with a Debian that virtual machines start from, with its kernel; it gets name, keys and address from
 * the disk labelled CIDATA. Needs root and Debian on x86. Throws a `BenchError` when one of the files exists.
 */
export async function makeGuestImage({ file, key, cache, report }: GuestImageOptions): Promise<GuestImage> {
  needRoot('rootfs', '`bench rootfs` makes files of all owners');
  const image = requirePlain(resolve(file));
  const made = { image, kernel: `${image}.vmlinuz`, initrd: `${image}.initrd`, commandLine: COMMAND_LINE };
  for (const path of [made.image, made.kernel, made.initrd]) await requireAbsent(path);
  const keyFile = key ?? (await ownKey());
  const rootfs = await ensureRootfs(labPaths(cache === undefined ? {} : { cache }), report, IMAGE_PACKAGES);
  await mkdir(dirname(image), { recursive: true });
  await exclusively(`${image}.lock`, report, async () => {
    const making = `${image}.making`;
    // Of a process that was killed.
    await command(['rm', '-rf', '--one-file-system', making]);
    report(`making the disk ${image}`);
    try {
      await mkdir(making);
      await command(['cp', '-a', '--reflink=auto', rootfs.path, join(making, 'root')]);
      const keys = join(making, 'keys');
      await (keyFile === undefined ? writeFile(keys, '') : copyFile(keyFile, keys));
      const script = fileURLToPath(new URL('./image/build-image.sh', import.meta.url));
      await command(['sh', script, join(making, 'root'), join(making, 'out'), keys]);
      await rename(join(making, 'out/vmlinuz'), made.kernel);
      await rename(join(making, 'out/initrd'), made.initrd);
      // Last: the disk is there when everything is.
      await rename(join(making, 'out/disk.raw'), made.image);
    } finally {
      await command(['rm', '-rf', '--one-file-system', making]);
    }
  });
  return made;
}

async function requireAbsent(path: string): Promise<void> {
  if (!(await exists(path))) return;
  const hint = 'name another file, or remove this one when no guest uses it; nothing was changed';
  throw new BenchError({ stage: 'prepare', message: `${path} exists`, expected: 'a file that does not exist', hint });
}

/** As ssh(1) looks for them. */
async function ownKey(): Promise<string | undefined> {
  for (const kind of ['ed25519', 'ecdsa', 'rsa']) {
    const path = join(homedir(), '.ssh', `id_${kind}.pub`);
    const readable = await access(path).then(
      () => true,
      () => false,
    );
    if (readable) return path;
  }
  return undefined;
}
