import { createHash } from 'node:crypto';
import { open, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianArchive, type Archive } from '../archive.js';
import { bootstrap } from '../bootstrap.js';
import { command } from '../command.js';
import { exclusively } from '../exclusive.js';
import { SSHD_CONFIG } from '../logins.js';
import type { LabPaths } from '../paths.js';
import { exists, newBuildDirectory } from '../rootfs.js';
import { bootTrack, PARTITION_SECTOR } from './boot-sector.js';
import { grubMenu } from './menu.js';
import { GUEST_PACKAGES, MACHINE_PACKAGES } from './packages.js';

/** Version of the way an image is made, for changes that its other inputs do not show. */
const FORMAT = 1;
/** Of the one partition; most of it is a hole. */
const PARTITION_MIB = 6143;
const SECTORS_PER_MIB = 2048;
const HERE = new URL('./', import.meta.url);

/** A disk that an emulated machine boots from; it is not changed once it exists. */
export interface MachineImage {
  readonly hash: string;
  readonly path: string;
}

/**
 * The disk of emulated machines: taken from the cache, or built from the machine's own Debian sources, which takes three
 * minutes. It appears in the cache whole or not at all.
 */
export async function ensureImage(paths: LabPaths, report: (line: string) => void): Promise<MachineImage> {
  const archive = await debianArchive(report);
  const hash = await imageHash(archive.suite);
  const path = imagePath(paths, hash);
  if (!(await exists(path))) {
    await exclusively(join(paths.cache, 'machines', `${hash}.lock`), report, async () => {
      if (!(await exists(path))) await build(paths, { hash, path }, archive, report);
    });
  }
  return { hash, path };
}

/** Where the disk of this hash is in the cache. */
export function imagePath(paths: LabPaths, hash: string): string {
  return join(paths.cache, 'machines', `${hash}.raw`);
}

/** Names the content: packages, the menu, and every script that is put into it or builds it. */
async function imageHash(suite: string): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([FORMAT, suite, PARTITION_MIB, MACHINE_PACKAGES, GUEST_PACKAGES, grubMenu(), SSHD_CONFIG]),
  );
  const scripts = (await readdir(HERE)).filter((name) => /\.(sh|service)$/.test(name) || name === 'inittab').sort();
  for (const name of scripts) hash.update(`\0${name}\0`).update(await readFile(new URL(name, HERE)));
  return hash.digest('hex').slice(0, 16);
}

async function build(
  paths: LabPaths,
  image: MachineImage,
  archive: Archive,
  report: (line: string) => void,
): Promise<void> {
  const building = await newBuildDirectory(paths, 'machines', image.hash);
  report(
    `building the disk of emulated machines once (Debian ${archive.suite} with Xen, KVM and containers, three minutes)`,
  );
  try {
    // No initial RAM disk of Debian's: the lab makes one that is up in a second.
    const env = { INITRD: 'No' };
    const quiet = (): void => undefined;
    await Promise.all([
      bootstrap(join(building, 'machine'), MACHINE_PACKAGES, archive, { report, env }),
      bootstrap(join(building, 'guest'), GUEST_PACKAGES, archive, { report: quiet, env }),
    ]);
    await writeFile(join(building, 'grub.cfg'), grubMenu());
    await writeFile(join(building, 'sshd_config'), SSHD_CONFIG);
    report('putting the disk together');
    await command([
      'sh',
      fileURLToPath(new URL('build-disk.sh', HERE)),
      building,
      `${PARTITION_MIB}M`,
      `${PARTITION_SECTOR * 512}`,
    ]);
    await makeBootable(building);
    await rename(join(building, 'disk.raw'), image.path);
  } finally {
    await command(['rm', '-rf', '--one-file-system', building]);
  }
}

async function makeBootable(building: string): Promise<void> {
  const [boot, core] = await Promise.all(['boot.img', 'core.img'].map((name) => readFile(join(building, name))));
  if (boot === undefined || core === undefined) throw new RangeError('GRUB has no images');
  const disk = await open(join(building, 'disk.raw'), 'r+');
  try {
    const track = bootTrack(boot, core, PARTITION_MIB * SECTORS_PER_MIB);
    await disk.write(track, 0, track.length, 0);
  } finally {
    await disk.close();
  }
}
