import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { applyControls, type AppliedControls } from '../../../harness/host/controls/apply.js';
import type { ControlledHost } from '../../../harness/host/controls/control-files.js';
import { wantedControls } from '../../../harness/host/controls/wanted.js';

// On the kernel of this machine: a controller that its root does not pass on is enabled, as tools of containers do, and
// used by a group, as guests do.

const ROOT =
  ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((root) => existsSync(`${root}/cgroup.controllers`)) ?? '';
const FILE = `${ROOT}/cgroup.subtree_control`;
const words = (path: string): readonly string[] =>
  readFileSync(path, 'utf8')
    .split(/\s+/)
    .filter((word) => word !== '');
const spare =
  ROOT === '' || process.getuid?.() !== 0
    ? undefined
    : words(`${ROOT}/cgroup.controllers`).find((name) => !words(FILE).includes(name));

describe.skipIf(spare === undefined)('controllers that the root of version 2 passes on', () => {
  let host: ControlledHost;
  let guest: string;
  let before: readonly string[];
  const enable = (directory: string): Promise<void> =>
    writeFile(`${directory}/cgroup.subtree_control`, `+${spare ?? ''}`);
  const journal = (): boolean => existsSync(`${host.workDir}/controls/journal`);
  const apply = (run: string): Promise<AppliedControls> =>
    applyControls(host, wantedControls({ id: 'here', connect: { via: 'local' } }), {
      run,
      who: 'ada@desk',
      pinned: [],
      since: '2026-01-02T03:04:05Z',
    });
  /** A tool that starts a guest: the controller is enabled at the root, and in use below it. */
  const startGuest = async (): Promise<void> => {
    await enable(ROOT);
    await mkdir(guest);
    await enable(guest);
  };

  beforeEach(async () => {
    before = words(FILE);
    const workDir = await mkdtemp(join(tmpdir(), 'bench-passed-on-'));
    host = { id: 'here', executor: connectLocal(), workDir };
    guest = `${ROOT}/${workDir.replace(/^.*\//, '')}`;
  });
  afterEach(async () => {
    await rmdir(guest).catch(() => undefined);
    await writeFile(FILE, `-${spare ?? ''}`);
    await rm(host.workDir, { recursive: true, force: true });
  });

  it('are those of before when the run has ended', async () => {
    const applied = await apply('run-1');
    expect(await readFile(`${host.workDir}/controls/journal`, 'utf8')).toContain(FILE);
    await startGuest();
    await rmdir(guest);
    expect(words(FILE)).toContain(spare);
    expect(await applied.restore()).toEqual([]);
    expect(words(FILE)).toEqual(before);
    expect(journal()).toBe(false);
  });

  it('are restored by the next run after a kill, although guests of the killed one still use them at its start', async () => {
    await apply('run-1');
    await startGuest();
    const next = await apply('run-2');
    expect(next.findings[0]).toMatchObject({
      check: `restored cgroup-controllers: ${FILE}`,
      verdict: 'ok',
      hint: `groups still use ${spare ?? ''}`,
    });
    await rmdir(guest);
    expect(await next.restore()).toEqual([]);
    expect(words(FILE)).toEqual(before);
    expect(journal()).toBe(false);
  });

  it('stay while other programs use them, and no journal is left', async () => {
    const applied = await apply('run-1');
    await startGuest();
    expect(await applied.restore()).toEqual([]);
    expect(words(FILE)).toContain(spare);
    expect(journal()).toBe(false);
  });

  it('are left to the same run when it goes on', async () => {
    await apply('run-1');
    await startGuest();
    await rmdir(guest);
    const resumed = await apply('run-1');
    expect(words(FILE)).toContain(spare);
    expect(await resumed.restore()).toEqual([]);
    expect(words(FILE)).toEqual(before);
  });
});
