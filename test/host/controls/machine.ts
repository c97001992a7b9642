import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connectLocal } from '../../../harness/connect/local.js';
import { readTree, type Tree } from '../../../harness/host/controls/tree.js';
import type { ControlledHost } from '../../../harness/host/controls/control-files.js';
import type { Executor } from '../../../harness/types.js';

const BOOT = '/proc/sys/kernel/random/boot_id';

/** In memory where there is such a place: the scripts write back what they write, again and again. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The files of a recorded machine. */
export function recorded(name: string): Tree {
  return readTree(readFileSync(new URL(`../fixtures/controls/${name}.txt`, import.meta.url), 'utf8'));
}

/** A folder with files as a machine has them, which the real scripts look at and change. */
export interface Machine {
  readonly root: string;
  readonly workDir: string;
  readonly host: ControlledHost;
  /** All files but the boot id, as they read now. */
  files(): Promise<Record<string, string>>;
  set(path: string, content: string): Promise<void>;
  /** Volatile settings are what booting makes them: the files as given, and another boot id. */
  reboot(files: Tree | ReadonlyMap<string, string>): Promise<void>;
  remove(): Promise<void>;
}

export async function makeMachine(
  files: ReadonlyMap<string, string>,
  executor: Executor = connectLocal(),
): Promise<Machine> {
  const folder = await mkdtemp(join(PLACE, 'bench-controls-'));
  const [root, workDir] = [join(folder, 'root'), join(folder, 'work')];
  let boots = 0;
  const set = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${content}\n`);
  };
  const boot = async (start: ReadonlyMap<string, string>): Promise<void> => {
    boots += 1;
    await rm(root, { recursive: true, force: true });
    await set(BOOT, `b00${boots}`);
    for (const [path, content] of start) await set(path, content);
  };
  await mkdir(workDir);
  await boot(files);
  return {
    root,
    workDir,
    host: { id: 'alpha', executor, workDir },
    files: async () => {
      const found: Record<string, string> = {};
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const name = path.slice(root.length);
        if (entry.isFile() && name !== BOOT) found[name] = (await readFile(path, 'utf8')).replace(/\n$/, '');
      }
      return found;
    },
    set,
    reboot: boot,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The journal of a machine; undefined: it has none. */
export async function journalOf({ workDir }: Machine): Promise<string | undefined> {
  return readFile(join(workDir, 'controls', 'journal'), 'utf8').catch(() => undefined);
}
